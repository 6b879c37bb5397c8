#pragma once
// Finds the file behind a database address, for checks before it is opened.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::store {

// The absolute path, whether the file exists or not. nullopt: the database is not a file.
[[nodiscard]] std::optional<std::string> file_of(std::string_view url);

// Why this user could not open or create the database's file, as a sentence with its path and what to do. nullopt: nothing seen
// from outside is in the way, or the database is not a file. Creates and opens nothing.
[[nodiscard]] std::optional<std::string> obstacle_to(std::string_view url);

}  // namespace slotwire::store
