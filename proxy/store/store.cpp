#include "proxy/store/store.h"

#include <filesystem>
#include <limits>
#include <system_error>

#include "proxy/store/database_file.h"
#include "proxy/store/database_url.h"
#include "proxy/store/pg_connection.h"
#include "proxy/store/postgres_store.h"
#include "proxy/store/sqlite_store.h"

namespace slotwire::store {
namespace {

// Only at the start, for who runs the program: later errors reach clients, whom the database's place does not concern.
Error with_place(Error error, const std::string& place) {
  error.detail += " CALENDLY_DATABASE_URL names it: " + place + '.';
  return error;
}

}  // namespace

Result<Done> Store::save_connection(const ConnectionRecord& record) {
  const Result<bool> saved = save_connection_unless_changed(record, std::numeric_limits<std::int64_t>::max());
  if (!saved) return saved.error();
  return Done{};
}

std::optional<std::string> file_to_be_made(std::string_view url) {
  std::optional<std::string> file = file_of(url);
  std::error_code unreadable;  // treated as existing: opening it reports the problem
  if (!file || std::filesystem::exists(*file, unreadable) || unreadable) return std::nullopt;
  return file;
}

Result<std::unique_ptr<Store>> open_store(std::string_view url) {
  if (auto checked = check_database_url(url); !checked) return checked.error();
  if (is_postgres_url(url)) {
    Result<std::unique_ptr<PostgresStore>> store = PostgresStore::open(url);
    if (!store) return with_place(store.error(), postgres_place(url));
    return std::unique_ptr<Store>(std::move(*store));
  }
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(*sqlite_path_in(url));
  if (!store) {
    if (const auto obstacle = obstacle_to(url)) return Error{ErrorCode::storage_failed, *obstacle};
    return with_place(store.error(), file_of(url).value_or(*sqlite_path_in(url)));
  }
  return std::unique_ptr<Store>(std::move(*store));
}

}  // namespace slotwire::store
