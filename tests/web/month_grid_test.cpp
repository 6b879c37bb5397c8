#include "web/model/month_grid.h"

#include <catch_amalgamated.hpp>

namespace slotwire::web {
namespace chrono = std::chrono;
using namespace std::chrono_literals;

TEST_CASE("weeks_of: how many weeks a month takes", "[web][month_grid]") {
  struct Row {
    const char* name;
    chrono::year_month month;
    int first_day;
    std::size_t weeks;
  };
  const Row row = GENERATE(values<Row>({
      {"four exactly: February 2027 starts on a Monday", 2027y / 2, 1, 4},
      {"the same month from Sunday", 2027y / 2, 0, 5},
      {"leap February", 2028y / 2, 1, 5},
      {"six: August 2026 starts on a Saturday", 2026y / 8, 0, 6},
      {"six from Monday too", 2026y / 8, 1, 6},
      {"five from Saturday", 2026y / 8, 6, 5},
  }));
  INFO(row.name);
  CHECK(weeks_of(row.month, row.first_day).size() == row.weeks);
}

TEST_CASE("weeks_of: every day once, in its own column, for a century", "[web][month_grid]") {
  const int first_day = GENERATE(range(0, 7));
  for (chrono::year_month month = 2000y / 1; month < 2100y / 1; month += chrono::months{1}) {
    Day expected = days_of(month).begin;
    for (const Week& week : weeks_of(month, first_day)) {
      REQUIRE(static_cast<int>(chrono::weekday{week.first}.c_encoding()) == first_day);
      for (std::size_t i = 0; i < 7; ++i) {
        if (!week.days[i]) continue;
        REQUIRE(*week.days[i] == week.first + chrono::days{static_cast<int>(i)});
        REQUIRE(*week.days[i] == expected);
        expected += chrono::days{1};
      }
    }
    REQUIRE(expected == days_of(month).end);
  }
}

TEST_CASE("moved_by_months: the day stays, or becomes the month's last", "[web][month_grid]") {
  struct Row {
    Day from;
    int months;
    Day to;
  };
  const Row row = GENERATE(values<Row>({
      {Day{2026y / 1 / 31}, 1, Day{2026y / 2 / 28}},
      {Day{2028y / 1 / 31}, 1, Day{2028y / 2 / 29}},
      {Day{2028y / 2 / 29}, 12, Day{2029y / 2 / 28}},
      {Day{2026y / 12 / 15}, 1, Day{2027y / 1 / 15}},
      {Day{2026y / 1 / 15}, -1, Day{2025y / 12 / 15}},
  }));
  CHECK(moved_by_months(row.from, row.months) == row.to);
}

}  // namespace slotwire::web
