// One client, one far range or one failure must not affect other visitors' times.
#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
namespace {

using std::chrono::seconds;

// A free plan: fifty calls a minute, as reported with every answer.
struct FreePlan {
  World& world;
  int left = 50;

  explicit FreePlan(World& of) : world(of) {
    world.wire.answer([this](const calendly::UpstreamRequest& request) {
      calendly::Exchange exchange = usual_answer(request);
      calendly::UpstreamAnswer& answer = std::get<calendly::UpstreamAnswer>(exchange);
      answer.rate_limit = 50;
      answer.rate_remaining = --left;
      answer.rate_reset = seconds(60);
      return exchange;
    });
    left = 50;
  }
};

slots::SlotQuery query_by(const std::string& client, const std::string& first, int days) {
  const DayRange range{day(first), day(first) + std::chrono::days(days)};
  slots::SlotQuery query{"30min", {Instant(range.begin), Instant(range.end)}, range, "UTC", "r1"};
  query.client = {client, {}};
  return query;
}

World::Replies ask_as(World& world, slots::SlotQuery query) {
  auto replies = std::make_shared<std::vector<Result<slots::SlotReply>>>();
  world.slots->find(std::move(query), [replies](Result<slots::SlotReply> reply) { replies->push_back(std::move(reply)); });
  return replies;
}

SlotsAnswer answer_in(const World::Replies& replies) {
  REQUIRE(replies->size() == 1);
  REQUIRE(replies->front());
  return slots_from_json(replies->front()->answer->json).value();
}

}  // namespace

// The proxy was notified of a booking during a call to Calendly, and the answer came after the deadline. The cells got the
// earliest possible instant as their expiry, the windows still said "upstream", and max-age was 292,000 years.
TEST_CASE("SlotService: times that changed while Calendly was asked, too late to ask again, are told as a copy",
          "[proxy][slots][changes]") {
  World world;
  int calls = 0;
  world.wire.answer([&](const calendly::UpstreamRequest& request) {
    ++calls;
    REQUIRE(world.store->expire_days({day("2026-02-01"), day("2026-02-03")}));
    REQUIRE(world.slots->apply_changes());
    world.clock.pass(seconds(4));
    return usual_answer(request);
  });
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  const SlotsAnswer answer = answer_in(replies);
  CHECK(answer.stale);
  CHECK(answer.windows.front().source == WindowSource::stale);
  const Instant fresh_until = replies->front()->answer->fresh_until;
  CHECK(fresh_until <= world.clock.now());
  CHECK(fresh_until > world.clock.now() - seconds(60));
  CHECK(calls > 1);
}

// A day was taken from the cache while the rest of the range was fetched, and that day was booked meanwhile: it was still shown
// as fresh.
TEST_CASE("SlotService: what was taken from the cache before a change is not told as fresh after it", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  const World::Replies replies = world.ask("2026-02-01", "2026-02-14");
  REQUIRE(world.fetchers.run_one());  // the look-up in the store; the window is not sent yet
  world.wire.log.clear();
  REQUIRE(world.store->expire_days({day("2026-02-03"), day("2026-02-04")}));
  REQUIRE(world.slots->apply_changes());
  world.settle();
  const SlotsAnswer answer = answer_in(replies);
  CHECK_FALSE(answer.stale);
  std::size_t asked_for_the_day = 0;
  for (const std::string& target : world.wire.log) {
    const auto [begin, end] = asked_bounds(target);
    asked_for_the_day += begin <= "2026-02-03T00:00:00.000000Z" && "2026-02-04T00:00:00.000000Z" <= end ? 1 : 0;
  }
  CHECK(asked_for_the_day == 1);
}

// One range far ahead, requested every two seconds, was refused by our own budget. Each refusal stopped fetches of the whole
// event type: visitors of near days saw old copies although Calendly worked and ten calls were left.
TEST_CASE("SlotService: our own refusal of a far range leaves near days alone", "[proxy][slots][fair]") {
  World world;
  FreePlan plan(world);
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(seconds(400));
  plan.left = 10;
  (void)world.answer("2026-02-20", "2026-02-20");  // reports that few calls are left
  const World::Replies far = ask_as(world, query_by("stranger", "2027-06-01", 7));
  world.settle(seconds(1));
  const World::Replies near = ask_as(world, query_by("visitor", "2026-02-01", 7));
  world.settle(seconds(1));
  CHECK_FALSE(answer_in(near).stale);
  world.settle();
  REQUIRE(far->size() == 1);
  CHECK_FALSE(far->front());
}

// Six requests for different quarters of a year caused fifty calls in a third of a second, and the next visitor got 503.
TEST_CASE("SlotService: one client cannot spend the account's minute", "[proxy][slots][fair]") {
  World world;
  FreePlan plan(world);
  std::vector<World::Replies> greedy;
  for (const char* first : {"2026-01-06", "2026-04-09", "2026-07-12", "2026-10-14", "2027-01-16", "2027-04-20"}) {
    greedy.push_back(ask_as(world, query_by("greedy", first, 92)));
  }
  world.settle(seconds(1));
  const std::size_t spent = world.window_calls();
  CHECK(spent <= 16);
  const World::Replies visitor = ask_as(world, query_by("visitor", "2026-01-06", 120));
  world.settle(seconds(1));
  const SlotsAnswer answer = answer_in(visitor);
  CHECK(answer.complete);
  CHECK_FALSE(answer.stale);
  std::size_t refused = 0;
  for (const World::Replies& replies : greedy) {
    REQUIRE(replies->size() == 1);
    if (replies->front()) continue;
    ++refused;
    CHECK(replies->front().error().code == ErrorCode::too_many_requests);
    CHECK(replies->front().error().retry_after.value_or(seconds(0)) > seconds(0));
  }
  CHECK(refused >= 4);
  // Its share is refilled.
  world.clock.pass(seconds(60));
  plan.left = 50;
  const World::Replies later = ask_as(world, query_by("greedy", "2026-07-12", 30));
  world.settle(seconds(1));
  CHECK(answer_in(later).complete);
}

TEST_CASE("SlotService: who is beyond its share sees old copies, marked as such, and others' calls serve it too",
          "[proxy][slots][fair]") {
  World world;
  FreePlan plan(world);
  const World::Replies first = ask_as(world, query_by("greedy", "2026-01-06", 92));
  world.settle(seconds(1));
  CHECK(answer_in(first).complete);
  world.clock.pass(seconds(290));  // its share is refilled, the cells are still fresh
  const World::Replies far = ask_as(world, query_by("greedy", "2026-05-01", 92));
  world.settle(seconds(1));
  world.clock.pass(seconds(41));
  const World::Replies again = ask_as(world, query_by("greedy", "2026-01-06", 92));
  const World::Replies other = ask_as(world, query_by("visitor", "2026-01-06", 14));
  world.settle(seconds(1));
  const SlotsAnswer copies = answer_in(again);
  CHECK(copies.complete);
  CHECK(copies.stale);
  CHECK_FALSE(answer_in(other).stale);
}

// Reloads of single days by 36 browsers at one address used up the limit as well.
TEST_CASE("SlotService: fresh looks give way to visitors, and are told what is known when nobody may look",
          "[proxy][slots][fair]") {
  World world;
  FreePlan plan(world);
  (void)world.answer("2026-01-06", "2026-02-20");
  world.clock.pass(seconds(31));
  plan.left = 12;
  (void)world.answer("2026-03-20", "2026-03-20");  // reports that few calls are left
  const std::size_t before = world.window_calls();
  std::vector<World::Replies> looks;
  for (int i = 0; i < 36; ++i) {
    slots::SlotQuery query = query_by("reloading", "2026-01-06", 1);
    query.range = {Instant(day("2026-01-06") + std::chrono::days(i)), Instant(day("2026-01-07") + std::chrono::days(i))};
    query.days = {day("2026-01-06") + std::chrono::days(i), day("2026-01-07") + std::chrono::days(i)};
    query.max_age = seconds(30);
    looks.push_back(ask_as(world, query));
  }
  world.settle(seconds(1));
  CHECK(world.window_calls() - before <= 2);
  world.settle();
  for (const World::Replies& look : looks) CHECK_FALSE(answer_in(look).stale);
  const World::Replies visitor = ask_as(world, query_by("visitor", "2026-04-01", 7));
  world.settle(seconds(1));
  CHECK(answer_in(visitor).complete);
}

// While Calendly failed, every request built and compressed its answer again on the event loop: 520 a second, compared with
// 16,446 from the cache.
TEST_CASE("SlotService: an answer of old copies is prepared once for as long as it is told", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(seconds(400));
  world.wire.answer(broken);
  const World::Replies first = world.ask("2026-02-01", "2026-02-07");
  world.fetchers.run();
  REQUIRE(first->size() == 1);
  const auto body = first->front()->answer;
  REQUIRE(body->is_stale);
  for (int i = 0; i < 5; ++i) {
    const World::Replies again = world.ask("2026-02-01", "2026-02-07");
    REQUIRE(again->size() == 1);  // at once
    CHECK(again->front()->answer == body);
    CHECK(again->front()->from == slots::AnsweredFrom::stale);
    world.clock.pass(std::chrono::milliseconds(100));
  }
  world.settle();
  world.wire.answer(usual_answer);
  world.clock.pass(seconds(6));
  CHECK_FALSE(world.answer("2026-02-01", "2026-02-07").stale);
}

// After an exception during a call to Calendly the window stayed registered: all requests waited for its days forever.
TEST_CASE("SlotService: an exception on a worker ends what it was at", "[proxy][slots]") {
  World world;
  world.wire.answer([](const calendly::UpstreamRequest&) -> calendly::Exchange { throw std::runtime_error("a bug"); });
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  REQUIRE(replies->size() == 1);
  CHECK(replies->front().error().code == ErrorCode::internal);
  CHECK(world.slots->stats().flights == 0);
  world.wire.answer(usual_answer);
  CHECK(world.answer("2026-02-01", "2026-02-07").complete);
}

}  // namespace slotwire::tests
