#pragma once
// Checks who owns the database. Root may write anywhere, but files that root creates beside another user's database would lock
// that user's slotwire out.
#include <string_view>

#include "shared/result.h"

namespace slotwire::app {

// Errors: storage_failed, with the command to use instead, when this is root and the database's file, or the folder for it,
// belongs to another user.
[[nodiscard]] Result<Done> check_database_owner(std::string_view database_url);

}  // namespace slotwire::app
