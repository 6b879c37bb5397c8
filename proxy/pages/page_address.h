#pragma once
// Addresses of the pages: Calendly's own links with our host, and what a question carries from one to the next. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/calendar.h"
#include "shared/zone_offsets.h"

namespace slotwire::pages {

// "/acme", "/acme/30min", "/d/abcd-efg/intro", and any of the last two with a day or time behind it: whether a raw path could be
// one of Calendly's links. Names of files ("/robots.txt") cannot.
[[nodiscard]] bool is_link_shaped(std::string_view path);

// The path of a scheduling link as it is written, "/acme/30min"; empty for what is none.
[[nodiscard]] std::string path_of_link(std::string_view scheduling_url);
// The link at Calendly that this path of ours stands for, by the account's own page: "https://calendly.com/acme", "/acme/30min".
[[nodiscard]] std::string link_of_path(std::string_view account_url, std::string_view path);

// The first day that is asked for by Calendly's own words: `date` (YYYY-MM-DD), else the day at the end of the path, which is a
// time's day in the zone, else `month` (YYYY-MM), else `today`. What cannot be read, is past or is more than five years ahead
// counts as today.
[[nodiscard]] Day first_day_asked(const std::optional<std::string>& date, std::string_view path,
                                  const std::optional<std::string>& month, Day today, const ZoneOffsets& zone);

using Query = std::vector<std::pair<std::string, std::string>>;
// The path or link with these behind the query it has; those without a value are left out.
[[nodiscard]] std::string with_query(std::string_view path, const Query& query);

// Whether a switch of Calendly's is on: "hide_event_type_details=1".
[[nodiscard]] bool is_on(const Query& query, std::string_view name);

// What a visitor brought and takes along from page to page and to the booking: Calendly's names for what is known of them, where
// they came from (utm), and how the page around them looks. Not the zone and the days, which each link says itself. From a query
// as it was sent; what cannot be decoded is left out, and so is what goes beyond 2 KiB: every link of a page repeats it.
[[nodiscard]] Query carried_from(std::string_view query);

// Where a time is booked: its booking page at Calendly, or the proxy's own page of it where that has an origin by name.
struct Links {
  std::string origin = {};  // "https://slots.example.com"; empty: at Calendly
  Query carried = {};

  // The link of a slot or an event type, which will speak of this zone and, where the link names a day, of this one: Calendly
  // writes the day that UTC has then.
  [[nodiscard]] std::string to(std::string_view scheduling_url, std::string_view zone, std::optional<Day> day = {}) const;
};

}  // namespace slotwire::pages
