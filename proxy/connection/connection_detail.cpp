#include "proxy/connection/connection_detail.h"

#include <chrono>

namespace slotwire::connection {

Error changed_under_way() {
  return {ErrorCode::not_connected, "The connection was changed under way; try again.", {}, std::chrono::seconds(1)};
}

bool is_same_list(const store::ConnectionRecord& a, const store::ConnectionRecord& b) {
  return a.types == b.types && a.forms == b.forms && a.left_out == b.left_out;
}

Error not_connected() { return {ErrorCode::not_connected, "No Calendly account is connected."}; }

Error for_admin(Error error) {
  if (error.code == ErrorCode::token_rejected) return {ErrorCode::invalid_token, "Invalid Personal Access Token"};
  if (error.code == ErrorCode::insufficient_scope && error.details.empty()) {
    error.details.push_back({"accessToken", "needs the scopes users:read, event_types:read and availability:read"});
  }
  return error;
}

}  // namespace slotwire::connection
