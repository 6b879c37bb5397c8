#include "proxy/live/change_hub.h"

#include <algorithm>
#include <utility>

#include "proxy/store/store.h"
#include "shared/time_between.h"

namespace slotwire::live {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRemembered = 1000;
// Up to this many ranges are reported one by one; more are reported as one range from the first day to the last.
constexpr std::size_t kMostStretches = 16;
// Waits whose ends are closer together than this share a timer.
constexpr milliseconds kTimerGrain{250};

std::vector<DayRange> joined(std::vector<DayRange> days) {
  std::sort(days.begin(), days.end(), [](const DayRange& a, const DayRange& b) { return a.begin < b.begin; });
  std::vector<DayRange> joined;
  for (const DayRange& range : days) {
    if (!joined.empty() && range.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, range.end);
    } else {
      joined.push_back(range);
    }
  }
  if (joined.size() > kMostStretches) joined = {{joined.front().begin, joined.back().end}};
  return joined;
}

}  // namespace

ChangeHub::ChangeHub(time::Workers& timer, const time::Clock& clock, std::int64_t version, ChangeHubSettings settings)
    : timer_(timer), clock_(clock), settings_(settings), version_(version), forgotten_(version) {}

ChangeHub::~ChangeHub() = default;

std::optional<std::uint64_t> ChangeHub::wait(std::optional<std::int64_t> since, std::string_view client, Done done) {
  Changes told;
  {
    const std::lock_guard lock(mutex_);
    const bool is_news = since && *since < version_;
    if (since && !is_news && !is_closed_) {
      const auto of_client = of_client_.find(client);
      const bool is_full = waiting_.size() >= settings_.most_waiting ||
                           (of_client != of_client_.end() && of_client->second >= settings_.most_waiting_of_client);
      if (!is_full) {
        const time::Tick now = clock_.tick();
        ++of_client_[std::string(client)];
        // A widget may know a change from another server that is not applied here yet; it then waits for the next one.
        waiting_.emplace(++last_wait_, Waiting{*since, std::string(client), now + settings_.longest_wait, std::move(done)});
        set_timer(now);
        return last_wait_;
      }
    }
    told = since ? changes_after(*since) : Changes{version_, {}, {}};
    if (since && !is_news) told.ask_after = settings_.ask_after_when_full;
  }
  done(std::make_shared<const Changes>(std::move(told)));
  return std::nullopt;
}

void ChangeHub::leave(std::uint64_t wait) {
  Done dropped;  // destroyed after the lock, since it may hold anything
  const std::lock_guard lock(mutex_);
  const auto left = waiting_.find(wait);
  if (left == waiting_.end()) return;
  dropped = std::move(left->second.done);
  forget(left);
}

void ChangeHub::note(std::int64_t id, DayRange days) {
  Answered answered;
  {
    const std::lock_guard lock(mutex_);
    if (id <= version_) return;
    version_ = id;
    if (days.begin >= days.end) return;
    days = {std::max(days.begin, store::kEveryDay.begin), std::min(days.end, store::kEveryDay.end)};
    changes_.push_back({id, days});
    if (changes_.size() > kRemembered) {
      forgotten_ = changes_.front().id;
      changes_.pop_front();
    }
    answer_all_if([id](const Waiting& waiting) { return waiting.since < id; }, {}, answered);
  }
  for (const auto& [done, changes] : answered) done(changes);
}

void ChangeHub::note_late(DayRange days) {
  Answered answered;
  {
    const std::lock_guard lock(mutex_);
    changes_.push_back({version_, days});
    // Waiting widgets that knew this version did not know of these days.
    const auto told = std::make_shared<const Changes>(Changes{version_, {days}, {}});
    for (auto each = waiting_.begin(); each != waiting_.end();) {
      answered.emplace_back(std::move(each->second.done), told);
      each = forget(each);
    }
  }
  for (const auto& [done, changes] : answered) done(changes);
}

void ChangeHub::close() {
  Answered answered;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    answer_all_if([](const Waiting&) { return true; }, settings_.ask_after_when_full, answered);
  }
  for (const auto& [done, changes] : answered) done(changes);
}

std::int64_t ChangeHub::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::size_t ChangeHub::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

Changes ChangeHub::changes_after(std::int64_t since) const {
  if (since < forgotten_) return {version_, {store::kEveryDay}, {}};
  std::vector<DayRange> days;
  for (const Change& change : changes_) {
    if (change.id > since) days.push_back(change.days);
  }
  return {version_, joined(std::move(days)), {}};
}

void ChangeHub::answer_all_if(const std::function<bool(const Waiting&)>& is_due, milliseconds ask_after, Answered& answered) {
  // Nearly all widgets know the same version, so the answer for two thousand of them is made once.
  std::map<std::int64_t, std::shared_ptr<const Changes>> made;
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    Waiting& waiting = each->second;
    if (!is_due(waiting)) {
      ++each;
      continue;
    }
    std::shared_ptr<const Changes>& changes = made[waiting.since];
    if (!changes) {
      Changes told = changes_after(waiting.since);
      told.ask_after = ask_after;
      changes = std::make_shared<const Changes>(std::move(told));
    }
    answered.emplace_back(std::move(waiting.done), changes);
    each = forget(each);
  }
}

std::map<std::uint64_t, ChangeHub::Waiting>::iterator ChangeHub::forget(std::map<std::uint64_t, Waiting>::iterator wait) {
  if (const auto client = of_client_.find(wait->second.client); --client->second == 0) of_client_.erase(client);
  return waiting_.erase(wait);
}

void ChangeHub::set_timer(time::Tick now) {
  if (has_timer_ || waiting_.empty()) return;
  has_timer_ = true;
  const auto left = std::chrono::ceil<milliseconds>(time_between(now, waiting_.begin()->second.until));
  timer_.post_after(std::max(left, milliseconds(0)) + kTimerGrain, [this] { on_timer(); });
}

void ChangeHub::on_timer() {
  Answered answered;
  {
    const std::lock_guard lock(mutex_);
    has_timer_ = false;
    const time::Tick now = clock_.tick();
    answer_all_if([now](const Waiting& waiting) { return waiting.until <= now; }, {}, answered);
    set_timer(now);
  }
  for (const auto& [done, changes] : answered) done(changes);
}

}  // namespace slotwire::live
