#include "proxy/pages/page_address.h"

#include <algorithm>
#include <array>

#include "shared/percent.h"

namespace slotwire::pages {
namespace {

constexpr std::chrono::days kFurthest{5 * 366};
constexpr std::size_t kLongestPath = 400;
constexpr std::size_t kMostCarried = 2048;

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

// The day at the beginning of "2026-12-01T20:00:00Z".
std::optional<Day> day_at_start(std::string_view text) {
  constexpr std::size_t kDay = 10;
  if (text.size() > kDay && text[kDay] != 'T' && text[kDay] != 't') return std::nullopt;
  const Result<Day> day = day_from_text(text.substr(0, kDay));
  return day ? std::optional(*day) : std::nullopt;
}

// For "2026-12-01T02:00:00Z", the day in the zone at that instant.
std::optional<Day> local_day_at_end(std::string_view text, const ZoneOffsets& zone) {
  const std::optional<std::string> decoded = percent_decoded(text);
  if (!decoded) return std::nullopt;
  const auto instant = instant_from_text(*decoded);
  return instant ? std::optional(zone.local_day_of(*instant)) : day_at_start(*decoded);
}

bool is_carried(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {"name",     "first_name",      "last_name",     "email", "guests",
                                                      "location", "salesforce_uuid", "timezone_lock", "locale"};
  constexpr std::array<std::string_view, 3> kBeginnings = {"utm_", "hide_", "embed_"};
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  if (std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view start) { return name.starts_with(start); }))
    return true;
  if (name.ends_with("_color")) return true;
  // Answers to the form's questions: a1, a2.
  return name.size() > 1 && name.size() < 4 && name.front() == 'a' &&
         std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_link_shaped(std::string_view path) {
  if (!path.starts_with('/') || path.size() > kLongestPath) return false;
  std::vector<std::string_view> parts = parts_of(path);
  if (!parts.empty() && parts.size() > 1 && day_at_start(parts.back())) parts.pop_back();
  if (parts.size() == 1) return parts[0].find('.') == std::string_view::npos;
  return parts.size() == 2 || (parts.size() == 3 && parts[0] == "d");
}

std::string path_of_link(std::string_view scheduling_url) {
  scheduling_url = scheduling_url.substr(0, scheduling_url.find_first_of("?#"));
  const std::size_t scheme = scheduling_url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t path = scheduling_url.find('/', scheme + 3);
  if (path == std::string_view::npos) return {};
  std::string_view found = scheduling_url.substr(path);
  while (found.size() > 1 && found.ends_with('/')) found.remove_suffix(1);
  return found.size() > 1 ? std::string(found) : std::string();
}

std::string link_of_path(std::string_view account_url, std::string_view path) {
  const std::size_t scheme = account_url.find("://");
  if (scheme == std::string_view::npos) return {};
  return std::string(account_url.substr(0, account_url.find('/', scheme + 3))) + std::string(path);
}

Day first_day_asked(const std::optional<std::string>& date, std::string_view path, const std::optional<std::string>& month,
                    Day today, const ZoneOffsets& zone) {
  std::optional<Day> asked;
  if (date) {
    asked = day_at_start(*date);
  } else {
    const std::vector<std::string_view> parts = parts_of(path);
    // An event's name may look like a day, so only the part after it is read as one.
    if (parts.size() > 2) asked = local_day_at_end(parts.back(), zone);
    if (!asked && month) asked = day_at_start(*month + "-01");
  }
  if (!asked || *asked < today || *asked > today + kFurthest) return today;
  return *asked;
}

std::string with_query(std::string_view path, const Query& query) {
  std::string address(path);
  char joint = path.find('?') == std::string_view::npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    address += joint;
    address += query_encoded(name);
    address += '=';
    address += query_encoded(value);
    joint = '&';
  }
  return address;
}

bool is_on(const Query& query, std::string_view name) {
  return std::any_of(query.begin(), query.end(), [&](const auto& one) { return one.first == name && one.second == "1"; });
}

Query carried_from(std::string_view query) {
  Query carried;
  std::size_t bytes = 0;
  for (const QueryPair& pair : query_pairs(query)) {
    std::optional<std::string> name = query_decoded(pair.name);
    std::optional<std::string> value = query_decoded(pair.value);
    if (!name || !value || !is_carried(*name) || bytes + name->size() + value->size() > kMostCarried) continue;
    bytes += name->size() + value->size();
    carried.emplace_back(std::move(*name), std::move(*value));
  }
  return carried;
}

std::string Links::to(std::string_view scheduling_url, std::string_view zone, std::optional<Day> day) const {
  const std::size_t fragment = std::min(scheduling_url.find('#'), scheduling_url.size());
  const std::string_view link = scheduling_url.substr(0, fragment);
  const std::size_t question = std::min(link.find('?'), link.size());
  const std::string path = origin.empty() ? std::string() : path_of_link(link);
  Query query;
  for (const QueryPair& pair : query_pairs(link.substr(std::min(question + 1, link.size())))) {
    const std::string name = query_decoded(pair.name).value_or(std::string(pair.name));
    std::string value = query_decoded(pair.value).value_or(std::string(pair.value));
    const bool is_said_anew = std::any_of(carried.begin(), carried.end(), [&](const auto& one) { return one.first == name; });
    if (name == "timezone" || is_said_anew) continue;
    if (day && name == "date") value = text_from_day(*day);
    if (day && name == "month") value = text_from_day(*day).substr(0, 7);
    query.emplace_back(name, std::move(value));
  }
  query.emplace_back("timezone", zone);
  query.insert(query.end(), carried.begin(), carried.end());
  const std::string address = path.empty() ? std::string(link.substr(0, question)) : origin + path;
  return with_query(address, query) + std::string(scheduling_url.substr(fragment));
}

}  // namespace slotwire::pages
