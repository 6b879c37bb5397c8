#pragma once
// Addresses of the pages: Calendly's own links on our host, and the parameters passed on from page to page. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/calendar.h"
#include "shared/zone_offsets.h"

namespace slotwire::pages {

// True when a raw path could be one of Calendly's links: "/acme", "/acme/30min", "/d/abcd-efg/intro", and either of the last two
// followed by a day or time. File names ("/robots.txt") cannot.
[[nodiscard]] bool is_link_shaped(std::string_view path);

// The path of a scheduling link as written, "/acme/30min"; empty if it is not one.
[[nodiscard]] std::string path_of_link(std::string_view scheduling_url);
// The link at Calendly for one of our paths, on the host of the account's own page: "https://calendly.com/acme", "/acme/30min".
[[nodiscard]] std::string link_of_path(std::string_view account_url, std::string_view path);

// The first day requested by Calendly's parameters: `date` (YYYY-MM-DD), otherwise the day at the end of the path (for a time:
// its day in the zone), otherwise `month` (YYYY-MM), otherwise `today`. Unreadable values, past days, and days more than five
// years ahead count as today.
[[nodiscard]] Day first_day_asked(const std::optional<std::string>& date, std::string_view path,
                                  const std::optional<std::string>& month, Day today, const ZoneOffsets& zone);

using Query = std::vector<std::pair<std::string, std::string>>;
// Appends these parameters to the path's or link's query, without those that have no value.
[[nodiscard]] std::string with_query(std::string_view path, const Query& query);

// True when one of Calendly's switches is on: "hide_event_type_details=1".
[[nodiscard]] bool is_on(const Query& query, std::string_view name);

// The parameters that are passed on from page to page and to the booking: Calendly's names for a visitor's known data, tracking
// (utm), and the appearance of an embedding page. Not the zone and the days, which each link adds itself. Reads a raw query;
// leaves out what cannot be decoded, and everything beyond 2 KiB, since every link on a page repeats them.
[[nodiscard]] Query carried_from(std::string_view query);

// Where a time is booked: on its booking page at Calendly, or on our own page if we know its origin.
struct Links {
  std::string origin = {};  // "https://slots.example.com"; empty: at Calendly
  Query carried = {};

  // The link of a slot or event type, with this zone and, if the link contains a day, with this day: Calendly writes the UTC day
  // there.
  [[nodiscard]] std::string to(std::string_view scheduling_url, std::string_view zone, std::optional<Day> day = {}) const;
};

}  // namespace slotwire::pages
