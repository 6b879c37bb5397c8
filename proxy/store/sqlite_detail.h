#pragma once
// Shared by the files of SqliteStore: errors, values as columns, the change log, the lock.
#include <SQLiteCpp/SQLiteCpp.h>

#include "proxy/store/sqlite_store.h"

namespace slotwire::store {

// Words the error so that an operator can act on it.
[[nodiscard]] Error error_from_sqlite(int code);

[[nodiscard]] inline std::int64_t us_from(Instant instant) { return instant.time_since_epoch().count(); }
[[nodiscard]] inline std::int64_t number_from(Day day) { return day.time_since_epoch().count(); }

// The current row of a statement, for stored_rows.h.
class SqliteRow {
 public:
  explicit SqliteRow(SQLite::Statement& statement) : statement_(statement) {}
  [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
  [[nodiscard]] std::string bytes(int column) const { return text(column); }
  [[nodiscard]] std::int64_t number(int column) const { return statement_.getColumn(column).getInt64(); }
  [[nodiscard]] bool is_true(int column) const { return number(column) != 0; }
  [[nodiscard]] bool is_null(int column) const { return statement_.getColumn(column).isNull(); }
  [[nodiscard]] Instant instant(int column) const { return Instant(std::chrono::microseconds(number(column))); }
  [[nodiscard]] std::optional<Instant> optional_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
  }
  [[nodiscard]] Day day(int column) const { return Day(std::chrono::days(static_cast<int>(number(column)))); }

 private:
  SQLite::Statement& statement_;
};

inline constexpr char kLastChange[] = "SELECT COALESCE(MAX(seq),0) FROM sqlite_sequence WHERE name='change'";
// Call it inside the transaction that makes the change. Returns the change's id.
std::int64_t log_change(SQLite::Database& database, Change::Kind kind, DayRange days = {});

template <class Work>
auto SqliteStore::guarded_by(std::mutex& mutex, Work work) -> decltype(work()) {
  const std::lock_guard lock(mutex);
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return error_from_sqlite(exception.getErrorCode());
  }
}

}  // namespace slotwire::store
