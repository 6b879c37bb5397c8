#include "proxy/routes/audit.h"

namespace slotwire::routes {

void audit(store::Store& store, log::Log& log, Instant now, const SignedCall& call, const std::string& action,
           std::string_view outcome) {
  const secrets::Claims& by = call.claims;
  const auto kept = store.append_audit({now, by.subject, std::string(secrets::name_from_role(by.role)), action,
                                        std::string(outcome), call.client, call.request_id});
  if (kept) return;
  log.error("audit", call.request_id,
            action + " by " + by.subject + " (" + std::string(outcome) + ") could not be written: " + kept.error().detail);
}

}  // namespace slotwire::routes
