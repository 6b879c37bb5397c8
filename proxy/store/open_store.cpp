#include "proxy/store/postgres_store.h"
#include "proxy/store/sqlite_store.h"

namespace slotwire::proxy {

Result<std::unique_ptr<Store>> open_store(std::string_view url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    Result<std::unique_ptr<PostgresStore>> store = PostgresStore::open(url);
    if (!store) return store.error();
    return std::unique_ptr<Store>(std::move(*store));
  }
  if (!url.starts_with(kSqlite)) return bad_input("CALENDLY_DATABASE_URL", "must start with sqlite: or postgresql://");
  url.remove_prefix(kSqlite.size());
  if (url.starts_with("//")) url.remove_prefix(2);
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(std::string(url));
  if (!store) return store.error();
  return std::unique_ptr<Store>(std::move(*store));
}

}  // namespace slotwire::proxy
