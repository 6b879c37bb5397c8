// Several event types as one: each slot keeps its own event type, from the list to the booking.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

using namespace slotwire;
using namespace slotwire::web;
using namespace slotwire::web::test;

namespace {

constexpr char kSales[] = "https://api.calendly.com/event_types/SALES";
constexpr char kSupport[] = "https://api.calendly.com/event_types/SUPPORT";

SlotsAnswer any_of_answer(DayRange days, std::vector<Slot> slots, Instant now) {
  SlotsAnswer answer;
  answer.event_type_name = "Sales \xC2\xB7 Support";
  answer.types.resize(2);
  answer.types[0].uri = kSales;
  answer.types[0].name = "Sales";
  answer.types[0].duration = std::chrono::minutes{15};
  answer.types[1].uri = kSupport;
  answer.types[1].name = "Support";
  answer.types[1].duration = std::chrono::minutes{60};
  answer.slots = std::move(slots);
  answer.windows = {{days, WindowSource::upstream, now, {}}, {days, WindowSource::upstream, now, {}, 1}};
  return answer;
}

Slot slot(std::string_view start, std::uint16_t of) {
  Slot made{at(start), 1, "https://calendly.com/acme/" + std::to_string(of)};
  made.of = of;
  return made;
}

struct AnyOfBench : Bench {
  explicit AnyOfBench(std::vector<Slot> with) : Bench("2026-01-05T09:00:00Z"), slots(std::move(with)) {
    start("sales,support");
    answer_with_slots();
  }
  void answer_with_slots() {
    while (!fetches.empty()) {
      const FetchSlots fetch = fetches.front();
      fetches.erase(fetches.begin());
      picker.take_answer(fetch.id, any_of_answer(fetch.days, slots, picker.state().now));
      settle();
    }
  }
  std::vector<Slot> slots;
};

constexpr char kTen[] = "time:1767607200000";
constexpr char kEleven[] = "time:1767610800000";

}  // namespace

TEST_CASE("Picker: of several event types each time is its own type's, in events and when it is booked", "[web][any_of]") {
  AnyOfBench bench({slot("2026-01-05T10:00:00Z", 0), slot("2026-01-05T11:00:00Z", 1)});
  CHECK(bench.find("title")->text == "Sales \xC2\xB7 Support");
  CHECK_FALSE(bench.find("meta"));  // the durations differ
  REQUIRE(bench.activate(kEleven));
  CHECK(bench.action<Emit>()->detail ==
        R"({"start":"2026-01-05T11:00:00Z","end":"2026-01-05T12:00:00Z","timezone":"Test/Zone",)"
        R"("eventType":"https://api.calendly.com/event_types/SUPPORT","eventTypeName":"Support","duration":60,)"
        R"("schedulingUrl":"https://calendly.com/acme/1"})");
  REQUIRE(bench.activate("book"));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->type == kSupport);
  CHECK(bench.action<Book>()->name == "Support");
  CHECK(bench.action<Book>()->end == at("2026-01-05T12:00:00Z"));
  REQUIRE(bench.picker.take_booking(at("2026-01-05T11:00:00Z"), {"event", "invitee"}));
  bench.settle();
  REQUIRE(bench.action<Emit>());
  CHECK(bench.action<Emit>()->detail.find(kSupport) != std::string::npos);
  CHECK(bench.action<Emit>()->detail.find(R"("end":"2026-01-05T12:00:00Z")") != std::string::npos);
}

TEST_CASE("Picker: who has lost a time to somebody else is shown the nearest of all types, the others' at that instant too",
          "[web][any_of]") {
  AnyOfBench bench({slot("2026-01-05T10:00:00Z", 0), slot("2026-01-05T11:00:00Z", 1)});
  REQUIRE(bench.activate(kTen));
  REQUIRE(bench.activate("book"));
  bench.picker.set_form(Form::opening);
  bench.picker.set_form(Form::open);
  bench.settle();
  bench.picker.lose_slot();
  bench.settle();
  REQUIRE(bench.find("taken"));
  CHECK_FALSE(bench.find(kTen));  // the cached copy still has it
  CHECK(bench.find(kEleven));
  bench.slots[0] = slot("2026-01-05T10:00:00Z", 1);
  bench.answer_with_slots();
  REQUIRE(bench.find("taken"));
  REQUIRE(bench.activate(kTen));
  CHECK(bench.action<Emit>());
  REQUIRE(bench.activate("book"));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->type == kSupport);
}

TEST_CASE("Picker: where one event type failed the others' times are shown, and that some are missing", "[web][any_of]") {
  AnyOfBench bench({slot("2026-01-05T10:00:00Z", 0)});
  CHECK_FALSE(bench.find("notice"));
  bench.picker.set_clock(at("2026-01-05T09:06:00Z"));
  bench.settle();
  REQUIRE(!bench.fetches.empty());
  while (!bench.fetches.empty()) {
    const FetchSlots fetch = bench.fetches.front();
    bench.fetches.erase(bench.fetches.begin());
    SlotsAnswer answer = any_of_answer(fetch.days, bench.slots, bench.picker.state().now);
    answer.windows[1] = {fetch.days, WindowSource::failed, std::nullopt, ErrorCode::calendly_unavailable, 1};
    bench.picker.take_answer(fetch.id, answer);
    bench.settle();
  }
  CHECK(bench.find(kTen));
  REQUIRE(bench.find("notice"));
  CHECK(bench.find("notice")->text == "Some days could not be loaded");
  CHECK(bench.find("retry"));
}
