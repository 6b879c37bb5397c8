#pragma once
// What outlives the process, in one SQLite file: the connection (token sealed), its event types, old day cells, the audit
// log. Knows no plaintext secret. Thread-safe; calls block for the disk.
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "shared/answers.h"
#include "shared/calendar.h"
#include "shared/day_cells.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace SQLite {
class Database;
}

namespace slotwire::proxy {

struct ConnectionRecord {
  ConnectionMode mode = ConnectionMode::none;
  std::string sealed_token;  // of SealedBox; empty unless mode is pat
  std::string token_fingerprint;
  std::string user_uri;
  std::string user_name;
  std::string organization_uri;
  std::string scheduling_url;
  std::string connected_by;
  std::optional<Instant> connected_at;
  std::optional<Instant> last_synced_at;
  std::optional<Instant> last_validated_at;
  std::optional<std::chrono::days> longest_window;  // learned: what Calendly lets this account ask at once
  std::vector<std::string> granted_scopes;  // found out when the token was set; a scope in neither list is not known
  std::vector<std::string> missing_scopes;
  std::vector<EventType> types;
};

struct AuditEntry {
  Instant at;
  std::string subject;
  std::string role;
  std::string action;   // "token.set"
  std::string outcome;  // "ok" or an error code's name
  std::string client;
  std::string request_id;
};

enum class Wiped { every_byte, not_every_byte };

class Store {
 public:
  // Opens or makes the file (mode 0600) and brings it to this version's schema; ":memory:" is a store of its own.
  // Errors: storage_failed when it cannot be opened, is damaged, or was made by a newer slotwire.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& path);
  ~Store();

  // Every call's only error is storage_failed (full, read-only or damaged disk); a failed write leaves all as it was.
  [[nodiscard]] Result<std::optional<ConnectionRecord>> connection();
  [[nodiscard]] Result<Done> save_connection(const ConnectionRecord& record);
  // Only of the connection whose token has this fingerprint; nothing when there is another by now.
  [[nodiscard]] Result<Done> save_longest_window(const std::string& token_fingerprint, std::chrono::days longest);
  // Whether another program (the command line, another proxy) has written to the file since this was last asked. Cheap.
  [[nodiscard]] Result<bool> has_changed_elsewhere();
  // Removes connection, event types and cells, and overwrites their bytes in the file and its log. While another program
  // reads the database its bytes cannot be overwritten: everything is removed all the same, and a later wipe ends it.
  [[nodiscard]] Result<Wiped> wipe_connection();

  // A cell replaces an older one of the same day; a newer one stays.
  [[nodiscard]] Result<Done> save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells);
  // Never waits for a write, be it ours or another program's.
  [[nodiscard]] Result<std::vector<DayCell>> cells(const std::string& event_type_uri, DayRange days, Instant oldest);
  [[nodiscard]] Result<Done> drop_cells_older_than(Instant oldest);
  [[nodiscard]] Result<Done> drop_cells_newer_than(Instant newest);
  [[nodiscard]] Result<Done> drop_all_cells();

  [[nodiscard]] Result<Done> append_audit(const AuditEntry& entry);
  // Newest first.
  [[nodiscard]] Result<std::vector<AuditEntry>> audit(int at_most);

 private:
  explicit Store(std::unique_ptr<SQLite::Database> database);
  void migrate();
  // Runs one piece of work under the lock and turns whatever SQLite throws into storage_failed.
  template <class Work>
  auto guarded(Work work) -> decltype(work());
  template <class Work>
  static auto guarded_by(std::mutex& mutex, Work work) -> decltype(work());

  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> database_;
  // Reads copies beside a write that waits for another program; null for ":memory:", which only one connection can see.
  std::mutex copies_mutex_;
  std::unique_ptr<SQLite::Database> copies_;
  std::int64_t seen_version_ = 0;  // SQLite's data_version: moves with other connections' commits only
};

}  // namespace slotwire::proxy
