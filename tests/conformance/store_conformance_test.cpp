#include <catch_amalgamated.hpp>

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "proxy/store/store.h"
#include "tests/conformance/servers.h"
#include "tests/conformance/stores.h"

namespace slotwire::proxy {
namespace {

using std::chrono::days;
using std::chrono::seconds;

Instant at(int second) { return instant_from_text("2026-01-05T10:00:00Z").value() + seconds(second); }
Day on(int day) { return day_from_text("2026-02-01").value() + days(day); }
Slot slot_on(Day day, int hour) { return {Instant(day) + std::chrono::hours(hour), 3, "https://calendly.com/a?b=c d"}; }

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

ConnectionRecord sample() {
  ConnectionRecord record;
  record.mode = ConnectionMode::pat;
  record.sealed_token = "marker" + every_byte();
  record.token_fingerprint = "abc";
  record.user_uri = "https://api.calendly.com/users/U";
  record.user_name = "Ada 'quoted' \"Ünï\" \\ {a,b} $1\n%s 日本";
  record.organization_uri = "https://api.calendly.com/organizations/O";
  record.scheduling_url = "https://calendly.com/ada";
  record.connected_by = "root";
  record.connected_at = instant_from_text("2026-01-05T10:00:00.123456Z").value();
  record.last_validated_at = at(7);
  record.longest_window = days(7);
  record.granted_scopes = {"users:read", "availability:read"};
  record.missing_scopes = {"webhooks:write"};
  EventType type;
  type.uri = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";
  type.name = "Coffee, \"quick\" {x} \\ NULL";
  type.slug = "30min";
  type.duration = std::chrono::minutes(30);
  type.duration_options = {std::chrono::minutes(15), std::chrono::minutes(30)};
  type.description = "two\nlines";
  type.color = "#ff0000";
  type.kind = "solo";
  type.locale = "de";
  type.scheduling_url = "https://calendly.com/ada/30min";
  type.secret = true;
  record.types = {type, type, type};
  record.types[1].uri += "B";
  record.types[1].name.clear();
  record.types[1].duration_options.clear();
  record.types[1].active = false;
  record.types[2].uri += "C";
  record.forms[type.uri] = R"({"questions":[{"name":"Was? \"so\""}]})";
  record.webhook = Webhook{"https://api.calendly.com/webhook_subscriptions/W", "https://me.example/hook", every_byte(), "root", at(3)};
  return record;
}

void check_same(const ConnectionRecord& back, const ConnectionRecord& record) {
  CHECK(back.mode == record.mode);
  CHECK(back.sealed_token == record.sealed_token);
  CHECK(back.token_fingerprint == record.token_fingerprint);
  CHECK(back.user_uri == record.user_uri);
  CHECK(back.user_name == record.user_name);
  CHECK(back.organization_uri == record.organization_uri);
  CHECK(back.scheduling_url == record.scheduling_url);
  CHECK(back.connected_by == record.connected_by);
  CHECK(back.connected_at == record.connected_at);
  CHECK(back.last_synced_at == record.last_synced_at);
  CHECK(back.last_validated_at == record.last_validated_at);
  CHECK(back.longest_window == record.longest_window);
  CHECK(back.granted_scopes == record.granted_scopes);
  CHECK(back.missing_scopes == record.missing_scopes);
  CHECK(back.types == record.types);
  CHECK(back.forms == record.forms);
  REQUIRE(back.webhook.has_value() == record.webhook.has_value());
  if (!record.webhook) return;
  CHECK(back.webhook->uri == record.webhook->uri);
  CHECK(back.webhook->callback_url == record.webhook->callback_url);
  CHECK(back.webhook->sealed_key == record.webhook->sealed_key);
  CHECK(back.webhook->created_by == record.webhook->created_by);
  CHECK(back.webhook->created_at == record.webhook->created_at);
}

std::vector<StoredCell> cells_of(Store& store, const std::string& uri = "uri") {
  return store.cells(uri, {Day::min(), Day::max()}, Instant::min()).value();
}

using Standing = BookingClaim::Standing;
constexpr seconds kLease{30};

Standing claim(Store& store, const std::string& key, const std::string& owner, Instant now, const std::string& request = "r") {
  return store.claim_booking(key, request, owner, now, kLease).value().standing;
}

}  // namespace

TEST_CASE("Store: a connection comes back as it was, to the byte, after a restart too", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const ConnectionRecord record = sample();
  {
    const auto store = subject.open();
    CHECK_FALSE(store->connection().value().has_value());
    REQUIRE(store->save_connection(record));
    REQUIRE(store->save_connection(record));  // replaces, does not add
    check_same(store->connection().value().value(), record);
  }
  const auto store = subject.open();
  check_same(store->connection().value().value(), record);
  ConnectionRecord links;
  links.mode = ConnectionMode::public_links;
  REQUIRE(store->save_connection(links));
  check_same(store->connection().value().value(), links);
}

TEST_CASE("Store: a connection is saved only when nobody else changed it, if that is asked for", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const auto other = subject.open();
  REQUIRE(store->save_connection(sample()));
  const std::int64_t seen = store->last_change().value();
  ConnectionRecord record = sample();
  record.user_name = "Grace";
  REQUIRE(other->expire_days({on(1), on(2)}));  // no change of the connection
  CHECK(store->save_connection_unless_changed(record, seen).value());
  CHECK(store->connection().value()->user_name == "Grace");
  const std::int64_t saved = store->last_change().value();
  REQUIRE(other->wipe_connection());
  const std::int64_t wiped = store->last_change().value();
  CHECK_FALSE(store->save_connection_unless_changed(record, saved).value());
  CHECK_FALSE(store->connection().value().has_value());
  CHECK(store->last_change().value() == wiped);
  CHECK(store->save_connection_unless_changed(record, wiped).value());
  CHECK(store->connection().value().has_value());
}

TEST_CASE("Store: the longest window is kept for the token it was learned of only", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->save_connection(sample()));
  const std::int64_t before = store->last_change().value();
  REQUIRE(store->save_longest_window("another", days(31)));
  CHECK(store->last_change().value() == before);
  CHECK(store->connection().value()->longest_window == days(7));
  REQUIRE(store->save_longest_window("abc", days(31)));
  CHECK(store->connection().value()->longest_window == days(31));
  CHECK(store->changes_since(before).value().size() == 1);
}

TEST_CASE("Store: wiping leaves no connection, no type, no webhook and no copy", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->save_connection(sample()));
  REQUIRE(store->save_cells("uri", {{on(1), at(0), {}}}, 1));
  REQUIRE(store->wipe_connection());
  CHECK_FALSE(store->connection().value().has_value());
  CHECK(cells_of(*store).empty());
  REQUIRE(store->wipe_connection());
  ConnectionRecord links;
  links.mode = ConnectionMode::public_links;
  REQUIRE(store->save_connection(links));
  CHECK_FALSE(store->connection().value()->webhook);
}

TEST_CASE("Store: every change is in the log, in order, whoever made it", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const std::int64_t start = store->last_change().value();
  CHECK(store->changes_since(start).value().empty());
  REQUIRE(store->save_connection(sample()));
  const std::int64_t expired = store->expire_days({on(3), on(5)}).value();
  const std::int64_t purged = store->purge_cells().value();
  REQUIRE(store->wipe_connection());
  const auto changes = store->changes_since(start).value();
  REQUIRE(changes.size() == 4);
  CHECK(changes[0].kind == Change::Kind::account);
  CHECK(changes[1].kind == Change::Kind::days);
  CHECK(changes[1].id == expired);
  CHECK(changes[1].days == DayRange{on(3), on(5)});
  CHECK(changes[2].kind == Change::Kind::purge);
  CHECK(changes[2].id == purged);
  CHECK(changes[3].kind == Change::Kind::account);
  for (std::size_t i = 1; i < changes.size(); ++i) CHECK(changes[i].id > changes[i - 1].id);
  CHECK(store->last_change().value() == changes[3].id);
  CHECK(store->changes_since(purged).value().size() == 1);
}

// What the cache's freshness stands on: a reader that saw change N never finds a smaller one later.
TEST_CASE("Store: whoever has read the log up to N has seen everything up to N", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  constexpr int kWriters = 4;
  constexpr int kEach = 25;
  std::vector<std::shared_ptr<Store>> handles;
  for (int i = 0; i < kWriters + 1; ++i) handles.push_back(subject.open());
  const std::int64_t start = handles[0]->last_change().value();
  std::atomic<int> failures{0};
  std::atomic<int> writing{kWriters};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      Store& store = *handles[static_cast<std::size_t>(writer)];
      for (int i = 0; i < kEach; ++i) {
        const bool is_done = i % 5 == 4 ? store.save_connection(sample()).has_value()
                                        : store.expire_days({on(writer), on(writer + 1)}).has_value();
        if (!is_done) ++failures;
      }
      --writing;
    });
  }
  std::vector<std::int64_t> seen;
  bool was_writing = true;
  while (was_writing) {
    was_writing = writing > 0;
    for (const Change& change : handles.back()->changes_since(seen.empty() ? start : seen.back()).value()) seen.push_back(change.id);
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(failures == 0);
  CHECK(seen.size() == kWriters * kEach);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(std::set(seen.begin(), seen.end()).size() == seen.size());
  std::vector<std::int64_t> whole;
  for (const Change& change : handles[0]->changes_since(start).value()) whole.push_back(change.id);
  CHECK(seen == whole);
}

TEST_CASE("Store: a newer cell replaces an older one, never the other way", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const std::vector<Slot> slots = {slot_on(on(1), 14), slot_on(on(1), 15)};
  REQUIRE(store->save_cells("uri", {{on(1), at(300), slots}, {on(2), at(300), {}}}, 0));
  REQUIRE(store->save_cells("uri", {{on(1), at(0), {}}, {on(3), at(0), {}}}, 0));
  const auto cells = cells_of(*store);
  REQUIRE(cells.size() == 3);
  CHECK(cells[0].cell == DayCell{on(1), at(300), slots});
  CHECK(cells[1].cell == DayCell{on(2), at(300), {}});
  CHECK(cells[2].cell == DayCell{on(3), at(0), {}});
  CHECK(store->cells("uri", {on(1), on(3)}, at(0)).value().size() == 2);
  CHECK(store->cells("uri", {on(1), on(4)}, at(1)).value().size() == 2);
  CHECK(cells_of(*store, "another").empty());
  REQUIRE(store->save_cells("uri", {}, 0));
  REQUIRE(store->drop_cells_older_than(at(1)));
  CHECK(cells_of(*store).size() == 2);
  REQUIRE(store->drop_cells_newer_than(at(299)));
  CHECK(cells_of(*store).empty());
}

TEST_CASE("Store: copies from before their day's change are told apart", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const std::int64_t first = store->expire_days({on(2), on(4)}).value();
  REQUIRE(store->save_cells("uri", {{on(1), at(0), {}}, {on(2), at(0), {}}, {on(3), at(0), {}}, {on(4), at(0), {}}}, first - 1));
  const auto outdated = [&] {
    std::vector<bool> out;
    for (const StoredCell& stored : cells_of(*store)) out.push_back(stored.is_outdated);
    return out;
  };
  CHECK(outdated() == std::vector{false, true, true, false});
  REQUIRE(store->save_cells("uri", {{on(2), at(1), {}}}, first));
  CHECK(outdated() == std::vector{false, false, true, false});
  REQUIRE(store->expire_days({on(1), on(2)}));
  CHECK(outdated() == std::vector{true, false, true, false});
  const std::int64_t before = store->last_change().value();
  REQUIRE(store->purge_cells());
  CHECK(cells_of(*store).empty());
  // Asked for before the purge, written after it.
  REQUIRE(store->save_cells("uri", {{on(1), at(2), {}}}, before));
  CHECK(outdated() == std::vector{true});
}

TEST_CASE("Store: another connection's copies do not come back, the same one's stay", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  ConnectionRecord record = sample();
  REQUIRE(store->save_connection(record));
  REQUIRE(store->save_cells("uri", {{on(1), at(0), {}}}, 1));
  record.last_synced_at = at(100);
  REQUIRE(store->save_connection(record));
  CHECK(cells_of(*store).size() == 1);
  record.connected_at = at(200);
  REQUIRE(store->save_connection(record));
  CHECK(cells_of(*store).empty());
}

TEST_CASE("Store: a booking's key is claimed once, and tells how it ended for good", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  CHECK(claim(*store, "k", "a", at(0)) == Standing::ours_to_send);
  CHECK(claim(*store, "k", "a", at(1)) == Standing::ours_to_send);
  CHECK(claim(*store, "k", "b", at(2)) == Standing::under_way);
  CHECK(claim(*store, "k", "b", at(2), "other") == Standing::conflict);
  CHECK_FALSE(store->mark_booking_sent("k", "b", at(3)).value());
  CHECK(store->mark_booking_sent("k", "a", at(3)).value());
  CHECK(claim(*store, "k", "b", at(4)) == Standing::under_way);
  REQUIRE(store->finish_booking("k", 201, every_byte(), at(5)));
  REQUIRE(store->finish_booking("k", 409, "later", at(6)));
  REQUIRE(store->release_booking("k", "a"));
  const BookingClaim done = store->claim_booking("k", "r", "b", at(1000), kLease).value();
  CHECK(done.standing == Standing::done);
  CHECK(done.status == 201);
  CHECK(done.sealed_reply == every_byte());
  CHECK(done.sent_at == at(3));
  CHECK(claim(*store, "k", "b", at(7), "other") == Standing::conflict);
}

TEST_CASE("Store: an owner that is gone leaves a booking to be sent, or to be looked up", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  CHECK(claim(*store, "unsent", "a", at(0)) == Standing::ours_to_send);
  CHECK(claim(*store, "sent", "a", at(0)) == Standing::ours_to_send);
  REQUIRE(store->mark_booking_sent("sent", "a", at(0)).value());
  CHECK(claim(*store, "unsent", "b", at(29)) == Standing::under_way);
  CHECK(claim(*store, "unsent", "b", at(30)) == Standing::ours_to_send);
  CHECK(claim(*store, "sent", "b", at(30)) == Standing::ours_to_look_up);
  // The first owner was not gone, only slow: it may not send any more.
  CHECK_FALSE(store->mark_booking_sent("unsent", "a", at(31)).value());
  CHECK(store->mark_booking_sent("unsent", "b", at(31)).value());
  CHECK_FALSE(store->mark_booking_sent("unsent", "b", at(31)).value());  // once
  CHECK(store->bookings_sent_since(at(0)).value() == std::vector{at(0), at(31)});
  CHECK(store->bookings_sent_since(at(1)).value() == std::vector{at(31)});
  REQUIRE(store->release_booking("sent", "a"));
  CHECK(claim(*store, "sent", "c", at(32)) == Standing::under_way);
  REQUIRE(store->release_booking("sent", "b"));
  CHECK(claim(*store, "sent", "c", at(32)) == Standing::ours_to_send);
  REQUIRE(store->drop_bookings_before(at(32)));
  CHECK(claim(*store, "unsent", "c", at(33), "other") == Standing::ours_to_send);
  CHECK(claim(*store, "sent", "d", at(33)) == Standing::under_way);
}

TEST_CASE("Store: of many that claim one booking at once, one gets it", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  constexpr int kAskers = 4;
  std::vector<std::shared_ptr<Store>> handles;
  for (int i = 0; i < kAskers; ++i) handles.push_back(subject.open());
  for (int round = 0; round < 15; ++round) {
    const std::string key = "k" + std::to_string(round);
    std::atomic<int> ready{0};
    std::atomic<int> ours{0};
    std::atomic<int> others{0};
    std::vector<std::thread> askers;
    for (int i = 0; i < kAskers; ++i) {
      askers.emplace_back([&, i] {
        ++ready;
        while (ready < kAskers) std::this_thread::yield();
        const auto claimed = handles[static_cast<std::size_t>(i)]->claim_booking(key, "r", "owner" + std::to_string(i), at(0), kLease);
        if (!claimed) return;
        if (claimed.value().standing == Standing::ours_to_send) ++ours;
        if (claimed.value().standing == Standing::under_way) ++others;
      });
    }
    for (std::thread& asker : askers) asker.join();
    CHECK(ours == 1);
    CHECK(others == kAskers - 1);
  }
}

TEST_CASE("Store: a delivery is new once, for as long as it is remembered", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const DayRange touched{on(6), on(9)};
  const std::int64_t before = store->last_change().value();
  CHECK(store->take_delivery("d", touched, at(0), at(-100)).value());
  const std::vector<Change> logged = store->changes_since(before).value();
  REQUIRE(logged.size() == 1);
  CHECK(logged.front().kind == Change::Kind::days);
  CHECK(logged.front().days == touched);
  CHECK_FALSE(store->take_delivery("d", touched, at(1), at(-100)).value());
  CHECK(store->last_change().value() == logged.front().id);
  CHECK(store->take_delivery("e", touched, at(1), at(-100)).value());
  CHECK(store->take_delivery("d", touched, at(200), at(100)).value());
}

TEST_CASE("Store: the audit log keeps order, newest first", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(store->append_audit({at(i), "Ädä 'x'", "admin", "action-" + std::to_string(i), "ok", "::1", "r"}));
  }
  const auto entries = store->audit(3).value();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].action == "action-4");
  CHECK(entries[0].at == at(4));
  CHECK(entries[0].subject == "Ädä 'x'");
  CHECK(entries[2].action == "action-2");
}

TEST_CASE("Store: many programs may open a new one at once", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(StoreKind::sqlite_file, StoreKind::postgresql));
  INFO(subject.name());
  constexpr int kPrograms = 4;
  std::atomic<int> ready{0};
  std::array<std::shared_ptr<Store>, kPrograms> stores;
  std::vector<std::thread> programs;
  for (int i = 0; i < kPrograms; ++i) {
    programs.emplace_back([&, i] {
      ++ready;
      while (ready < kPrograms) std::this_thread::yield();
      if (auto opened = open_store(subject.url())) stores.at(static_cast<std::size_t>(i)) = std::move(opened).value();
    });
  }
  for (std::thread& program : programs) program.join();
  for (const auto& store : stores) {
    REQUIRE(store);
    CHECK(store->save_connection(sample()));
  }
}

TEST_CASE("Store: one made by a newer slotwire is refused and left alone", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(StoreKind::sqlite_file, StoreKind::postgresql));
  INFO(subject.name());
  REQUIRE(subject.open()->save_connection(sample()));
  const int version = subject.schema_version();
  subject.set_schema_version(version + 1);
  const auto opened = open_store(subject.url());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::storage_failed);
  CHECK(opened.error().detail == "The database was made by a newer slotwire.");
  subject.set_schema_version(version);
  check_same(subject.open()->connection().value().value(), sample());
}

}  // namespace slotwire::proxy
