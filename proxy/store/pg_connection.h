#pragma once
// One connection to PostgreSQL with a deadline for every step, which libpq's own calls do not have. Only pg_connection.cpp uses
// libpq. Throws PgFailure, which never leaves store/.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

struct pg_conn;
struct pg_result;

namespace slotwire::store {

using Deadline = std::chrono::steady_clock::time_point;

struct PgFailure {
  enum class Kind {
    unreachable,   // no connection, a broken one, or no answer in time: the connection cannot be used any more
    refused,       // the server refused the connection: wrong password, no such database
    not_writable,  // a read-only server: after a failover another one may be writable
    statement,     // one statement was refused; the connection still works
  };
  Kind kind = Kind::statement;
  Error error;
};

// A parameter as PostgreSQL's text; nullopt is NULL.
using PgValue = std::optional<std::string>;
[[nodiscard]] inline PgValue pg_value(std::int64_t number) { return std::to_string(number); }
[[nodiscard]] inline PgValue pg_value(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }
[[nodiscard]] inline PgValue pg_value(Day day) { return std::to_string(day.time_since_epoch().count()); }
[[nodiscard]] PgValue pg_bytes(std::string_view bytes);
[[nodiscard]] PgValue pg_texts(const std::vector<std::string>& texts);  // for unnest($n::text[])

class PgRow;

// The result of a statement.
class PgRows {
 public:
  explicit PgRows(pg_result* result) : result_(result, clear) {}
  [[nodiscard]] int count() const;
  [[nodiscard]] int changed() const;  // rows written
  [[nodiscard]] bool is_null(int row, int column) const;
  [[nodiscard]] std::string text(int row, int column) const;
  [[nodiscard]] std::int64_t number(int row, int column) const;
  [[nodiscard]] std::string bytes(int row, int column) const;
  [[nodiscard]] PgRow at(int row) const;  // borrows these rows

 private:
  static void clear(pg_result* result);
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

// One row of them, for stored_rows.h.
class PgRow {
 public:
  PgRow(const PgRows& rows, int row) : rows_(rows), row_(row) {}
  [[nodiscard]] std::string text(int column) const { return rows_.text(row_, column); }
  [[nodiscard]] std::string bytes(int column) const { return rows_.bytes(row_, column); }
  [[nodiscard]] std::int64_t number(int column) const { return rows_.number(row_, column); }
  [[nodiscard]] bool is_true(int column) const { return text(column) == "t"; }
  [[nodiscard]] bool is_null(int column) const { return rows_.is_null(row_, column); }
  [[nodiscard]] Instant instant(int column) const { return Instant(std::chrono::microseconds(number(column))); }
  [[nodiscard]] std::optional<Instant> optional_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
  }
  [[nodiscard]] Day day(int column) const { return Day(std::chrono::days(static_cast<int>(number(column)))); }

 private:
  const PgRows& rows_;
  int row_;
};
inline PgRow PgRows::at(int row) const { return {*this, row}; }

// Not thread-safe.
class PgConnection {
 public:
  // The deadline covers everything but the look-up of the host's name.
  [[nodiscard]] static std::unique_ptr<PgConnection> open(const secrets::SecretString& url, Deadline deadline);
  ~PgConnection();
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  // Applies to all calls that follow.
  void keep_to(Deadline deadline) { deadline_ = deadline; }
  static constexpr std::chrono::milliseconds kMostTime{2'000};
  PgRows run(const std::string& statement, const std::vector<PgValue>& values = {});
  // Several statements without values, for migrations.
  void run_script(const char* script);
  [[nodiscard]] bool is_broken() const { return is_broken_; }
  // True when a transaction is open, in any state.
  [[nodiscard]] bool is_in_transaction() const;

 private:
  explicit PgConnection(pg_conn* connection) : connection_(connection) {}
  void connect();
  void wait_for_socket(short events);
  void flush();
  [[nodiscard]] PgRows result();
  [[noreturn]] void give_up(const char* why);

  pg_conn* connection_;
  Deadline deadline_{};
  bool is_broken_ = false;
};

// Checks that libpq can parse the address. Errors: bad_input naming CALENDLY_DATABASE_URL, without repeating the text.
[[nodiscard]] Result<Done> check_postgres_url(std::string_view url);
// "PostgreSQL at db.example, database slotwire": never user or password. For an address that check_postgres_url accepts.
[[nodiscard]] std::string postgres_place(std::string_view url);

}  // namespace slotwire::store
