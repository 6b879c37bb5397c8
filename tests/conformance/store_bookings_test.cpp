#include <atomic>
#include <catch_amalgamated.hpp>
#include <thread>

#include "proxy/store/store.h"
#include "tests/conformance/store_samples.h"
#include "tests/conformance/stores.h"

namespace slotwire::tests {
namespace {

using std::chrono::seconds;
using Standing = store::BookingClaim::Standing;
constexpr seconds kLease{30};

Standing claim(store::Store& store, const std::string& key, const std::string& owner, Instant now,
               const std::string& request = "r") {
  return store.claim_booking(key, request, owner, now, kLease).value().standing;
}

}  // namespace

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
  const store::BookingClaim done = store->claim_booking("k", "r", "b", at(1000), kLease).value();
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
  // The first owner was only slow, not gone: it may no longer send.
  CHECK_FALSE(store->mark_booking_sent("unsent", "a", at(31)).value());
  CHECK(store->mark_booking_sent("unsent", "b", at(31)).value());
  CHECK_FALSE(store->mark_booking_sent("unsent", "b", at(31)).value());  // only once
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

// Leases were judged by each server's own clock: a server whose clock was ten minutes ahead took over all bookings of the others,
// and one whose clock was behind waited ten minutes for a dead server.
TEST_CASE("Store: a lease ends for everybody at once, whatever their clocks show", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  // Programs on one machine's store share its clock; servers with PostgreSQL each have their own.
  const bool has_many_clocks = std::string(subject.name()) == "PostgreSQL";
  const std::chrono::minutes wrong(has_many_clocks ? 10 : 0);
  const auto real_now = [] { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); };
  struct Server {
    std::shared_ptr<store::Store> store;
    std::chrono::microseconds off;  // the error of its clock
    Standing claims(const std::string& owner, Instant at) const { return claim(*store, "k", owner, at + off); }
  };
  const auto server = [&](std::chrono::minutes by) {
    Server made{subject.open(), by};
    made.off += made.store->clock_ahead(real_now() + by).value();
    return made;
  };
  const Server behind = server(-wrong);
  const Server right = server(std::chrono::minutes(0));
  const Server ahead = server(wrong);
  const Instant begun = real_now();
  constexpr seconds kBusy{5};  // on a busy machine two clocks are not read at the same moment
  CHECK(right.claims("right", begun) == Standing::ours_to_send);
  CHECK(ahead.claims("ahead", begun) == Standing::under_way);
  CHECK(behind.claims("behind", begun) == Standing::under_way);
  CHECK(ahead.claims("ahead", begun + kLease - kBusy) == Standing::under_way);
  CHECK(behind.claims("behind", begun + kLease + kBusy) == Standing::ours_to_send);
  CHECK(right.claims("right", begun + kLease + kBusy) == Standing::under_way);
}

TEST_CASE("Store: a booking that its owner has left goes on with whoever asks next", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  CHECK(claim(*store, "k", "a", at(0)) == Standing::ours_to_send);
  REQUIRE(store->mark_booking_sent("k", "a", at(0)).value());
  REQUIRE(store->leave_booking("k", "b"));  // not the owner
  CHECK(claim(*store, "k", "b", at(1)) == Standing::under_way);
  REQUIRE(store->leave_booking("k", "a"));
  CHECK(claim(*store, "k", "b", at(1), "other") == Standing::conflict);
  REQUIRE(store->drop_bookings_before(at(0)));  // its age counts from its last change
  CHECK(claim(*store, "k", "b", at(1)) == Standing::ours_to_look_up);
  CHECK(claim(*store, "k", "c", at(2)) == Standing::under_way);
  CHECK_FALSE(store->mark_booking_sent("k", "b", at(2)).value());
  REQUIRE(store->leave_booking("k", "b"));
  REQUIRE(store->finish_booking("k", 201, "late", at(3)));
  CHECK(claim(*store, "k", "a", at(4)) == Standing::done);
}

TEST_CASE("Store: of many that claim one booking at once, one gets it", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  constexpr int kAskers = 4;
  std::vector<std::shared_ptr<store::Store>> handles;
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
        const auto claimed =
            handles[static_cast<std::size_t>(i)]->claim_booking(key, "r", "owner" + std::to_string(i), at(0), kLease);
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
  CHECK(store->take_delivery("d", store::Change::Kind::days, touched, at(0), at(-100)).value());
  const std::vector<store::Change> logged = store->changes_since(before).value();
  REQUIRE(logged.size() == 1);
  CHECK(logged.front().kind == store::Change::Kind::days);
  CHECK(logged.front().days == touched);
  CHECK_FALSE(store->take_delivery("d", store::Change::Kind::days, touched, at(1), at(-100)).value());
  CHECK(store->last_change().value() == logged.front().id);
  CHECK(store->take_delivery("e", store::Change::Kind::days, touched, at(1), at(-100)).value());
  CHECK(store->take_delivery("d", store::Change::Kind::days, touched, at(200), at(100)).value());
}

}  // namespace slotwire::tests
