#pragma once
// Who did what, written down. For a worker: the audit log is on a disk or in a database.
#include <string>
#include <string_view>

#include "proxy/log/log.h"
#include "proxy/secrets/jwt.h"
#include "proxy/store/store.h"

namespace slotwire::routes {

// A call whose token was judged.
struct SignedCall {
  secrets::Claims claims;
  std::string client;
  std::string request_id;
};

// What cannot be written is told the log instead: nothing is undone for its sake.
void audit(store::Store& store, log::Log& log, Instant now, const SignedCall& call, const std::string& action,
           std::string_view outcome);

}  // namespace slotwire::routes
