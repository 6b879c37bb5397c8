#pragma once
// A store that lets a test change things during a read: the caller gets data that is already outdated.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/store/store.h"

namespace slotwire::tests {

class SlowStore final : public store::Store {
 public:
  explicit SlowStore(std::unique_ptr<store::Store> behind) : behind_(std::move(behind)) {}

  // Called once, after the next read of cells and before its result is returned.
  void after_cells(std::function<void()> meanwhile) { after_cells_ = std::move(meanwhile); }

  [[nodiscard]] std::string_view kind() const override { return behind_->kind(); }
  [[nodiscard]] Result<std::optional<store::ConnectionRecord>> connection() override { return behind_->connection(); }
  [[nodiscard]] Result<bool> save_connection_unless_changed(const store::ConnectionRecord& record, std::int64_t seen) override {
    return behind_->save_connection_unless_changed(record, seen);
  }
  [[nodiscard]] Result<store::TypesClaim> claim_types(const store::TypesClaimTerms& terms) override {
    return behind_->claim_types(terms);
  }
  [[nodiscard]] Result<Done> hold_types(const std::string& owner, Instant until) override {
    return behind_->hold_types(owner, until);
  }
  [[nodiscard]] Result<bool> note_types_read(const store::ConnectionRecord& record) override {
    return behind_->note_types_read(record);
  }
  [[nodiscard]] Result<Done> save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) override {
    return behind_->save_longest_window(token_fingerprint, longest);
  }
  [[nodiscard]] Result<store::Wiped> wipe_connection() override { return behind_->wipe_connection(); }
  [[nodiscard]] Result<std::int64_t> last_change() override { return behind_->last_change(); }
  [[nodiscard]] Result<std::vector<store::Change>> changes_since(std::int64_t id) override { return behind_->changes_since(id); }
  [[nodiscard]] Result<std::int64_t> expire_days(DayRange days) override { return behind_->expire_days(days); }
  [[nodiscard]] Result<std::int64_t> purge_cells() override { return behind_->purge_cells(); }
  [[nodiscard]] Result<Done> save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                        std::int64_t seen_change) override {
    return behind_->save_cells(event_type_uri, cells, seen_change);
  }
  [[nodiscard]] Result<std::vector<store::StoredCell>> cells(const std::string& event_type_uri, DayRange days,
                                                             Instant oldest) override {
    Result<std::vector<store::StoredCell>> cells = behind_->cells(event_type_uri, days, oldest);
    if (const auto meanwhile = std::exchange(after_cells_, nullptr)) meanwhile();
    return cells;
  }
  [[nodiscard]] Result<Done> drop_cells_older_than(Instant oldest) override { return behind_->drop_cells_older_than(oldest); }
  [[nodiscard]] Result<Done> drop_cells_newer_than(Instant newest) override { return behind_->drop_cells_newer_than(newest); }
  [[nodiscard]] Result<std::chrono::microseconds> clock_ahead(Instant now) override { return behind_->clock_ahead(now); }
  [[nodiscard]] Result<store::BookingClaim> claim_booking(const std::string& key, const std::string& request,
                                                          const std::string& owner, Instant now,
                                                          std::chrono::seconds lease) override {
    return behind_->claim_booking(key, request, owner, now, lease);
  }
  [[nodiscard]] Result<bool> mark_booking_sent(const std::string& key, const std::string& owner, Instant now) override {
    return behind_->mark_booking_sent(key, owner, now);
  }
  [[nodiscard]] Result<Done> finish_booking(const std::string& key, int status, const std::string& sealed_reply,
                                            Instant now) override {
    return behind_->finish_booking(key, status, sealed_reply, now);
  }
  [[nodiscard]] Result<Done> release_booking(const std::string& key, const std::string& owner) override {
    return behind_->release_booking(key, owner);
  }
  [[nodiscard]] Result<Done> leave_booking(const std::string& key, const std::string& owner) override {
    return behind_->leave_booking(key, owner);
  }
  [[nodiscard]] Result<std::vector<Instant>> bookings_sent_since(Instant oldest) override {
    return behind_->bookings_sent_since(oldest);
  }
  [[nodiscard]] Result<Done> drop_bookings_before(Instant oldest) override { return behind_->drop_bookings_before(oldest); }
  [[nodiscard]] Result<bool> take_delivery(const std::string& digest, store::Change::Kind kind, DayRange days, Instant now,
                                           Instant oldest) override {
    return behind_->take_delivery(digest, kind, days, now, oldest);
  }
  [[nodiscard]] Result<Done> add_jwt(const store::JwtRecord& record) override { return behind_->add_jwt(record); }
  [[nodiscard]] Result<std::vector<store::JwtRecord>> jwts_ending_after(Instant oldest) override {
    return behind_->jwts_ending_after(oldest);
  }
  [[nodiscard]] Result<int> revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) override {
    return behind_->revoke_jwts(ids, by, now);
  }
  [[nodiscard]] Result<Done> note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) override {
    return behind_->note_jwt_used(id, now, between);
  }
  [[nodiscard]] Result<Done> drop_jwts_ended_before(Instant oldest) override { return behind_->drop_jwts_ended_before(oldest); }
  [[nodiscard]] Result<std::vector<std::string>> assistant_types() override { return behind_->assistant_types(); }
  [[nodiscard]] Result<Done> set_assistant_type(const std::string& event_type_uri, bool is_open) override {
    return behind_->set_assistant_type(event_type_uri, is_open);
  }
  [[nodiscard]] Result<Done> append_audit(const store::AuditEntry& entry) override { return behind_->append_audit(entry); }
  [[nodiscard]] Result<std::vector<store::AuditEntry>> audit(int at_most) override { return behind_->audit(at_most); }

 private:
  std::unique_ptr<store::Store> behind_;
  std::function<void()> after_cells_;
};

}  // namespace slotwire::tests
