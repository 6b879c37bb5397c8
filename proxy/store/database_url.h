#pragma once
// The kind of database that an address names. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::store {

[[nodiscard]] bool is_postgres_url(std::string_view url);
// The path in "sqlite:slotwire.db" or "sqlite:///var/lib/slotwire.db". nullopt: not an SQLite address.
[[nodiscard]] std::optional<std::string> sqlite_path_in(std::string_view url);

}  // namespace slotwire::store
