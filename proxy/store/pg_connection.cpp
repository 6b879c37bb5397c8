#include "proxy/store/pg_connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <libpq-fe.h>
#include <poll.h>

namespace slotwire::store {
namespace {

constexpr char kNoAnswer[] = "The database does not answer; try again.";

PgFailure unreachable(const char* why) {
  return {PgFailure::Kind::unreachable, {ErrorCode::storage_failed, why, {}, std::chrono::seconds(2)}};
}

// Does not pass on libpq's own messages: they may contain addresses, statements, or the password of a URL it cannot parse.
PgFailure failure_from(const char* sqlstate) {
  const std::string_view state = sqlstate ? sqlstate : "";
  const auto failed = [](PgFailure::Kind kind, const char* what) { return PgFailure{kind, {ErrorCode::storage_failed, what}}; };
  if (state == "53100") return failed(PgFailure::Kind::statement, "The database's disk is full; nothing was changed.");
  if (state == "25006") return failed(PgFailure::Kind::not_writable, "The database may not be written; nothing was changed.");
  if (state == "42501")
    return failed(PgFailure::Kind::statement, "The database's user may not do this; it must own the schema slotwire.");
  // Blocked by another transaction, or by too much load: the connection still works.
  if (state == "57014" || state == "55P03" || state.starts_with("40")) {
    return {PgFailure::Kind::statement,
            {ErrorCode::storage_failed, "The database is too busy; try again.", {}, std::chrono::seconds(2)}};
  }
  if (state.starts_with("57P") || state.starts_with("08")) return unreachable("The database is not there; try again.");
  if (state.starts_with("53")) return unreachable("The database is too busy; try again.");
  return failed(PgFailure::Kind::statement, "The database failed; nothing was changed.");
}

PgFailure refusal_from(const char* message) {
  const std::string_view text = message ? message : "";
  const auto says = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  const auto refused = [](const char* what) { return PgFailure{PgFailure::Kind::refused, {ErrorCode::storage_failed, what}}; };
  if (says("authentication failed") || says("no password supplied")) return refused("The database refuses user or password.");
  if (says("pg_hba.conf")) return refused("The database lets nobody in from here (pg_hba.conf).");
  if (says("does not exist")) return refused("The database, or its user, does not exist.");
  if (says("SSL") || says("certificate")) return refused("The database's TLS is not what the address asks for.");
  return unreachable("The database cannot be reached; try again.");
}

}  // namespace

PgValue pg_bytes(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\\x";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

PgValue pg_texts(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const std::string& text : texts) {
    out += out.size() == 1 ? "\"" : ",\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

void PgRows::clear(pg_result* result) { PQclear(result); }
int PgRows::count() const { return PQntuples(result_.get()); }

int PgRows::changed() const {
  const char* digits = PQcmdTuples(result_.get());
  int number = 0;
  (void)std::from_chars(digits, digits + std::strlen(digits), number);
  return number;
}

bool PgRows::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

std::string PgRows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t PgRows::number(int row, int column) const {
  const char* digits = PQgetvalue(result_.get(), row, column);
  std::int64_t number = 0;
  (void)std::from_chars(digits, digits + PQgetlength(result_.get(), row, column), number);
  return number;
}

std::string PgRows::bytes(int row, int column) const {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> bytes(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column)), &size), PQfreemem);
  return bytes ? std::string(reinterpret_cast<const char*>(bytes.get()), size) : std::string();
}

Result<Done> check_postgres_url(std::string_view url) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(std::string(url).c_str(), &message);
  PQfreemem(message);
  bool is_readable = options != nullptr;
  // libpq accepts any text as a port until it connects; usually it is part of a password that should have been escaped.
  for (const PQconninfoOption* option = options; option && option->keyword; ++option) {
    if (std::string_view(option->keyword) != "port" || !option->val) continue;
    is_readable = std::string_view(option->val).find_first_not_of("0123456789,") == std::string_view::npos;
  }
  PQconninfoFree(options);
  if (is_readable) return Done{};
  return bad_input("CALENDLY_DATABASE_URL",
                   "cannot be read; write postgresql://user:password@host:5432/database, special characters as %XX");
}

std::string postgres_place(std::string_view url) {
  PQconninfoOption* options = PQconninfoParse(std::string(url).c_str(), nullptr);
  std::string host;
  std::string database;
  for (const PQconninfoOption* option = options; option && option->keyword; ++option) {
    if (!option->val) continue;
    if (std::string_view(option->keyword) == "host") host = option->val;
    if (std::string_view(option->keyword) == "dbname") database = option->val;
  }
  PQconninfoFree(options);
  return "PostgreSQL" + (host.empty() ? "" : " at " + host) + (database.empty() ? "" : ", database " + database);
}

std::unique_ptr<PgConnection> PgConnection::open(const secrets::SecretString& url, Deadline deadline) {
  std::string address(url.reveal());
  // Parameters of the address come last and so take precedence. tcp_user_timeout detects a lost server in seconds instead of
  // hours.
  const std::array keywords = {"client_encoding", "fallback_application_name", "tcp_user_timeout", "dbname",
                               static_cast<const char*>(nullptr)};
  const std::array values = {"UTF8", "slotwire", "5000", address.c_str(), static_cast<const char*>(nullptr)};
  constexpr int kExpandDbname = 1;
  std::unique_ptr<PgConnection> connection(new PgConnection(PQconnectStartParams(keywords.data(), values.data(), kExpandDbname)));
  secrets::wipe(address);
  connection->keep_to(deadline);
  connection->connect();
  // Shorter than our own deadline, so that waiting for a lock ends with an error and no statement is left running there.
  (void)connection->run(
      "SELECT set_config('lock_timeout','1000',false), set_config('statement_timeout','1800',false), "
      "set_config('idle_in_transaction_session_timeout','4000',false)");
  return connection;
}

PgConnection::~PgConnection() { PQfinish(connection_); }

void PgConnection::connect() {
  if (!connection_) give_up("There is no memory for a connection.");
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED || PQstatus(connection_) == CONNECTION_BAD) {
      is_broken_ = true;
      throw refusal_from(PQerrorMessage(connection_));
    }
    wait_for_socket(next == PGRES_POLLING_READING ? POLLIN : POLLOUT);
    next = PQconnectPoll(connection_);
  }
  if (PQsetnonblocking(connection_, 1) != 0) give_up(kNoAnswer);
}

void PgConnection::give_up(const char* why) {
  is_broken_ = true;
  throw unreachable(why);
}

void PgConnection::wait_for_socket(short events) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  pollfd waiting{PQsocket(connection_), events, 0};
  if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) give_up(kNoAnswer);
}

void PgConnection::flush() {
  int unsent = PQflush(connection_);
  while (unsent == 1) {
    wait_for_socket(POLLIN | POLLOUT);
    // Each side may be waiting for the other to read.
    if (PQconsumeInput(connection_) == 0) give_up("The connection to the database broke; try again.");
    unsent = PQflush(connection_);
  }
  if (unsent < 0) give_up("The connection to the database broke; try again.");
}

PgRows PgConnection::run(const std::string& statement, const std::vector<PgValue>& values) {
  std::vector<const char*> texts;
  for (const PgValue& value : values) texts.push_back(value ? value->c_str() : nullptr);
  if (PQsendQueryParams(connection_, statement.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(), nullptr, nullptr,
                        0) == 0) {
    give_up("The connection to the database broke; try again.");
  }
  flush();
  return result();
}

void PgConnection::run_script(const char* script) {
  if (PQsendQuery(connection_, script) == 0) give_up("The connection to the database broke; try again.");
  flush();
  (void)result();
}

// The last of the results, if all were successful.
PgRows PgConnection::result() {
  std::optional<PgRows> rows;
  std::optional<PgFailure> failure;
  while (true) {
    while (PQisBusy(connection_) != 0) {
      wait_for_socket(POLLIN);
      if (PQconsumeInput(connection_) == 0) give_up("The connection to the database broke; try again.");
    }
    pg_result* next = PQgetResult(connection_);
    if (!next) break;
    PgRows read(next);
    const ExecStatusType status = PQresultStatus(next);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !failure) {
      failure = failure_from(PQresultErrorField(next, PG_DIAG_SQLSTATE));
    }
    rows.emplace(std::move(read));
  }
  if (PQstatus(connection_) == CONNECTION_BAD) give_up("The connection to the database broke; try again.");
  if (failure) throw *failure;
  if (!rows) give_up(kNoAnswer);
  return std::move(*rows);
}

bool PgConnection::is_in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

}  // namespace slotwire::store
