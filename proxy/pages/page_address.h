#pragma once
// Addresses of the pages: Calendly's own links with our host. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::pages {

// "/acme", "/acme/30min", "/d/abcd-efg/intro", and any of the last two with a day or time behind it: whether a raw path could be
// one of Calendly's links. Names of files ("/robots.txt") cannot.
[[nodiscard]] bool is_link_shaped(std::string_view path);

// The path of a scheduling link as it is written, "/acme/30min"; empty for what is none.
[[nodiscard]] std::string path_of_link(std::string_view scheduling_url);
// The link at Calendly that this path of ours stands for, by the account's own page: "https://calendly.com/acme", "/acme/30min".
[[nodiscard]] std::string link_of_path(std::string_view account_url, std::string_view path);

// The first day that is asked for by Calendly's own words: `date` (YYYY-MM-DD), else the day at the end of the path, else `month`
// (YYYY-MM), else `today`. What cannot be read, is past or is more than five years ahead counts as today.
[[nodiscard]] Day first_day_asked(const std::optional<std::string>& date, std::string_view path,
                                  const std::optional<std::string>& month, Day today);

using Query = std::vector<std::pair<std::string_view, std::string>>;
[[nodiscard]] std::string with_query(std::string_view path, const Query& query);

}  // namespace slotwire::pages
