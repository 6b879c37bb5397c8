#include "shared/any_of.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <map>
#include <random>
#include <set>

#include "shared/day_cells.h"

using namespace slotwire;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr Day kMonday{days{20'458}};  // 2026-01-05
constexpr Instant kNow = Instant{kMonday} + hours{9};
constexpr DayRange kTwoWeeks{kMonday, kMonday + days{14}};

std::string uri(int i) { return "https://api.calendly.com/event_types/TYPE" + std::to_string(i); }

struct Known {
  std::string uri;
  DayCells cells;
  [[nodiscard]] std::vector<Slot> slots(DayRange range = kTwoWeeks) const {
    return cells.slots_in({Instant{range.begin}, Instant{range.end}});
  }
};

// Random slots, with windows that overlap and days that were not requested.
Known random_type(std::mt19937& random, int i) {
  const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>{least, most}(random); };
  Known known{uri(i), {}};
  for (int window = any(1, 4); window > 0; --window) {
    const Day first = kMonday + days{any(0, 10)};
    std::vector<Slot> slots;
    for (int slot = any(0, 60); slot > 0; --slot) {
      const Instant start = Instant{first} + minutes{30 * any(0, 48 * 7 - 1)};
      slots.push_back({start, any(1, 3), known.uri + "/" + text_from_instant(start)});
    }
    known.cells.merge(cells_from_window({first, first + days{7}}, slots, kNow + minutes{any(0, 2)}));
  }
  return known;
}

std::vector<Known> random_types(std::mt19937& random) {
  std::vector<Known> types;
  for (int i = std::uniform_int_distribution<int>{1, 5}(random); i > 0; --i) types.push_back(random_type(random, i));
  return types;
}

std::vector<Slot> united(const std::vector<Known>& types, Turn turn, DayRange range = kTwoWeeks) {
  std::vector<std::vector<Slot>> slots;
  for (const Known& type : types) slots.push_back(type.slots(range));
  std::vector<TypeSlots> each;
  for (std::size_t i = 0; i < types.size(); ++i) each.push_back({types[i].uri, slots[i]});
  return any_of(each, turn);
}

// For each instant: its event type, and the others that have it.
using Offers = std::map<Instant, std::pair<std::string, std::set<std::string>>>;
Offers offers_in(const std::vector<Slot>& slots, const std::vector<Known>& types) {
  Offers offers;
  for (const Slot& slot : slots) {
    auto& [chosen, all] = offers[slot.start];
    if (all.empty()) chosen = types[slot.of].uri;
    all.insert(types[slot.of].uri);
  }
  return offers;
}

}  // namespace

TEST_CASE("any_of: the union of cells is the cells of the union", "[shared][any_of]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 100)))};
  const Turn turn = GENERATE(Turn::fair, Turn::order);
  const std::vector<Known> types = random_types(random);
  std::vector<Slot> by_day;
  for (Day day = kTwoWeeks.begin; day < kTwoWeeks.end; day += days{1}) {
    const std::vector<Slot> one = united(types, turn, {day, day + days{1}});
    by_day.insert(by_day.end(), one.begin(), one.end());
  }
  const std::vector<Slot> whole = united(types, turn);
  CHECK(whole == by_day);
  std::set<std::pair<Instant, std::string>> expected;
  std::set<std::pair<Instant, std::string>> found;
  for (const Known& type : types)
    for (const Slot& slot : type.slots()) expected.emplace(slot.start, slot.scheduling_url);
  for (const Slot& slot : whole) found.emplace(slot.start, slot.scheduling_url);
  CHECK(found == expected);  // all times of all types, each with its own link
  CHECK(found.size() == whole.size());
  CHECK(std::is_sorted(whole.begin(), whole.end(), [](const Slot& a, const Slot& b) { return a.start < b.start; }));
}

TEST_CASE("any_of: in turn, the order in which they are named changes nothing", "[shared][any_of]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 100)))};
  std::vector<Known> types = random_types(random);
  const Offers before = offers_in(united(types, Turn::fair), types);
  std::shuffle(types.begin(), types.end(), random);
  CHECK(offers_in(united(types, Turn::fair), types) == before);
}

TEST_CASE("any_of: twice is once", "[shared][any_of]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 100)))};
  const Turn turn = GENERATE(Turn::fair, Turn::order);
  std::vector<Known> types = random_types(random);
  const std::vector<Slot> once = united(types, turn);
  const auto all = types;
  types.insert(types.end(), all.begin(), all.end());
  CHECK(united(types, turn) == once);
}

TEST_CASE("any_of: who has no time at an instant leaves the others' turns as they are", "[shared][any_of]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 100)))};
  std::vector<Known> types = random_types(random);
  const Offers all = offers_in(united(types, Turn::fair), types);
  const std::string gone = types.back().uri;
  types.pop_back();
  const Offers rest = offers_in(united(types, Turn::fair), types);
  for (const auto& [start, offer] : all) {
    if (offer.first == gone) continue;
    REQUIRE(rest.contains(start));
    CHECK(rest.at(start).first == offer.first);
  }
}

TEST_CASE("any_of: in turn each gets about as many, by order the first gets all", "[shared][any_of]") {
  std::vector<Known> types;
  for (int i = 0; i < 3; ++i) {
    std::vector<Slot> slots;
    for (int n = 0; n < 14 * 48; ++n) slots.push_back({Instant{kMonday} + minutes{30 * n}, 1, uri(i)});
    types.push_back({uri(i), {}});
    types.back().cells.merge(cells_from_window(kTwoWeeks, slots, kNow));
  }
  std::map<std::string, int> turns;
  for (const auto& [start, offer] : offers_in(united(types, Turn::fair), types)) ++turns[offer.first];
  for (const Known& type : types) {
    CHECK(turns[type.uri] > 14 * 48 / 3 * 8 / 10);
    CHECK(turns[type.uri] < 14 * 48 / 3 * 12 / 10);
  }
  for (const auto& [start, offer] : offers_in(united(types, Turn::order), types)) CHECK(offer.first == uri(0));
}

TEST_CASE("json_from_any_of: each slot says whose it is and who else has it, with an end of its own", "[shared][any_of]") {
  SlotsAnswer answer;
  answer.types.resize(2);
  answer.types[0].uri = "u:A";
  answer.types[0].duration = minutes{15};
  answer.types[0].name = "Sales";
  answer.types[0].host = answer.types[1].host = "Acme";
  answer.types[0].place = "physical";
  answer.types[1].uri = "u:B";
  answer.types[1].name = "Support";
  answer.types[1].duration = minutes{60};
  answer.days = {kMonday, kMonday + days{1}};
  const Slot a{kNow, 1, "https://calendly.com/a"};
  const Slot b{kNow, 2, "https://calendly.com/b"};
  const std::vector<Slot> only_a{a}, only_b{b};
  const TypeSlots types[] = {{"u:A", only_a}, {"u:B", only_b}};
  answer.slots = any_of(types, Turn::order);
  answer.windows = {{answer.days, WindowSource::failed, std::nullopt, ErrorCode::calendly_unavailable, 1}};
  const std::string json = json_from_any_of(answer, Turn::order);
  INFO(json);
  CHECK(
      json.find(
          R"("anyOf":"order","eventTypeName":"Sales · Support","profileName":"Acme","locationKind":"","description":"","duration":null)") !=
      std::string::npos);
  CHECK(json.find(
            R"("slots":[{"start":"2026-01-05T09:00:00Z","end":"2026-01-05T09:15:00Z","status":"available","inviteesRemaining":1,)"
            R"("schedulingUrl":"https://calendly.com/a","eventTypeUri":"u:A","alternatives":[{"start":"2026-01-05T09:00:00Z",)"
            R"("end":"2026-01-05T10:00:00Z","status":"available","inviteesRemaining":2,)"
            R"("schedulingUrl":"https://calendly.com/b","eventTypeUri":"u:B"}]}])") != std::string::npos);
  CHECK(json.find(R"("windows":[{"start":"2026-01-05","end":"2026-01-05","eventTypeUri":"u:B","source":"failed")") !=
        std::string::npos);
}

TEST_CASE("part_of_day: noon is afternoon, five is evening, midnight begins the morning", "[shared][any_of]") {
  CHECK(part_of_day(minutes{0}) == PartOfDay::morning);
  CHECK(part_of_day(hours{12} - minutes{1}) == PartOfDay::morning);
  CHECK(part_of_day(hours{12}) == PartOfDay::afternoon);
  CHECK(part_of_day(hours{17} - minutes{1}) == PartOfDay::afternoon);
  CHECK(part_of_day(hours{17}) == PartOfDay::evening);
  for (const PartOfDay part : {PartOfDay::morning, PartOfDay::afternoon, PartOfDay::evening})
    CHECK(part_from_name(name_from_part(part)) == part);
  CHECK_FALSE(part_from_name("night"));
}
