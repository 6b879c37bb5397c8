#include "proxy/fetch/shares.h"

#include <algorithm>
#include <cmath>

#include "shared/time_between.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;

constexpr double kRefillSeconds = 60;
constexpr std::size_t kMostClients = 20'000;

}  // namespace

// A month in windows of a week is five calls, the longest range fourteen. So a visitor gets a month at once on the smallest plan.
double Shares::share() const { return std::max(5.0, std::floor(limit_ / 3.0)); }

double Shares::spent(const std::string& name, Tick now, double share) const {
  const auto found = spent_.find(name);
  if (found == spent_.end()) return 0;
  const double passed = std::max(0.0, std::chrono::duration<double>(time_between(found->second.at, now)).count());
  return std::max(0.0, found->second.windows - passed * share / kRefillSeconds);
}

void Shares::set_limit(int calls_a_minute) {
  const std::lock_guard lock(mutex_);
  limit_ = calls_a_minute;
}

milliseconds Shares::wait_for(const Client& client, Tick now) const {
  const std::lock_guard lock(mutex_);
  return wait_of(client, now);
}

milliseconds Shares::wait_of(const Client& client, Tick now) const {
  double seconds = 0;
  const auto add = [&](const std::string& name, double share) {
    if (name.empty()) return;
    const double missing = spent(name, now, share) + 1 - share;
    seconds = std::max(seconds, missing * kRefillSeconds / share);
  };
  add(client.near, share());
  add(client.wide, 2 * share());
  return milliseconds(static_cast<std::int64_t>(std::ceil(std::max(0.0, seconds) * 1000)));
}

bool Shares::take(const Client& client, Tick now) {
  const std::lock_guard lock(mutex_);
  if (wait_of(client, now) > milliseconds(0)) return false;
  if (spent_.size() >= kMostClients) forget_idle(now);
  const auto add = [&](const std::string& name, double share) {
    if (!name.empty()) spent_[name] = {spent(name, now, share) + 1, now};
  };
  add(client.near, share());
  add(client.wide, 2 * share());
  return true;
}

// A name without calls for a minute has its full share again. If all are busy, the first ones are dropped: so many clients at
// once are not the work of one client.
void Shares::forget_idle(Tick now) {
  std::erase_if(spent_, [&](const auto& entry) { return time_between(entry.second.at, now) > std::chrono::seconds(60); });
  if (spent_.size() >= kMostClients) spent_.clear();
}

}  // namespace slotwire::fetch
