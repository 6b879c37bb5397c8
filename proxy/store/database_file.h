#pragma once
// Which file a database is, for those who look at it before it is opened.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::store {

// The absolute path, whether it is there or not. nullopt: the database is no file.
[[nodiscard]] std::optional<std::string> file_of(std::string_view url);

}  // namespace slotwire::store
