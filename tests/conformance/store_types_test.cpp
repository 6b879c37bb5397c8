// Which server reads the event types for all servers: one at a time, and not again right after a reading.
#include <atomic>
#include <catch_amalgamated.hpp>
#include <thread>
#include <vector>

#include "proxy/store/store.h"
#include "tests/conformance/store_samples.h"
#include "tests/conformance/stores.h"

namespace slotwire::tests {
using namespace store;
namespace {

using Standing = TypesClaim::Standing;

TypesClaimTerms terms_of(const std::string& owner, int now, int read_since, std::int64_t least_change = 0) {
  return {owner, sample().connected_at, at(now), std::chrono::seconds(20), at(read_since), least_change};
}

}  // namespace

TEST_CASE("Store: of servers that claim the reading of event types at once one gets it, and others what it read",
          "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  CHECK(store->claim_types(terms_of("a", 100, 0)).value().standing == Standing::another);  // no account is connected
  ConnectionRecord record = sample();
  record.last_synced_at = at(10);
  REQUIRE(store->save_connection(record));
  TypesClaimTerms of_another = terms_of("a", 100, 50);
  of_another.connected_at = at(5);
  CHECK(store->claim_types(of_another).value().standing == Standing::another);

  const TypesClaim known = store->claim_types(terms_of("a", 100, 10, record.types_seen_change)).value();
  CHECK(known.standing == Standing::known);
  CHECK(known.read_at == at(10));
  CHECK(known.seen_change == record.types_seen_change);

  const TypesClaim ours = store->claim_types(terms_of("a", 100, 11)).value();
  CHECK(ours.standing == Standing::ours);
  CHECK(ours.seen_change == store->last_change().value());
  const TypesClaim held = store->claim_types(terms_of("b", 101, 11)).value();
  CHECK(held.standing == Standing::held);
  CHECK(held.held_until == at(120));
  CHECK(store->claim_types(terms_of("a", 101, 11)).value().standing == Standing::ours);
  // Of two servers that claimed at once, the one that had looked at its clock first and came second took the lease for one from
  // before the clock was set back, and both read.
  CHECK(store->claim_types(terms_of("b", 99, 11)).value().standing == Standing::held);
  REQUIRE(store->hold_types("b", Instant()));  // b is not the owner
  CHECK(store->claim_types(terms_of("b", 102, 11)).value().standing == Standing::held);
  REQUIRE(store->hold_types("a", at(130)));
  CHECK(store->claim_types(terms_of("b", 125, 11)).value().standing == Standing::held);
  // A dead server's lease is waited for until then; a lease from before the clock was set back is not.
  CHECK(store->claim_types(terms_of("b", 131, 11)).value().standing == Standing::ours);
  CHECK(store->claim_types(terms_of("a", 20, 11)).value().standing == Standing::ours);

  // A reading without changes is recorded without a change in the log.
  const std::int64_t before = store->last_change().value();
  record.last_synced_at = record.last_validated_at = at(200);
  record.types_seen_change += 1;
  CHECK(store->note_types_read(record).value());
  CHECK(store->last_change().value() == before);
  CHECK(store->connection().value()->last_synced_at == at(200));
  CHECK(store->claim_types(terms_of("b", 201, 150, record.types_seen_change)).value().standing == Standing::known);
  CHECK(store->claim_types(terms_of("b", 201, 150, record.types_seen_change + 1)).value().standing != Standing::known);
  // The reading time is in the future, so its age is unknown.
  CHECK(store->claim_types(terms_of("b", 150, 100)).value().standing != Standing::known);
  record.token_fingerprint = "another";
  CHECK_FALSE(store->note_types_read(record).value());
}

TEST_CASE("Store: sixteen that claim the reading of event types at one moment", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->save_connection(sample()));
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const auto claim = store->claim_types(terms_of("server " + std::to_string(i), 100, 50));
      if (claim && claim->standing == Standing::ours) ++granted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(granted == 1);
}

TEST_CASE("Store: a delivery about event types is in the log, once", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const std::int64_t before = store->last_change().value();
  CHECK(store->take_delivery("t", Change::Kind::types, {}, at(0), at(-100)).value());
  CHECK_FALSE(store->take_delivery("t", Change::Kind::types, {}, at(1), at(-100)).value());
  const auto changes = store->changes_since(before).value();
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().kind == Change::Kind::types);
}

}  // namespace slotwire::tests
