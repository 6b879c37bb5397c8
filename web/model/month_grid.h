#pragma once
// The days of a month as weeks, for a calendar page. Pure.
#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::web {

// Seven places from the first day of the week on; a place is empty when its day belongs to another month.
struct Week {
  Day first;  // of the week, whatever month it belongs to
  std::array<std::optional<Day>, 7> days;
};

// 4 to 6 weeks. `first_day` is 0 (Sunday) .. 6.
[[nodiscard]] std::vector<Week> weeks_of(std::chrono::year_month month, int first_day);

[[nodiscard]] DayRange days_of(std::chrono::year_month month);
[[nodiscard]] std::chrono::year_month month_of(Day day);
[[nodiscard]] Day start_of_week(Day day, int first_day);
// The same day of the month `months` later; the month's last day where that does not exist (January 31 -> February 28).
[[nodiscard]] Day moved_by_months(Day day, int months);

}  // namespace slotwire::web
