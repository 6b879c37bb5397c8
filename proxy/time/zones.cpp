#include "proxy/time/zones.h"

#include <algorithm>
#include <date/tz.h>
#include <exception>
#include <fstream>
#include <mutex>

#include "proxy/time/standing_rule.h"

namespace slotwire::time {
namespace {

constexpr std::size_t kLongestName = 64;

// The database opens a file of this name, so no name may leave its folder.
bool is_zone_name(std::string_view name) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
           c == '+';
  };
  // Files in the folder that are not IANA zones: this machine's own zone, and copies with leap seconds.
  const auto is_other = [](std::string_view n) {
    return n == "localtime" || n == "posixrules" || n == "Factory" || n.starts_with("right/") || n.starts_with("posix/");
  };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), is_fine) && !is_other(name);
}

Error unknown_zone() {
  return {ErrorCode::invalid_date_range,
          "This time zone is not known.",
          {{"timezone", "must be an IANA name such as Europe/Berlin"}}};
}

// The last line of the zone's compiled file. Empty when the library's folder has no such file.
std::string standing_rule_of(const std::string& name) {
  constexpr std::streamoff kLongestRule = 256;
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  if (!file || size <= 0) return {};
  std::string tail(static_cast<std::size_t>(std::min(size, kLongestRule)), '\0');
  file.seekg(size - static_cast<std::streamoff>(tail.size()));
  file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  if (!file || !tail.ends_with('\n')) return {};
  tail.pop_back();
  return tail.substr(tail.rfind('\n') + 1);
}

std::shared_ptr<const ZoneOffsets> table_of(const date::time_zone& zone) {
  using std::chrono::sys_days;
  const Instant last = sys_days(std::chrono::year(2100) / 1 / 1);
  date::sys_seconds at = std::chrono::floor<std::chrono::seconds>(Instant(sys_days(std::chrono::year(2000) / 1 / 1)));
  date::sys_info info = zone.get_info(at);
  const std::chrono::seconds first_offset = info.offset;
  std::vector<ZoneTransition> transitions;
  while (info.end < last) {
    const date::sys_seconds next = info.end;
    info = zone.get_info(next);
    if (info.end <= next) break;
    transitions.push_back({Instant(next.time_since_epoch()), info.offset});
  }
  // The library (3.0.1) stops at the end of the compiled table, in 2037, and keeps the last offset.
  constexpr std::chrono::year kTableEnds{2037};
  const Instant known = transitions.empty() ? Instant::min() : transitions.back().at;
  for (const ZoneTransition& next : transitions_by_rule(standing_rule_of(zone.name()), kTableEnds, std::chrono::year(2100))) {
    if (next.at > known) transitions.push_back(next);
  }
  return std::make_shared<const ZoneOffsets>(first_offset, std::move(transitions));
}

}  // namespace

Result<std::shared_ptr<const ZoneOffsets>> Zones::find(std::string_view name) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = known_.find(name); found != known_.end()) return found->second;
  }
  if (!is_zone_name(name)) return unknown_zone();
  std::shared_ptr<const ZoneOffsets> table;
  try {
    table = name == "UTC" ? std::make_shared<const ZoneOffsets>() : table_of(*date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return unknown_zone();
  }
  const std::unique_lock lock(mutex_);
  return known_.emplace(std::string(name), std::move(table)).first->second;
}

}  // namespace slotwire::time
