#include "proxy/time/standing_rule.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace slotwire::time {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Reads from the current position; nullopt when the text does not match.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
  [[nodiscard]] bool is_at(char c) const { return rest_.starts_with(c); }
  bool take(char c) {
    if (!is_at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // "CET" or "<+0330>".
  bool take_name() {
    if (take('<')) {
      const std::size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    const std::size_t end = std::min(rest_.find_first_of("+-,0123456789"), rest_.size());
    rest_.remove_prefix(end);
    return end >= 3;
  }
  std::optional<int> take_number() {
    int number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc() || is_at('-')) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return number;
  }
  // "[+-]hh[:mm[:ss]]"; hours may be up to 167 and negative.
  std::optional<seconds> take_time() {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    seconds time{};
    seconds unit = hours(1);
    do {
      const std::optional<int> number = take_number();
      if (!number || *number > (unit == hours(1) ? 167 : 59)) return std::nullopt;
      time += *number * unit;
      unit /= 60;
    } while (unit >= seconds(1) && take(':'));
    return is_negative ? -time : time;
  }

 private:
  std::string_view rest_;
};

// "M10.5.0/3": the fifth (that is, last) Sunday of October, at 3:00 by the clock before the change.
struct Change {
  int month = 0;
  int week = 0;
  int weekday = 0;
  seconds time = hours(2);
};

std::optional<Change> change_from(RuleReader& reader) {
  Change change;
  if (!reader.take(',') || !reader.take('M')) return std::nullopt;
  const auto month = reader.take_number();
  if (!month || !reader.take('.')) return std::nullopt;
  const auto week = reader.take_number();
  if (!week || !reader.take('.')) return std::nullopt;
  const auto weekday = reader.take_number();
  if (!weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday < 0 || *weekday > 6) return std::nullopt;
  change.month = *month;
  change.week = *week;
  change.weekday = *weekday;
  if (reader.take('/')) {
    const auto time = reader.take_time();
    if (!time) return std::nullopt;
    change.time = *time;
  }
  return change;
}

Instant instant_of(const Change& change, std::chrono::year year, seconds offset_before) {
  const std::chrono::weekday weekday(static_cast<unsigned>(change.weekday));
  const std::chrono::month month(static_cast<unsigned>(change.month));
  const std::chrono::sys_days day = change.week == 5
                                        ? std::chrono::sys_days(year / month / weekday[std::chrono::last])
                                        : std::chrono::sys_days(year / month / weekday[static_cast<unsigned>(change.week)]);
  return Instant(day) + change.time - offset_before;
}

}  // namespace

std::vector<ZoneTransition> transitions_by_rule(std::string_view rule, std::chrono::year first, std::chrono::year last) {
  RuleReader reader(rule);
  if (!reader.take_name()) return {};
  const auto west = reader.take_time();  // POSIX counts hours west of Greenwich
  if (!west || reader.is_at_end() || !reader.take_name()) return {};
  const seconds standard = -*west;
  seconds summer = standard + hours(1);
  if (!reader.is_at(',')) {
    const auto summer_west = reader.take_time();
    if (!summer_west) return {};
    summer = -*summer_west;
  }
  constexpr seconds kMostOffset = hours(25);
  if (std::max(std::chrono::abs(standard), std::chrono::abs(summer)) > kMostOffset) return {};
  const auto begin = change_from(reader);
  const auto end = begin ? change_from(reader) : std::nullopt;
  if (!end || !reader.is_at_end()) return {};
  std::vector<ZoneTransition> transitions;
  for (std::chrono::year year = first; year < last; ++year) {
    transitions.push_back({instant_of(*begin, year, standard), summer});
    transitions.push_back({instant_of(*end, year, summer), standard});
  }
  std::sort(transitions.begin(), transitions.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return transitions;
}

}  // namespace slotwire::time
