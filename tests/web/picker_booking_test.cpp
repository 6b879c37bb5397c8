// From a choice to the confirmation: the slot is checked once more, and other times are offered if it is gone.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
using namespace std::chrono_literals;

namespace {

const Instant kStart = at("2026-01-07T14:00:00Z");

std::string time_id(Instant start) { return "time:" + text_from_ms(start); }

// A picker that has been open for a minute, with some days of free times.
struct OpenBench : Bench {
  OpenBench() : Bench("2026-01-05T10:00:00Z") {
    for (int i = 0; i < 8; ++i) free.insert(kStart + 30min * i);
    start();
    answer_all();
    picker.set_clock(at("2026-01-05T10:01:00Z"));
    settle();
  }
  void answer_last(const std::set<Instant>& with) {
    const FetchSlots fetch = fetches.back();
    fetches.pop_back();
    picker.take_answer(fetch.id, answer_for(fetch.days, with, picker.state().now));
    settle();
  }
};

}  // namespace

TEST_CASE("Booking: a slot read just now goes out at once, with all the page needs", "[web][booking]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {kStart};
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate(time_id(kStart)));
  CHECK_FALSE(bench.action<FetchSlots>());
  REQUIRE(bench.action<Emit>());
  CHECK(bench.action<Emit>()->detail ==
        R"({"start":"2026-01-07T14:00:00Z","end":"2026-01-07T14:30:00Z","timezone":"Test/Zone",)"
        R"("eventType":"https://api.calendly.com/event_types/ZZZ","eventTypeName":"30 Minute Meeting","duration":30,)"
        R"("schedulingUrl":"https://calendly.com/acme/2026-01-07T14:00:00Z"})");
  REQUIRE(bench.activate("book"));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->name == "30 Minute Meeting");
}

TEST_CASE("Booking: an older slot is looked at again as soon as it is chosen, so that Book now is not held up",
          "[web][booking]") {
  OpenBench bench;
  REQUIRE(bench.activate(time_id(kStart)));
  REQUIRE(bench.action<FetchSlots>());
  CHECK(bench.action<FetchSlots>()->is_fresh);
  CHECK(bench.action<FetchSlots>()->days == DayRange{day("2026-01-07"), day("2026-01-08")});
  bench.answer_last(bench.free);
  CHECK_FALSE(bench.action<Book>());
  REQUIRE(bench.activate("book"));
  CHECK(bench.action<Book>());
  CHECK_FALSE(bench.action<FetchSlots>());
}

TEST_CASE("Booking: Book now waits for the look and then goes out by itself", "[web][booking]") {
  OpenBench bench;
  bench.activate(time_id(kStart));
  bench.picker.set_focus("book");
  REQUIRE(bench.activate("book"));
  CHECK_FALSE(bench.action<Book>());
  CHECK(bench.find("book")->disabled);
  CHECK(bench.find("book")->text == "Checking this time");
  CHECK(bench.picker.state().focus == "book");
  CHECK_FALSE(bench.activate("book"));
  bench.answer_last(bench.free);
  CHECK(bench.action<Book>());
  CHECK_FALSE(bench.find("book")->disabled);
}

TEST_CASE("Booking: another choice while the first is looked at does not book the first", "[web][booking]") {
  OpenBench bench;
  bench.activate(time_id(kStart));
  bench.activate("book");
  REQUIRE(bench.activate(time_id(kStart + 30min)));
  bench.answer_last(bench.free);
  CHECK_FALSE(bench.action<Book>());
}

TEST_CASE("Booking: when the look fails the visitor is let through, unless there is no connection at all", "[web][booking]") {
  const char* code = GENERATE("calendly_unavailable", "too_many_requests", "offline");
  INFO(code);
  OpenBench bench;
  bench.activate(time_id(kStart));
  bench.activate("book");
  bench.picker.take_failure(bench.fetches.back().id, code, {});
  bench.fetches.pop_back();
  bench.settle();
  const bool is_offline = std::string_view(code) == "offline";
  CHECK((bench.action<Book>() == nullptr) == is_offline);
  CHECK(bench.find("book"));
  CHECK_FALSE(bench.find("book")->disabled);
  if (!is_offline) return;
  CHECK(bench.find("notice")->text == "You appear to be offline");
  REQUIRE(bench.activate("book"));  // the next attempt checks again
  CHECK(bench.action<FetchSlots>());
}

TEST_CASE("Booking: a slot that was taken meanwhile leads to the six nearest others", "[web][booking]") {
  OpenBench bench;
  const Instant wanted = kStart + 90min;
  bench.activate(time_id(wanted));
  bench.picker.set_focus("book");
  bench.activate("book");
  std::set<Instant> left = bench.free;
  left.erase(wanted);
  bench.answer_last(left);
  CHECK_FALSE(bench.action<Book>());
  REQUIRE(bench.find("taken-text"));
  CHECK(bench.find("taken-text")->text == "This time was just taken: 2026-01-07, 2026-01-07T15:30:00Z");
  CHECK(bench.picker.state().focus == "taken-text");
  REQUIRE(bench.find("taken-list"));
  const auto& others = bench.find("taken-list")->children;
  REQUIRE(others.size() == 6);
  CHECK(others.front().children.front().id == time_id(kStart));
  CHECK(others.back().children.front().id == time_id(kStart + 180min));
  CHECK(others.front().children.front().label == "2026-01-07, 2026-01-07T14:00:00Z");
  CHECK(others.front().children.front().hint.empty());  // it is on the requested day

  SECTION("one of them can be chosen and booked") {
    REQUIRE(bench.activate(time_id(kStart)));
    CHECK_FALSE(bench.find("taken-text"));
    REQUIRE(bench.activate("book"));
    REQUIRE(bench.action<Book>());
    CHECK(bench.action<Book>()->start == kStart);
  }
  SECTION("or all times looked at") {
    REQUIRE(bench.activate("all-times"));
    CHECK_FALSE(bench.find("taken-text"));
    CHECK(bench.find("time-list"));
  }
  SECTION("Escape does the same") {
    bench.picker.set_focus(time_id(kStart));
    REQUIRE(bench.press("Escape"));
    CHECK_FALSE(bench.find("taken-text"));
  }
}

TEST_CASE("Booking: the last slot of all was taken", "[web][booking]") {
  OpenBench bench;
  bench.activate(time_id(kStart));
  bench.answer_last({});
  REQUIRE(bench.find("taken-text"));
  CHECK_FALSE(bench.find("taken-list"));
  CHECK(bench.find("taken-hint")->text == "There is no other free time near it");
  CHECK(bench.activate("all-times"));
}

TEST_CASE("nearest_slots: the least time between, whatever side", "[web][booking]") {
  OpenBench bench;
  bench.picker.set_clock(kStart + 200min);  // one slot is in the future
  bench.settle();
  CHECK(nearest_slots(bench.picker.state(), kStart).size() == 1);
  bench.picker.set_clock(at("2026-01-05T10:01:00Z"));
  bench.settle();
  const auto late = nearest_slots(bench.picker.state(), kStart + 10h);
  REQUIRE(late.size() == kNearest);
  CHECK(late.back().start == kStart + 210min);
}

TEST_CASE("Booking: the confirmation says what was booked, and the slot is asked for again", "[web][booking]") {
  OpenBench bench;
  bench.activate(time_id(kStart));
  bench.answer_last(bench.free);
  CHECK_FALSE(bench.picker.take_booking(kStart, {"e", "i"}));  // nothing was offered for booking yet
  bench.activate("book");
  CHECK_FALSE(bench.picker.take_booking(kStart + 30min, {"e", "i"}));
  REQUIRE(bench.picker.take_booking(kStart, {"https://x/e", "https://x/i"}));
  bench.settle();
  REQUIRE(bench.action<Emit>());
  CHECK(bench.action<Emit>()->name == "booked");
  CHECK(bench.action<Emit>()->detail.find(R"("eventUri":"https://x/e","inviteeUri":"https://x/i")") != std::string::npos);
  CHECK(bench.action<FetchSlots>());
  CHECK(bench.picker.state().focus == "booked");
  CHECK(bench.find("booked-day")->text == "2026-01-07");
  CHECK_FALSE(bench.find("calendar"));
  CHECK_FALSE(bench.picker.take_booking(kStart, {"https://x/e", "https://x/i"}));  // Calendly may report it twice
  REQUIRE(bench.activate("add-to-calendar"));
  REQUIRE(bench.action<AddToCalendar>());
  CHECK(bench.action<AddToCalendar>()->booked.start == kStart);

  bench.answer_last(bench.free);  // an old copy: the proxy does not know of the booking yet
  REQUIRE(bench.activate("book-another"));
  CHECK(bench.find("calendar"));
  CHECK_FALSE(bench.find(time_id(kStart)));
  CHECK_FALSE(bench.find("taken-text"));
}

// The page shows its own form for the slot of "Book now".
struct FormBench : OpenBench {
  FormBench() {
    activate(time_id(kStart));
    answer_last(free);
    picker.set_focus("book");
    activate("book");
    action<Book>();
    picker.set_form(Form::opening);
    settle();
  }
  void show(Form form) {
    picker.set_form(form);
    settle();
  }
};

TEST_CASE("Form: Book now is busy while it is fetched, then it stands in the picker's place", "[web][booking]") {
  FormBench bench;
  CHECK(bench.find("book")->busy);
  CHECK(bench.find("calendar"));
  CHECK_FALSE(bench.find("form"));
  bench.show(Form::open);
  REQUIRE(bench.find("form"));
  CHECK_FALSE(bench.find("calendar"));
  CHECK_FALSE(bench.find("footer"));
  CHECK(bench.find("title")->text == "30 Minute Meeting");
  CHECK(bench.find("form-day")->text == "2026-01-07");
  CHECK_FALSE(bench.find("form")->busy);
  CHECK(bench.picker.state().focus.empty());
  bench.show(Form::sending);
  CHECK(bench.find("form")->busy);
}

TEST_CASE("Form: put away, the choice is kept and Book now has the focus again", "[web][booking]") {
  FormBench bench;
  bench.show(Form::open);
  bench.show(Form::none);
  CHECK(bench.picker.state().chosen == kStart);
  CHECK(bench.picker.state().focus == "book");
  CHECK_FALSE(bench.find("book")->busy);
  REQUIRE(bench.activate("book"));
  CHECK(bench.action<Book>());
}

TEST_CASE("Form: a slot that is taken while the form is filled in is told of in the form, not pulled away", "[web][booking]") {
  FormBench bench;
  bench.show(Form::open);
  CHECK_FALSE(bench.find("form-taken"));
  bench.picker.set_clock(bench.picker.state().now + 6min);  // copies are old: requested again
  bench.settle();
  REQUIRE_FALSE(bench.fetches.empty());
  bench.free.erase(kStart);
  bench.answer_all();
  REQUIRE(bench.find("form-taken"));
  CHECK(bench.find("form-taken")->text == "This time was just taken: 2026-01-07, 2026-01-07T14:00:00Z");
  bench.show(Form::sending);
  CHECK_FALSE(bench.find("form-taken"));  // it may be this visitor's own booking
}

TEST_CASE("Form: when the proxy says that the slot is taken, the nearest others are offered and one of them opens it again",
          "[web][booking]") {
  FormBench bench;
  bench.show(Form::open);
  bench.show(Form::sending);
  bench.picker.lose_slot();
  bench.settle();
  CHECK_FALSE(bench.find("form"));
  REQUIRE(bench.find("taken-list"));
  CHECK(bench.picker.state().focus == "taken-text");
  CHECK_FALSE(bench.find(time_id(kStart)));  // although the copy still has it
  CHECK(bench.action<FetchSlots>()->is_fresh);
  REQUIRE(bench.activate(time_id(kStart + 30min)));
  bench.answer_last(bench.free);
  REQUIRE(bench.activate("book"));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->start == kStart + 30min);
  bench.show(Form::opening);
  bench.show(Form::open);
  CHECK(bench.find("form"));
}

TEST_CASE("Form: what it is about can end under it", "[web][booking]") {
  FormBench bench;
  SECTION("another choice while it is fetched") {
    REQUIRE(bench.activate(time_id(kStart + 30min)));
    bench.show(Form::open);
    CHECK_FALSE(bench.find("form"));
  }
  SECTION("its time has come") {
    bench.show(Form::open);
    bench.picker.set_clock(kStart + 1min);
    bench.settle();
    CHECK_FALSE(bench.find("form"));
    CHECK(bench.find("taken-text"));
  }
  SECTION("the site shows another event type") {
    bench.show(Form::open);
    bench.picker.set_option("event-type", "60min");
    bench.settle();
    CHECK_FALSE(bench.find("form"));
    bench.show(Form::sending);
    CHECK_FALSE(bench.find("form"));
  }
}

TEST_CASE("Form: booked by it, the confirmation has the ways to change one's mind", "[web][booking]") {
  FormBench bench;
  bench.show(Form::open);
  bench.show(Form::sending);
  REQUIRE(bench.picker.take_booking(kStart, {"https://x/e", "https://x/i", "https://x/cancel", "https://x/move"}));
  bench.settle();
  CHECK_FALSE(bench.find("form"));
  CHECK(bench.picker.state().focus == "booked");
  CHECK(bench.find("cancel-booking")->href == "https://x/cancel");
  REQUIRE(bench.activate("reschedule-booking"));
  REQUIRE(bench.action<OpenLink>());
  CHECK(bench.action<OpenLink>()->url == "https://x/move");
  CHECK(bench.action<OpenLink>()->is_whole);
}

}  // namespace slotwire::web::test
