#pragma once
// The days of a month as weeks, for a calendar page. Pure.
#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::web {

// Seven days, starting with the first day of the week; nullopt for days of another month.
struct Week {
  Day first;  // of the week, even if it belongs to another month
  std::array<std::optional<Day>, 7> days;
};

// 4 to 6 weeks. `first_day` is 0 (Sunday) .. 6.
[[nodiscard]] std::vector<Week> weeks_of(std::chrono::year_month month, int first_day);

[[nodiscard]] DayRange days_of(std::chrono::year_month month);
[[nodiscard]] std::chrono::year_month month_of(Day day);
[[nodiscard]] Day start_of_week(Day day, int first_day);
// The same day of the month `months` later, or the month's last day if that does not exist (January 31 -> February 28).
[[nodiscard]] Day moved_by_months(Day day, int months);

}  // namespace slotwire::web
