// Bookings with an unknown result: looked up by the server that sent them or a later one, and never sent again.
#include <stdexcept>

#include "tests/proxy/booking_world.h"

namespace slotwire::tests {
using namespace booking;
using namespace calendly;
namespace {

using std::chrono::seconds;

}  // namespace

TEST_CASE("BookingService: looking up believes only the visitor's own booking of that time, made since", "[proxy][booking]") {
  struct Row {
    const char* name;
    std::function<void(BookingWorld&)> arrange;
    bool is_found;
  };
  const std::vector<Row> rows = {
      {"nothing is there", [](BookingWorld&) {}, false},
      {"the booking", [](BookingWorld& world) { world.list("grace@example.com", "2026-01-05T10:00:01.000000Z"); }, true},
      {"by a clock that is a minute slow",
       [](BookingWorld& world) { world.list("GRACE@example.com", "2026-01-05T09:59:00.000000Z"); }, true},
      {"of another visitor", [](BookingWorld& world) { world.list("ada@example.com", "2026-01-05T10:00:01.000000Z"); }, false},
      {"of an hour before", [](BookingWorld& world) { world.list("grace@example.com", "2026-01-05T09:00:00.000000Z"); }, false},
      {"that was canceled",
       [](BookingWorld& world) { world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "canceled"); }, false},
      {"of another event type",
       [](BookingWorld& world) {
         world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "active", "https://api.calendly.com/event_types/B");
       },
       false},
      {"of another time",
       [](BookingWorld& world) {
         world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "active", std::string(kTypeUri),
                    "2026-01-06T14:30:00.000000Z");
       },
       false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    BookingWorld world;
    world.bookings = [](const UpstreamRequest&) -> Exchange { return TransportFailure::cut_off; };
    row.arrange(world);
    CHECK(BookingWorld::code_of(world.book()) == (row.is_found ? "booked" : "booking_unknown"));
    CHECK(world.sent.size() == 1);
  }
}

TEST_CASE("BookingService: the last look does without the address, whose letters' case may count", "[proxy][booking]") {
  BookingWorld world;
  world.bookings = [](const UpstreamRequest&) -> Exchange { return TransportFailure::timed_out; };
  world.list("grace@example.com", "2026-01-05T10:00:02.000000Z");
  const TableTransport::Answer listed = world.events;
  int filtered = 0;
  world.events = [&](const UpstreamRequest& request) -> Exchange {
    if (request.target.find("invitee_email=Grace%40Example.com") == std::string::npos) return listed(request);
    ++filtered;
    return upstream(200, R"({"collection":[]})");
  };
  CHECK(BookingWorld::code_of(world.book()) == "booked");
  CHECK(filtered == 3);
  CHECK(world.service->count_of(BookingService::Outcome::found) == 1);
}

TEST_CASE("BookingService: what was sent by a server that is gone is looked up by the next, never sent", "[proxy][booking]") {
  BookingWorld world;
  // The first server claims and marks the booking as `book` does, and dies.
  const auto dies_after_sending = [&] {
    world.bookings = [](const UpstreamRequest&) -> Exchange { throw std::runtime_error("killed"); };
    const auto gone = world.server("gone");
    std::optional<BookingAnswer> told;
    gone->book(BookingWorld::wish(), [&](BookingAnswer answer) { told = std::move(answer); });
    CHECK_THROWS(world.workers.run());
    REQUIRE(told);  // waiting callers get an answer
    CHECK(BookingWorld::code_of(*told) == "booking_unknown");
  };
  dies_after_sending();
  REQUIRE(world.sent.size() == 1);
  world.list("grace@example.com", "2026-01-05T10:00:01.000000Z");
  const Instant began = world.clock.now();
  CHECK(BookingWorld::code_of(world.book()) == "booked");
  CHECK(world.sent.size() == 1);
  // Not before the other server's lease has ended: it might only be slow.
  CHECK(world.clock.now() - began >= seconds(20));
  CHECK(world.clock.now() - began < seconds(26));
}

TEST_CASE("BookingService: what stays unknown to one server another looks up at once when it is asked again",
          "[proxy][booking]") {
  BookingWorld world;
  world.bookings = [](const UpstreamRequest&) -> Exchange { return TransportFailure::timed_out; };
  CHECK(BookingWorld::code_of(world.book()) == "booking_unknown");
  world.list("grace@example.com", "2026-01-05T10:00:01.000000Z");
  const auto other = world.server("other");
  const Instant began = world.clock.now();
  CHECK(BookingWorld::code_of(world.wait_for(*other, BookingWorld::wish())) == "booked");
  CHECK(world.clock.now() - began < seconds(1));
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: whoever asks while another server is at it gets that server's answer", "[proxy][booking]") {
  BookingWorld world;
  const auto other = world.server("other");
  std::optional<BookingAnswer> first;
  std::optional<BookingAnswer> second;
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    // The first is under way: the same request arrives here, finds the key claimed, and waits.
    world.service->book(BookingWorld::wish(), [&](BookingAnswer answer) { second = std::move(answer); });
    world.workers.run_one();
    CHECK_FALSE(second);
    return upstream(201, kBookedAnswer);
  };
  other->book(BookingWorld::wish(), [&](BookingAnswer answer) { first = std::move(answer); });
  world.pass_until([&] { return first && second; });
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->data == first->data);
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: an answer sealed by a key that is gone is looked up", "[proxy][booking]") {
  BookingWorld world;
  REQUIRE_FALSE(world.book().error);
  world.list("grace@example.com", "2026-01-05T10:00:01.000000Z");
  std::vector<secrets::SecretString> other_keys;
  other_keys.emplace_back("another key of at least thirty-two bytes, for tests");
  const secrets::SealedBox other_box(other_keys);
  BookingService later({*world.connection, *world.slots, world.calendly, *world.store, other_box, world.workers, world.zones,
                        world.clock, world.log, [](std::string_view) { return std::nullopt; }, "later"});
  CHECK(BookingWorld::code_of(world.wait_for(later, BookingWorld::wish())) == "booked");
  CHECK(world.sent.size() == 1);
}

}  // namespace slotwire::tests
