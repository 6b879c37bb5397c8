#include "proxy/dropin/endpoints.h"

#include <algorithm>
#include <array>

#include "proxy/text/ascii.h"

namespace slotwire::dropin {
namespace {

constexpr std::string_view kTimes = "/event_type_available_times";
constexpr std::string_view kBusy = "/user_busy_times";

bool is_path_character(char c) { return text::is_letter_or_digit(c) || c == '-' || c == '_'; }

// True for "/event_types/ABC" and the collection "/event_types".
bool is_one_of(std::string_view path, std::string_view collection) {
  if (!path.starts_with(collection)) return false;
  const std::string_view rest = path.substr(collection.size());
  return rest.empty() || (rest.starts_with('/') && rest.find('/', 1) == std::string_view::npos);
}

bool is_below(std::string_view path, std::string_view collection) {
  return path.starts_with(collection) && (path.size() == collection.size() || path[collection.size()] == '/');
}

}  // namespace

std::optional<std::string> upstream_path(std::string_view raw) {
  constexpr std::size_t kLongest = 512;
  if (raw.size() > kLongest) return std::nullopt;
  std::string path;
  while (!raw.empty()) {
    const std::size_t slash = std::min(raw.find('/'), raw.size());
    const std::string_view segment = raw.substr(0, slash);
    raw.remove_prefix(std::min(slash + 1, raw.size()));
    if (segment.empty()) continue;
    if (!std::all_of(segment.begin(), segment.end(), is_path_character)) return std::nullopt;
    path += '/';
    path += segment;
  }
  if (path.empty()) return std::nullopt;
  return path;
}

bool is_available_times(std::string_view path) { return path == kTimes; }

bool is_personal(std::string_view path, std::string_view user_uri) {
  constexpr std::string_view kUsers = "/users/";
  if (path.starts_with(kUsers)) return path != "/users/me" && !(user_uri.ends_with(path) && !user_uri.empty());
  constexpr std::array<std::string_view, 3> kWithMembers = {"/event_types", "/user_availability_schedules",
                                                            "/event_type_availability_schedules"};
  if (path == kTimes || path == kBusy) return false;
  return std::none_of(kWithMembers.begin(), kWithMembers.end(), [&](std::string_view each) { return is_one_of(path, each); });
}

Touched touched_by_write(std::string_view path) {
  constexpr std::array<std::string_view, 6> kElsewhere = {"/scheduling_links", "/shares",        "/webhook_subscriptions",
                                                          "/invitee_no_shows", "/organizations", "/data_compliance"};
  if (std::any_of(kElsewhere.begin(), kElsewhere.end(), [&](std::string_view each) { return is_below(path, each); })) {
    return Touched::nothing;
  }
  return is_below(path, "/invitees") || is_below(path, "/scheduled_events") ? Touched::times : Touched::everything;
}

bool depends_on_bookings(std::string_view path) { return path == kTimes || path == kBusy; }

}  // namespace slotwire::dropin
