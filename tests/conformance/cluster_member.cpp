#include "tests/conformance/cluster_member.h"

namespace slotwire::tests {
using namespace cluster;

using std::chrono::days;

std::string new_account() {
  static int count = 0;
  return cluster_account("https://api.calendly.com/users/U" + std::to_string(++count), Instant{});
}

ClaimTerms terms(const std::string& account, int from, int count, std::int64_t least_change) {
  ClaimTerms wish;
  wish.account = account;
  wish.uri = kUri;
  for (int i = from; i < from + count; ++i) wish.days.push_back({kFirst + days(i), least_change});
  wish.seen_change = least_change;
  return wish;
}

DayRange range(int from, int count) { return {kFirst + days(from), kFirst + days(from + count)}; }

std::vector<SharedCell> cells(DayRange window, Instant fetched_at, std::chrono::milliseconds fresh_for, std::int64_t seen) {
  std::vector<SharedCell> out;
  for (Day day = window.begin; day < window.end; day += days(1)) {
    const Slot slot{Instant(day) + std::chrono::hours(14), 3, "https://calendly.com/acme/30min?month=a b&c=%20", {0, false, 0}};
    out.push_back({{day, fetched_at, {slot}}, window, fresh_for, seen});
  }
  return out;
}

std::vector<Day> days_of(const std::vector<SharedCell>& cells) {
  std::vector<Day> out;
  for (const SharedCell& shared : cells) out.push_back(shared.cell.day);
  return out;
}

std::vector<Day> days_in(DayRange range) {
  std::vector<Day> out;
  for (Day day = range.begin; day < range.end; day += days(1)) out.push_back(day);
  return out;
}

std::optional<RedisValue> redis_reply(const std::string& url, const std::vector<std::string>& words) {
  return RedisConnection::open(redis_address_from_text(url).value()).value()->run(words);
}

}  // namespace slotwire::tests
