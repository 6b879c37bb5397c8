#include <atomic>
#include <catch_amalgamated.hpp>
#include <set>
#include <thread>

#include "proxy/store/store.h"
#include "tests/conformance/store_samples.h"
#include "tests/conformance/stores.h"

namespace slotwire::tests {
using namespace store;

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

TEST_CASE("Store: changes that are gone from the log were taken for none", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(StoreKind::sqlite_file, StoreKind::postgresql));
  INFO(subject.name());
  const auto store = subject.open();
  const std::int64_t start = store->last_change().value();
  const std::int64_t first = store->expire_days({on(3), on(5)}).value();
  // Changes are kept for at least a day, however short the lifetime of copies is.
  REQUIRE(store->drop_cells_older_than(at(0) + std::chrono::years(100)));
  REQUIRE(store->changes_since(start).value().size() == 1);
  subject.forget_changes_up_to(first);
  const auto lost = store->changes_since(start).value();
  REQUIRE(lost.size() == 2);
  CHECK(lost[0].kind == Change::Kind::account);
  CHECK(lost[1].kind == Change::Kind::days);
  CHECK(lost[1].days == kEveryDay);
  CHECK(lost[1].id == first);
  CHECK(store->changes_since(first).value().empty());
  const std::int64_t second = store->expire_days({on(7), on(8)}).value();
  const auto after = store->changes_since(start).value();
  REQUIRE(after.size() == 3);
  CHECK(after[2].id == second);
  CHECK(store->changes_since(first).value().size() == 1);
}

// The cache's freshness depends on this: a reader that has seen change N never finds a smaller one later.
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
    for (const Change& change : handles.back()->changes_since(seen.empty() ? start : seen.back()).value())
      seen.push_back(change.id);
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
  // Requested before the purge, written after it.
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

}  // namespace slotwire::tests
