#pragma once
// Finds the file behind a database address, for checks before it is opened.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::store {

// The absolute path, whether the file exists or not. nullopt: the database is not a file.
[[nodiscard]] std::optional<std::string> file_of(std::string_view url);

}  // namespace slotwire::store
