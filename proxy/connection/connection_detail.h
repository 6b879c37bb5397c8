#pragma once
// Shared by the files of Connection: its errors, and the comparison of two lists of event types.
#include "proxy/store/store.h"
#include "shared/result.h"

namespace slotwire::connection {

// Another program changed the connection between our read and our write: not_connected, with a retry after a second.
[[nodiscard]] Error changed_under_way();

[[nodiscard]] Error not_connected();

// Rewords an error meant for visitors for the admin who sent the token.
[[nodiscard]] Error for_admin(Error error);

[[nodiscard]] bool is_same_list(const store::ConnectionRecord& a, const store::ConnectionRecord& b);

}  // namespace slotwire::connection
