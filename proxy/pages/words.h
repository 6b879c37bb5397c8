#pragma once
// Days, times, lengths, places and ages as text in a language. Pure; any thread.
#include <chrono>
#include <string>
#include <string_view>

#include "proxy/pages/language.h"
#include "shared/calendar.h"
#include "shared/zone_offsets.h"

namespace slotwire::pages {

[[nodiscard]] std::string day_text(const Language& language, Day day);         // "Tuesday, January 6"
[[nodiscard]] std::string days_text(const Language& language, DayRange days);  // "January 6, 2026 – January 12, 2026"; not empty
[[nodiscard]] std::string length_text(const Language& language, std::chrono::minutes m);  // "30 minutes", "1 hour 30 minutes"
// "12 minutes ago", "3 hours ago", "2 days ago"; less than a minute counts as one.
[[nodiscard]] std::string age_text(const Language& language, std::chrono::seconds age);
// "2:00 PM"; an hour that the clock shows twice also gets its UTC offset: "1:30 AM (UTC+2)".
[[nodiscard]] std::string clock_text(const Language& language, Instant instant, const ZoneOffsets& zone);
// "Monday, January 5, 9:30 AM"
[[nodiscard]] std::string day_and_clock_text(const Language& language, Instant instant, const ZoneOffsets& zone);
[[nodiscard]] std::string offset_text(std::chrono::seconds offset);  // "UTC+2", "UTC-3:30", "UTC"
[[nodiscard]] std::string zone_text(std::string_view name);          // "Europe/Berlin", "America/New York"
// "Times are shown in Europe/Berlin"; also says so if it is the host's own zone.
[[nodiscard]] std::string zone_sentence(const Language& language, std::string_view zone, bool is_hosts);
// The text for EventType::place; empty: none.
[[nodiscard]] std::string_view place_text(const Language& language, std::string_view location_kind);

}  // namespace slotwire::pages
