#pragma once
// The store in one SQLite file, for one server: mode 0600, a synced write-ahead log, deleted content overwritten.
#include <memory>
#include <mutex>
#include <string>

#include "proxy/store/store.h"

namespace SQLite {
class Database;
}

namespace slotwire::store {

class SqliteStore final : public Store {
 public:
  // Opens or creates the file; ":memory:" is a separate store. Errors: as open_store.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const std::string& path);
  ~SqliteStore() override;

  [[nodiscard]] std::string_view kind() const override { return "SQLite"; }
  [[nodiscard]] Result<std::optional<ConnectionRecord>> connection() override;
  [[nodiscard]] Result<bool> save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) override;
  [[nodiscard]] Result<TypesClaim> claim_types(const TypesClaimTerms& terms) override;
  [[nodiscard]] Result<Done> hold_types(const std::string& owner, Instant until) override;
  [[nodiscard]] Result<bool> note_types_read(const ConnectionRecord& record) override;
  [[nodiscard]] Result<Done> save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) override;
  [[nodiscard]] Result<Wiped> wipe_connection() override;
  [[nodiscard]] Result<std::int64_t> last_change() override;
  [[nodiscard]] Result<std::vector<Change>> changes_since(std::int64_t id) override;
  [[nodiscard]] Result<std::int64_t> expire_days(DayRange days) override;
  [[nodiscard]] Result<std::int64_t> purge_cells() override;
  [[nodiscard]] Result<Done> save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                        std::int64_t seen_change) override;
  [[nodiscard]] Result<std::vector<StoredCell>> cells(const std::string& event_type_uri, DayRange days, Instant oldest) override;
  [[nodiscard]] Result<Done> drop_cells_older_than(Instant oldest) override;
  [[nodiscard]] Result<Done> drop_cells_newer_than(Instant newest) override;
  [[nodiscard]] Result<std::chrono::microseconds> clock_ahead(Instant) override { return std::chrono::microseconds(0); }
  [[nodiscard]] Result<BookingClaim> claim_booking(const std::string& key, const std::string& request, const std::string& owner,
                                                   Instant now, std::chrono::seconds lease) override;
  [[nodiscard]] Result<bool> mark_booking_sent(const std::string& key, const std::string& owner, Instant now) override;
  [[nodiscard]] Result<Done> finish_booking(const std::string& key, int status, const std::string& sealed_reply,
                                            Instant now) override;
  [[nodiscard]] Result<Done> release_booking(const std::string& key, const std::string& owner) override;
  [[nodiscard]] Result<Done> leave_booking(const std::string& key, const std::string& owner) override;
  [[nodiscard]] Result<std::vector<Instant>> bookings_sent_since(Instant oldest) override;
  [[nodiscard]] Result<Done> drop_bookings_before(Instant oldest) override;
  [[nodiscard]] Result<bool> take_delivery(const std::string& digest, Change::Kind kind, DayRange days, Instant now,
                                           Instant oldest) override;
  [[nodiscard]] Result<Done> add_jwt(const JwtRecord& record) override;
  [[nodiscard]] Result<std::vector<JwtRecord>> jwts_ending_after(Instant oldest) override;
  [[nodiscard]] Result<int> revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) override;
  [[nodiscard]] Result<Done> note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) override;
  [[nodiscard]] Result<Done> drop_jwts_ended_before(Instant oldest) override;
  [[nodiscard]] Result<std::vector<std::string>> assistant_types() override;
  [[nodiscard]] Result<Done> set_assistant_type(const std::string& event_type_uri, bool is_open) override;
  [[nodiscard]] Result<Done> append_audit(const AuditEntry& entry) override;
  [[nodiscard]] Result<std::vector<AuditEntry>> audit(int at_most) override;

 private:
  explicit SqliteStore(std::unique_ptr<SQLite::Database> database);
  void migrate();
  // Runs `work` under the lock and turns every exception of SQLite into storage_failed.
  template <class Work>
  auto guarded(Work work) -> decltype(work()) {
    return guarded_by(mutex_, std::move(work));
  }
  template <class Work>
  static auto guarded_by(std::mutex& mutex, Work work) -> decltype(work());

  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> database_;
  // A second connection, so that copies can be read while a write waits for another program. Null for ":memory:", which only one
  // connection can see.
  std::mutex copies_mutex_;
  std::unique_ptr<SQLite::Database> copies_;
};

}  // namespace slotwire::store
