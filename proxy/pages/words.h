#pragma once
// What pages and mails say, in English: days, times, lengths, places, ages. Pure; any thread.
#include <chrono>
#include <string>
#include <string_view>

#include "shared/calendar.h"
#include "shared/zone_offsets.h"

namespace slotwire::pages {

[[nodiscard]] std::string day_text(Day day);                    // "Tuesday, January 6"
[[nodiscard]] std::string days_text(DayRange days);             // "January 6 to 12", "January 28 to February 3"; not empty
[[nodiscard]] std::string length_text(std::chrono::minutes m);  // "30 minutes", "1 hour", "1 hour 30 minutes"
[[nodiscard]] std::string age_text(std::chrono::seconds age);   // "less than a minute", "12 minutes", "3 hours", "2 days"
// "2:00 PM"; an hour that a clock shows twice has its distance from UTC with it: "1:30 AM (UTC+2)".
[[nodiscard]] std::string clock_text(Instant instant, const ZoneOffsets& zone);
[[nodiscard]] std::string offset_text(std::chrono::seconds offset);         // "UTC+2", "UTC-3:30", "UTC"
[[nodiscard]] std::string zone_text(std::string_view name);                 // "Europe/Berlin", "America/New York"
[[nodiscard]] std::string_view place_text(std::string_view location_kind);  // EventType::place; empty: nothing to say

}  // namespace slotwire::pages
