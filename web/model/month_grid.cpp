#include "web/model/month_grid.h"

#include <algorithm>

namespace slotwire::web {
namespace chrono = std::chrono;

DayRange days_of(chrono::year_month month) { return {Day{month / 1}, Day{(month + chrono::months{1}) / 1}}; }

chrono::year_month month_of(Day day) {
  const chrono::year_month_day date{day};
  return date.year() / date.month();
}

Day start_of_week(Day day, int first_day) {
  const int weekday = static_cast<int>(chrono::weekday{day}.c_encoding());
  return day - chrono::days{(weekday - first_day + 7) % 7};
}

std::vector<Week> weeks_of(chrono::year_month month, int first_day) {
  const DayRange days = days_of(month);
  std::vector<Week> weeks;
  for (Day first = start_of_week(days.begin, first_day); first < days.end; first += chrono::days{7}) {
    Week& week = weeks.emplace_back(Week{first, {}});
    for (std::size_t i = 0; i < 7; ++i) {
      const Day day = first + chrono::days{static_cast<int>(i)};
      if (days.contains(day)) week.days[i] = day;
    }
  }
  return weeks;
}

Day moved_by_months(Day day, int months) {
  const chrono::year_month_day date{day};
  const chrono::year_month month = date.year() / date.month() + chrono::months{months};
  const chrono::day last = chrono::year_month_day_last{month.year(), chrono::month_day_last{month.month()}}.day();
  return Day{month / std::min(date.day(), last)};
}

}  // namespace slotwire::web
