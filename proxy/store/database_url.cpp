#include "proxy/store/database_url.h"

#include "proxy/store/pg_connection.h"
#include "proxy/store/store.h"

namespace slotwire::store {

bool is_postgres_url(std::string_view url) { return url.starts_with("postgresql://") || url.starts_with("postgres://"); }

std::optional<std::string> sqlite_path_in(std::string_view url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!url.starts_with(kSqlite) || url.size() == kSqlite.size()) return std::nullopt;
  url.remove_prefix(kSqlite.size());
  if (url.starts_with("//")) url.remove_prefix(2);
  return std::string(url);
}

Result<Done> check_database_url(std::string_view url) {
  if (is_postgres_url(url)) return check_postgres_url(url);
  if (sqlite_path_in(url)) return Done{};
  return bad_input("CALENDLY_DATABASE_URL", "must be sqlite:PATH or postgresql://user:password@host:5432/database");
}

}  // namespace slotwire::store
