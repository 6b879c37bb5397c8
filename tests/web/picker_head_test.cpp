// The head of the picker: host, place and description.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
namespace {

struct Head : Bench {
  Head() : Bench("2026-01-05T10:00:00Z") {
    free = {at("2026-01-07T14:00:00Z")};
    start();
  }
  void answer(const std::string& host, const std::string& place, const std::string& description) {
    while (!fetches.empty()) {
      const FetchSlots fetch = fetches.front();
      fetches.erase(fetches.begin());
      SlotsAnswer answer = answer_for(fetch.days, free, picker.state().now);
      answer.host = host;
      answer.place = place;
      answer.description = description;
      picker.take_answer(fetch.id, std::move(answer));
      settle();
    }
  }
  std::string text(std::string_view id) const {
    const Node* node = find(id);
    return node ? node->text : "-";
  }
};

}  // namespace

TEST_CASE("Head: whose it is and the kind of place, where they are known", "[web][head]") {
  struct Row {
    const char* place;
    const char* shown;
  };
  const Row row = GENERATE(values<Row>({
      {"physical", "In person"},
      {"inbound_call", "By phone: you call"},
      {"outbound_call", "By phone: you are called"},
      {"ask_invitee", "A place you name"},
      {"zoom_conference", "Online meeting"},
      {"of_next_year", "Online meeting"},
      {"several", "Choice of place"},
      {"custom", "-"},
      {"", "-"},
  }));
  INFO(row.place);
  Head bench;
  bench.answer("Ada Example", row.place, "");
  CHECK(bench.text("host") == "Ada Example");
  CHECK(bench.text("place") == row.shown);
  CHECK_FALSE(bench.find("about"));
  CHECK(bench.words.missing.empty());
}

TEST_CASE("Head: a description that fits is there whole, with nothing to press", "[web][head]") {
  Head bench;
  bench.answer("", "", "Talk");
  bench.picker.set_folded("Talk");
  bench.settle();
  CHECK(bench.text("about-text") == "Talk");
  CHECK_FALSE(bench.find("about-more"));
  CHECK_FALSE(bench.find("host"));
}

// In full it would push the days out of view; truncated, half of the host's text would be lost.
TEST_CASE("Head: a long description is folded; unfolded it has the room of days and times, and gives it back", "[web][head]") {
  Head bench;
  bench.answer("Ada", "physical", "One two three four");
  bench.picker.set_folded("One two…");
  bench.settle();
  CHECK(bench.text("about-text") == "One two…");
  CHECK(bench.find("about-more")->expanded == false);
  CHECK(bench.find("about-more")->controls == "about-text");
  bench.picker.set_focus("about-more");
  REQUIRE(bench.activate("about-more"));
  CHECK(bench.text("about-text") == "One two three four");
  CHECK(bench.find("about-more")->expanded == true);
  CHECK(bench.picker.screen().focus == "about-more");
  CHECK_FALSE(bench.find("calendar"));
  CHECK_FALSE(bench.find("times"));
  CHECK(bench.find("zone"));
  REQUIRE(bench.activate("about-more"));
  CHECK(bench.text("about-text") == "One two…");
  CHECK(bench.find("day:2026-01-07")->selected);
}

TEST_CASE("Head: details are hidden and shown again, also while they are unfolded", "[web][head]") {
  Head bench;
  bench.answer("Ada", "physical", "One two three four");
  bench.picker.set_folded("One two…");
  bench.settle();
  bench.activate("about-more");
  bench.picker.set_option("hide-details", "true");
  bench.settle();
  for (const char* id : {"host", "place", "about"}) CHECK_FALSE(bench.find(id));
  CHECK(bench.find("meta"));
  CHECK(bench.find("title"));
  CHECK(bench.find("calendar"));
  bench.picker.set_option("hide-details", "");
  bench.settle();
  CHECK(bench.text("host") == "Ada");
  CHECK(bench.find("about-more"));
}

TEST_CASE("Head: of another event type nothing is left", "[web][head]") {
  Head bench;
  bench.answer("Ada", "physical", "One two three four");
  bench.picker.set_folded("One two…");
  bench.settle();
  bench.activate("about-more");
  bench.picker.set_option("event-type", "60min");
  bench.settle();
  for (const char* id : {"host", "place", "about"}) CHECK_FALSE(bench.find(id));
  CHECK(bench.find("calendar"));
}

TEST_CASE("Head: from the list of event types it is there before the first answer", "[web][head]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start("");
  EventType type;
  type.uri = "https://api.calendly.com/event_types/ZZZ";
  type.name = "30 Minute Meeting";
  type.duration = std::chrono::minutes{30};
  type.description = "Talk";
  type.host = "Sales";
  type.place = "zoom_conference";
  bench.picker.take_catalogue({ConnectionMode::pat, {type}});
  bench.settle();
  CHECK_FALSE(bench.find("host"));
  REQUIRE(bench.activate("type:" + type.uri));
  CHECK(bench.find("host")->text == "Sales");
  CHECK(bench.find("place")->text == "Online meeting");
  CHECK(bench.find("about-text")->text == "Talk");
}

}  // namespace slotwire::web::test
