#include "shared/window_plan.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <random>
#include <set>

using namespace slotwire;
using std::chrono::days;

namespace {

constexpr Day kFirst{days{20'458}};  // 2026-01-05

std::vector<Day> consecutive(int count) {
  std::vector<Day> all;
  for (int i = 0; i < count; ++i) all.push_back(kFirst + days{i});
  return all;
}

// The least number of windows by trying every choice of window starts: fewest(i) covers needed days from the i-th on.
std::size_t fewest_by_brute_force(const std::vector<Day>& needed, days longest) {
  std::vector<std::size_t> fewest(needed.size() + 1, 0);
  for (std::size_t i = needed.size(); i-- > 0;) {
    fewest[i] = needed.size();
    // A window that covers needed[i] may start up to longest-1 days before it.
    for (days lead{0}; lead < longest; ++lead) {
      std::size_t next = i;
      while (next < needed.size() && needed[next] < needed[i] - lead + longest) ++next;
      fewest[i] = std::min(fewest[i], 1 + fewest[next]);
    }
  }
  return fewest[0];
}

}  // namespace

TEST_CASE("windows_covering: the contract's counts for a week, two weeks and a month", "[shared][windows]") {
  struct Row {
    int needed;
    int longest;
    std::size_t windows;
  };
  const auto row = GENERATE(values<Row>({{0, 7, 0},
                                         {1, 7, 1},
                                         {7, 7, 1},
                                         {8, 7, 2},
                                         {14, 7, 2},
                                         {30, 7, 5},
                                         {31, 7, 5},
                                         {92, 7, 14},
                                         {30, 31, 1},
                                         {31, 31, 1},
                                         {32, 31, 2},
                                         {92, 31, 3},
                                         {5, 1, 5}}));
  INFO(row.needed << " days in windows of " << row.longest);
  const auto needed = consecutive(row.needed);
  const auto windows = windows_covering(needed, days{row.longest});
  REQUIRE(windows);
  CHECK(windows->size() == row.windows);
}

TEST_CASE("windows_covering: a window longer than Calendly ever allowed is refused", "[shared][windows]") {
  const auto longest = GENERATE(-1, 0, 32, 1000);
  CHECK(windows_covering(consecutive(3), days{longest}).error().code == ErrorCode::bad_input);
}

TEST_CASE("windows_covering: repeats of a day do not matter", "[shared][windows]") {
  auto needed = consecutive(20);
  const auto windows = windows_covering(needed, days{7}).value();
  needed.insert(needed.begin() + 3, needed[3]);
  needed.push_back(needed.back());
  CHECK(windows_covering(needed, days{7}).value() == windows);
}

TEST_CASE("windows_covering: a later overlapping range asks only for what is missing", "[shared][windows]") {
  const auto first = windows_covering(consecutive(14), days{7}).value();
  std::vector<Day> missing;
  for (const Day day : consecutive(21)) {
    if (day >= first.back().end) missing.push_back(day);
  }
  CHECK(windows_covering(missing, days{7}).value() == std::vector<DayRange>{{kFirst + days{14}, kFirst + days{21}}});
}

TEST_CASE("windows_covering: covers exactly, never overlaps, and no plan has fewer", "[shared][windows]") {
  std::mt19937 random{static_cast<unsigned>(GENERATE(range(0, 300)))};
  const days longest{std::uniform_int_distribution<int>{1, 31}(random)};
  std::set<Day> chosen;
  const int span = std::uniform_int_distribution<int>{1, 92}(random);
  const double density = std::uniform_real_distribution<>{0.02, 1.0}(random);
  for (int i = 0; i < span; ++i) {
    if (std::bernoulli_distribution{density}(random)) chosen.insert(kFirst + days{i});
  }
  const std::vector<Day> needed(chosen.begin(), chosen.end());

  const auto windows = windows_covering(needed, longest).value();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    CHECK(windows[i].length() == longest);
    CHECK(chosen.count(windows[i].begin) == 1);
    if (i > 0) CHECK(windows[i - 1].end <= windows[i].begin);
  }
  for (const Day day : needed) {
    CHECK(std::count_if(windows.begin(), windows.end(), [&](const DayRange& w) { return w.contains(day); }) == 1);
  }
  CHECK(windows.size() == fewest_by_brute_force(needed, longest));
}

TEST_CASE("askable_range: never asks for the past, and leaves room for clock skew", "[shared][windows]") {
  const DayRange window{kFirst, kFirst + days{7}};
  const Instant begin{kFirst};
  SECTION("a window in the future is asked for whole") {
    CHECK(askable_range(window, begin - std::chrono::hours{5}) == InstantRange{begin, Instant{window.end}});
  }
  SECTION("the running day begins a minute from now") {
    const Instant now = begin + std::chrono::hours{10};
    CHECK(askable_range(window, now) == InstantRange{now + std::chrono::minutes{1}, Instant{window.end}});
  }
  SECTION("a minute before the window is still too close") {
    const Instant now = begin - std::chrono::seconds{59};
    CHECK(askable_range(window, now)->begin == begin + std::chrono::seconds{1});
  }
  SECTION("nothing is left of a window that is over") {
    CHECK_FALSE(askable_range(window, Instant{window.end}));
    CHECK_FALSE(askable_range(window, Instant{window.end} - std::chrono::seconds{60}));
    CHECK(askable_range(window, Instant{window.end} - std::chrono::seconds{61}));
  }
}
