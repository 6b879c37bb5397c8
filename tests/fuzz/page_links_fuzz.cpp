// Links of booking pages: which are whose, what a visitor takes along, and that no address leads out of its page.
#include <algorithm>
#include <string>

#include "proxy/connection/scheduling_link.h"
#include "proxy/pages/html.h"
#include "proxy/pages/page_address.h"
#include "shared/ascii.h"
#include "shared/percent.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

pages::Query read_of(std::string_view address) {
  pages::Query read;
  const std::size_t mark = address.find('?');
  if (mark == address.npos) return read;
  for (const QueryPair& pair : query_pairs(address.substr(mark + 1)))
    read.emplace_back(query_decoded(pair.name).value_or(""), query_decoded(pair.value).value_or(""));
  return read;
}

void hold_carried(std::string_view query) {
  const pages::Query carried = pages::carried_from(query);
  std::size_t size = 0;
  for (const auto& [name, value] : carried) size += name.size() + value.size();
  holds(size <= 2048, "no page repeats more than it may");
  for (const auto& [name, value] : carried)
    holds(name != "timezone" && name != "date" && name != "month", "zone and days are each link's own");
  pages::Query told = carried;
  std::erase_if(told, [](const auto& one) { return one.second.empty(); });
  const std::string address = pages::with_query("/acme/30min", told);
  holds(read_of(address) == told, "what is taken along is what was brought");
  const std::size_t mark = address.find('?');
  holds(pages::carried_from(mark == address.npos ? "" : std::string_view(address).substr(mark + 1)) == told, "from page to page");
  (void)pages::is_on(carried, "hide_event_type_details");
}

void hold_link(std::string_view link, const pages::Query& carried) {
  const std::string comparable = connection::comparable_link(link);
  if (!comparable.empty()) {
    holds(comparable.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == comparable.npos, "links are compared in small letters");
    holds(!comparable.ends_with('/'), "without a slash at the end");
  }
  EventType mine;
  mine.scheduling_url = "https://calendly.com/acme/30min";
  const std::vector<EventType> types = {mine};
  if (const EventType* found = connection::type_behind_link(types, link))
    holds(found == &types[0] && comparable.starts_with("calendly.com/acme/30min"), "nobody else's link is ours");
  if (!connection::types_under_link(types, link).empty())
    holds(comparable == "calendly.com/acme", "an owner's page is the owner's");

  const std::string path = pages::path_of_link(link);
  holds(path.empty() || (path.starts_with('/') && path.size() > 1 && path.find_first_of("?#") == path.npos), "a path, or none");

  pages::Links links;
  links.carried = carried;
  for (const std::string origin : {"", "https://slots.example.com"}) {
    links.origin = origin;
    const std::string to = links.to(link, "Europe/Berlin", Day(std::chrono::days(20'454)));
    if (!origin.empty() && !path.empty()) holds(to.starts_with(origin + '/'), "our own page is on our own origin");
    const pages::Query told = read_of(std::string_view(to).substr(0, to.find('#')));
    holds(std::count_if(told.begin(), told.end(), [](const auto& one) { return one.first == "timezone"; }) == 1,
          "one zone is named");
    pages::Html html;
    html.address("href", to);
    const std::string& text = html.str();
    holds(std::count(text.begin(), text.end(), '"') == 2 && text.find_first_of("<>'") == text.npos,
          "no address ends its attribute");
    // A scheme may be written in capitals.
    std::string scheme = text.substr(0, std::min(text.find(':'), text.size()));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower_ascii);
    holds(text == " href=\"#\"" || text.starts_with(" href=\"/") || scheme == " href=\"http" || scheme == " href=\"https",
          "no address runs");
    holds(!text.starts_with(" href=\"//") && !text.starts_with(" href=\"/\\"), "and no path leads to another host");
  }
}

}  // namespace

FUZZ_TARGET(page_links) {
  // A zero byte comes in no request's head (request_head), and %00 is none.
  if (bytes.find('\0') != bytes.npos) return;
  fuzz::Input input(bytes);
  const std::string_view link = input.line();
  const std::string_view query = input.line();
  hold_carried(query);
  hold_link(link, pages::carried_from(query));

  (void)pages::link_of_path("https://calendly.com/acme", link);
  const Day today{std::chrono::days(20'454)};
  const std::string text(input.line());
  const std::string month(input.line());
  const ZoneOffsets berlin(std::chrono::hours(1), {});
  for (const auto& date : {std::optional<std::string>(), std::optional(text)}) {
    const Day first = pages::first_day_asked(date, link, month.empty() ? std::nullopt : std::optional(month), today, berlin);
    holds(first >= today && first <= today + std::chrono::days(5 * 366), "a day that can be looked at");
    if (const auto day = day_from_text(text); date && day && *day >= today && *day < today + std::chrono::days(1800))
      holds(first == *day, "the day that was asked for");
  }
  if (pages::is_link_shaped(link)) holds(link.starts_with('/') && link.size() <= 400, "a path of a link");

  const std::string one_line = pages::one_line_of(bytes, 40);
  holds(one_line.size() <= 44 && one_line.find_first_of("\r\n\t") == one_line.npos, "one line, no longer than it may be");
}
