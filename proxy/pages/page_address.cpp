#include "proxy/pages/page_address.h"

#include <algorithm>

#include "shared/percent.h"

namespace slotwire::pages {
namespace {

constexpr std::chrono::days kFurthest{5 * 366};
constexpr std::size_t kLongestPath = 400;

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

// The day with which "2026-12-01T20:00:00Z" begins.
std::optional<Day> day_at_start(std::string_view text) {
  constexpr std::size_t kDay = 10;
  if (text.size() > kDay && text[kDay] != 'T' && text[kDay] != 't') return std::nullopt;
  const Result<Day> day = day_from_text(text.substr(0, kDay));
  return day ? std::optional(*day) : std::nullopt;
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
                    Day today) {
  std::optional<Day> asked;
  if (date) {
    asked = day_at_start(*date);
  } else {
    const std::vector<std::string_view> parts = parts_of(path);
    // A name may look like a day: only what stands behind an event's name is one.
    if (parts.size() > 2) asked = day_at_start(parts.back());
    if (!asked && month) asked = day_at_start(*month + "-01");
  }
  if (!asked || *asked < today || *asked > today + kFurthest) return today;
  return *asked;
}

std::string with_query(std::string_view path, const Query& query) {
  std::string address(path);
  char joint = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    address += joint;
    address += name;
    address += '=';
    address += query_encoded(value);
    joint = '&';
  }
  return address;
}

}  // namespace slotwire::pages
