#include "shared/day_cells.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <random>

using namespace slotwire;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr Day kMonday{days{20'458}};  // 2026-01-05
constexpr Instant kNow = Instant{kMonday} + hours{9};

Slot slot(Instant start, int remaining = 1) {
  return {start, remaining, "https://calendly.com/acme/30min/" + text_from_instant(start)};
}

std::vector<DayCell> random_window(std::mt19937& random, Instant fetched_at) {
  const Day first = kMonday + days{std::uniform_int_distribution<int>{0, 10}(random)};
  std::vector<Slot> slots;
  for (int i = std::uniform_int_distribution<int>{0, 40}(random); i > 0; --i) {
    slots.push_back(slot(Instant{first} + minutes{30 * std::uniform_int_distribution<int>{0, 48 * 7 - 1}(random)},
                         std::uniform_int_distribution<int>{1, 3}(random)));
    slots.back().listed_in.decimals = static_cast<std::uint8_t>(std::uniform_int_distribution<int>{0, 1}(random)*6);
  }
  return cells_from_window({first, first + days{7}}, slots, fetched_at);
}

}  // namespace

TEST_CASE("cells_from_window: one cell for each day, empty days included", "[shared][cells]") {
  const auto cells = cells_from_window({kMonday, kMonday + days{3}}, {slot(Instant{kMonday + days{1}} + hours{14})}, kNow);
  REQUIRE(cells.size() == 3);
  CHECK(cells[0].slots.empty());
  CHECK(cells[1].slots.size() == 1);
  CHECK(cells[2].slots.empty());
  CHECK(std::all_of(cells.begin(), cells.end(), [](const DayCell& cell) { return cell.fetched_at == kNow; }));
}

TEST_CASE("cells_from_window: sorts, drops repeats of an instant and what lies outside", "[shared][cells]") {
  const Instant two = Instant{kMonday} + hours{14};
  const std::vector<Slot> slots = {slot(two + hours{1}), slot(two, 2), slot(two, 1), slot(Instant{kMonday} - minutes{1}),
                                   slot(Instant{kMonday + days{1}})};
  auto backwards = slots;
  std::reverse(backwards.begin(), backwards.end());
  const auto cells = cells_from_window({kMonday, kMonday + days{1}}, slots, kNow);
  REQUIRE(cells.size() == 1);
  CHECK(cells[0].slots == std::vector<Slot>{slot(two, 1), slot(two + hours{1})});
  CHECK(cells_from_window({kMonday, kMonday + days{1}}, backwards, kNow) == cells);
}

TEST_CASE("DayCells: a newer fetch replaces a day whole, an older one changes nothing", "[shared][cells]") {
  DayCells known;
  const Instant two = Instant{kMonday} + hours{14};
  known.merge(DayCell{kMonday, kNow, {slot(two), slot(two + hours{1})}});
  known.merge(DayCell{kMonday, kNow - minutes{5}, {slot(two + hours{3})}});
  CHECK(known.find(kMonday)->slots.size() == 2);
  known.merge(DayCell{kMonday, kNow + minutes{5}, {slot(two + hours{1})}});
  CHECK(known.find(kMonday)->slots == std::vector<Slot>{slot(two + hours{1})});
  known.merge(DayCell{kMonday, kNow + minutes{6}, {}});
  CHECK(known.find(kMonday)->slots.empty());
}

TEST_CASE("DayCells: merging does not depend on order, and twice is once", "[shared][cells]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 100)))};
  std::vector<std::vector<DayCell>> windows;
  for (int i = 0; i < 6; ++i) {
    // Few different ages, so that some are equal.
    windows.push_back(random_window(random, kNow + minutes{std::uniform_int_distribution<int>{0, 2}(random)}));
  }
  DayCells forwards;
  for (const auto& window : windows) forwards.merge(window);
  DayCells shuffled;
  std::shuffle(windows.begin(), windows.end(), random);
  for (const auto& window : windows) shuffled.merge(window);
  CHECK(std::equal(shuffled.all().begin(), shuffled.all().end(), forwards.all().begin(), forwards.all().end()));
  for (const auto& window : windows) shuffled.merge(window);
  CHECK(std::equal(shuffled.all().begin(), shuffled.all().end(), forwards.all().begin(), forwards.all().end()));

  for (const DayCell& cell : forwards.all()) {
    CHECK(std::is_sorted(cell.slots.begin(), cell.slots.end(), [](const Slot& a, const Slot& b) { return a.start < b.start; }));
    CHECK(std::adjacent_find(cell.slots.begin(), cell.slots.end(),
                             [](const Slot& a, const Slot& b) { return a.start == b.start; }) == cell.slots.end());
    for (const Slot& each : cell.slots) CHECK(utc_day_of(each.start) == cell.day);
  }
}

TEST_CASE("DayCells: days_older_than names unknown and old days only", "[shared][cells]") {
  DayCells known;
  known.merge(DayCell{kMonday + days{1}, kNow, {}});
  known.merge(DayCell{kMonday + days{2}, kNow - minutes{10}, {}});
  known.merge(DayCell{kMonday + days{9}, kNow, {}});
  const auto needed = known.days_older_than(kNow - minutes{5}, {kMonday, kMonday + days{4}});
  CHECK(needed == std::vector<Day>{kMonday, kMonday + days{2}, kMonday + days{3}});
  CHECK(known.days_older_than(kNow - minutes{5}, {kMonday + days{1}, kMonday + days{2}}).empty());
}

TEST_CASE("DayCells: slots_in cuts inside a day at both ends", "[shared][cells]") {
  DayCells known;
  const Instant noon = Instant{kMonday} + hours{12};
  known.merge(DayCell{kMonday, kNow, {slot(noon - hours{1}), slot(noon), slot(noon + hours{1})}});
  known.merge(DayCell{kMonday + days{1}, kNow, {slot(noon + hours{24})}});
  CHECK(known.slots_in({noon, noon + hours{24}}) == std::vector<Slot>{slot(noon), slot(noon + hours{1})});
  CHECK(known.slots_in({noon, noon}).empty());
  known.forget(kMonday);
  CHECK(known.find(kMonday) == nullptr);
}
