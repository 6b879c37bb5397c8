#pragma once
// Writes to the audit log. Call it on a worker: the log is on a disk or in a database.
#include <string>
#include <string_view>

#include "proxy/log/log.h"
#include "proxy/secrets/jwt.h"
#include "proxy/store/store.h"

namespace slotwire::routes {

// A call with a verified token.
struct SignedCall {
  secrets::Claims claims;
  std::string client;
  std::string request_id;
};

// If the entry cannot be written, that is logged; the action itself is not undone.
void audit(store::Store& store, log::Log& log, Instant now, const SignedCall& call, const std::string& action,
           std::string_view outcome);

}  // namespace slotwire::routes
