#pragma once
// Whose the database is. Root may write anywhere, and what it makes beside the database of another user, that user's slotwire can
// no longer open.
#include <string_view>

#include "shared/result.h"

namespace slotwire::app {

// Errors: storage_failed with the command to type instead, when this is root and the database's file, or the folder that it is to
// be made in, belongs to somebody else.
[[nodiscard]] Result<Done> check_database_owner(std::string_view database_url);

}  // namespace slotwire::app
