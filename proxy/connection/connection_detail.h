#pragma once
// What the files of Connection share: its refusals, and when two lists of event types are the same.
#include "proxy/store/store.h"
#include "shared/result.h"

namespace slotwire::connection {

// Somebody else changed the connection between our reading and writing it: not_connected, worth another try after a second.
[[nodiscard]] Error changed_under_way();

[[nodiscard]] Error not_connected();

// What Calendly refused a visitor, in the words of the admin who sent the token.
[[nodiscard]] Error for_admin(Error error);

[[nodiscard]] bool is_same_list(const store::ConnectionRecord& a, const store::ConnectionRecord& b);

}  // namespace slotwire::connection
