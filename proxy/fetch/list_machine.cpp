#include "proxy/fetch/list_machine.h"

#include <algorithm>

#include "shared/time_between.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{2'000};
constexpr milliseconds kLongestPause{300'000};
constexpr milliseconds kShortestOurPause{1'000};
constexpr milliseconds kLongestOurPause{60'000};
constexpr milliseconds kUsualOurPause{5'000};
constexpr milliseconds kBetweenLooks{500};        // at a list that another server reads, while a caller waits
constexpr milliseconds kBetweenIdleLooks{5'000};  // while no caller waits
constexpr milliseconds kBeforeAnotherTry{1'000};

milliseconds age_of(Tick since, Tick now) { return std::chrono::floor<milliseconds>(time_between(since, now)); }

}  // namespace

// ---- What is known ----

bool ListMachine::is_fresh(Tick now) const {
  return has_account_ && read_at_ && !is_doubtful_ && !is_outdated() && age_of(*read_at_, now) < settings_.fresh_for;
}

ListStanding ListMachine::standing(Tick now) const {
  if (is_fresh(now)) return ListStanding::fresh;
  return now >= lost_from() ? ListStanding::lost : ListStanding::old;
}

Tick ListMachine::lost_from() const {
  if (!has_account_ || !read_at_) return Tick::max();
  return *read_at_ + settings_.stale_for + settings_.idle_for;
}

Tick ListMachine::quiet_until() const {
  if (!has_account_ || !read_at_ || is_doubtful_ || is_outdated()) return Tick::min();
  return *read_at_ + std::min(settings_.fresh_for * 4 / 5, settings_.idle_for);
}

void ListMachine::is_read(Tick at, std::int64_t seen_change) {
  read_at_ = read_at_ && !is_doubtful_ ? std::max(*read_at_, at) : at;
  seen_ = std::max(seen_, seen_change);
  is_doubtful_ = false;
  was_asked_ = false;
  failures_ = 0;
  pause_until_ = held_until_ = Tick::min();
  trouble_.reset();
  if (!is_outdated()) release_waiting();
}

void ListMachine::notice_clock(const Moment& now) {
  const Instant::duration ahead =
      now.wall.time_since_epoch() - std::chrono::duration_cast<Instant::duration>(now.tick.time_since_epoch());
  const auto before = std::exchange(wall_ahead_, ahead);
  // Ages reported by others depend on clocks too, so only readings that begin from now on count.
  if (!before || std::chrono::abs(ahead - *before) <= kLargestDrift) return;
  is_doubtful_ = true;
  if (turn_) turn_->is_doubtful = true;
}

// ---- When to read ----

bool ListMachine::is_due(Tick now) const {
  if (!has_account_) return false;
  if (!read_at_ || is_doubtful_ || is_outdated()) return true;
  const milliseconds age = age_of(*read_at_, now);
  if (age >= settings_.idle_for) return true;
  return (was_asked_ || !asks_.empty()) && age >= settings_.fresh_for * 4 / 5;
}

Tick ListMachine::not_before() const {
  Tick earliest = std::max(pause_until_, held_until_);
  // In a flood of changes one reading after it replaces a reading for each.
  if (is_outdated() && wanted_ != counted_ && at_once_.size() >= kAtOnce) {
    earliest = std::max(earliest, at_once_.front() + kFlood);
  }
  return earliest;
}

void ListMachine::consider(const Moment& now) {
  if (turn_ || !is_due(now.tick) || now.tick < not_before()) return;
  if (is_outdated() && wanted_ != counted_) {
    counted_ = wanted_;
    at_once_.push_back(now.tick);
    if (at_once_.size() > kAtOnce) at_once_.pop_front();
  }
  turn_ = Turn{++last_id_, Turn::State::claiming, PagedRead(now.tick), 0, now.tick};
  const milliseconds max_age = is_doubtful_ ? milliseconds(0) : settings_.fresh_for * 4 / 5;
  actions_.emplace_back(ClaimList{turn_->id, std::min(max_age, settings_.idle_for), wanted_});
}

std::optional<Tick> ListMachine::next_wake(Tick now) const {
  std::optional<Tick> next;
  const auto also = [&](Tick at) { next = next ? std::min(*next, at) : at; };
  for (const auto& [ask, until] : asks_) also(until);
  if (turn_) {
    if (turn_->state == Turn::State::resting) also(turn_->resume_at);
  } else if (is_due(now)) {
    also(std::max(now, not_before()));
  } else if (has_account_ && read_at_) {
    also(*read_at_ + settings_.idle_for);
  }
  return next;
}

void ListMachine::wake(const Moment& now) {
  notice_clock(now);
  for (auto ask = asks_.begin(); ask != asks_.end();) {
    if (ask->second > now.tick) {
      ++ask;
      continue;
    }
    actions_.emplace_back(GoOn{ask->first});
    ask = asks_.erase(ask);
  }
  if (turn_ && turn_->state == Turn::State::resting && turn_->resume_at <= now.tick) ask_page(true, now);
  consider(now);
}

// ---- Events ----

void ListMachine::begin(std::optional<milliseconds> age, std::int64_t seen_change, const Moment& now) {
  end();
  notice_clock(now);
  has_account_ = true;
  if (age && *age >= milliseconds(0)) {
    read_at_ = now.tick - *age;
  } else {
    is_doubtful_ = true;  // its age would become known only wrongly, when the clock has caught up
  }
  seen_ = seen_change;
  consider(now);
}

void ListMachine::end() {
  end_turn();
  release_waiting();
  has_account_ = was_asked_ = is_ours_ = false;  // a clock that was set stays so, whosever the account
  read_at_.reset();
  seen_ = wanted_ = counted_ = 0;
  at_once_.clear();
  held_until_ = pause_until_ = Tick::min();
  failures_ = 0;
  trouble_.reset();
}

std::optional<Id> ListMachine::ask(const Moment& now) {
  if (!has_account_) return std::nullopt;
  notice_clock(now);
  if (is_fresh(now.tick)) {
    if (now.tick < quiet_until()) return std::nullopt;
    was_asked_ = true;
    consider(now);
    return std::nullopt;
  }
  was_asked_ = true;
  // After a recent failure callers do not wait only to fail again.
  const bool waits = now.tick >= pause_until_ && !(turn_ && turn_->state == Turn::State::resting);
  std::optional<Id> id;
  if (waits) asks_.emplace(*(id = ++last_id_), now.tick + kLongestWait);
  consider(now);
  return id;
}

void ListMachine::outdated(std::int64_t change, const Moment& now) {
  if (!has_account_) return;
  notice_clock(now);
  wanted_ = std::max(wanted_, change);
  // A change proves that the other side works again; and another server's reading began before this change.
  if (is_outdated()) {
    held_until_ = Tick::min();
    if (!is_ours_) pause_until_ = Tick::min();
  }
  consider(now);
}

void ListMachine::read_elsewhere(std::optional<milliseconds> age, std::int64_t seen_change, const Moment& now) {
  if (!has_account_) return;
  notice_clock(now);
  if (age && *age >= milliseconds(0) && !is_doubtful_) is_read(now.tick - *age, seen_change);
  consider(now);
}

void ListMachine::claimed(Id turn, const ListClaim& claim, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::claiming)) return;
  switch (claim.standing) {
    case ListClaim::Standing::ours:
      turn_->seen_change = claim.seen_change;
      turn_->began = now.tick;
      turn_->is_doubtful = false;
      turn_->read = PagedRead(now.tick);
      return ask_page(false, now);
    case ListClaim::Standing::held: {
      const milliseconds look = is_outdated() || !asks_.empty() ? kBetweenLooks : kBetweenIdleLooks;
      held_until_ = now.tick + std::clamp(claim.held_for, milliseconds(50), look);
      break;
    }
    case ListClaim::Standing::known:
      if (claim.age && *claim.age >= milliseconds(0) && !is_doubtful_) {
        is_read(now.tick - *claim.age, claim.seen_change);
      } else {
        held_until_ = now.tick + kBeforeAnotherTry;  // the reading is too old: ask again
      }
      break;
  }
  end_turn();
  consider(now);
}

void ListMachine::claim_failed(Id turn, const Error& error, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::claiming)) return;
  fail(error, now);
}

void ListMachine::ask_page(bool is_again, const Moment& now) {
  turn_->state = Turn::State::asking;
  actions_.emplace_back(AskPage{turn_->id, turn_->read.pages(), turn_->read.begin_call(now.tick), is_again});
}

void ListMachine::page_came(Id turn, bool is_last, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::asking)) return;
  switch (turn_->read.page_came(is_last, now.tick)) {
    case PagedRead::After::ask_next:
      return ask_page(false, now);
    case PagedRead::After::whole:
      turn_->state = Turn::State::keeping;
      actions_.emplace_back(KeepList{turn_->id, turn_->seen_change});
      return;
    case PagedRead::After::endless:
      actions_.emplace_back(LeaveList{turn_->id});
      return fail({ErrorCode::calendly_unavailable, "Calendly's list of event types does not end."}, now);
  }
}

void ListMachine::page_failed(Id turn, const Failure& failure, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::asking)) return;
  release_waiting();  // the known list now is better than waiting for a retry
  if (failure.kind == Failure::Kind::ours) {
    actions_.emplace_back(LeaveList{turn_->id});
    end_turn();
    pause(std::clamp(failure.retry.asked_wait.value_or(kUsualOurPause), kShortestOurPause, kLongestOurPause), now);
    is_ours_ = true;
    return;
  }
  if (const auto rest = turn_->read.rest_after(failure.retry, now.tick, now.chance)) {
    turn_->state = Turn::State::resting;
    turn_->resume_at = now.tick + *rest;
    return;
  }
  actions_.emplace_back(LeaveList{turn_->id});
  fail(failure.error, now);
}

void ListMachine::kept(Id turn, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::keeping)) return;
  const Turn turn_kept = *turn_;
  end_turn();
  is_read(turn_kept.began, turn_kept.seen_change);
  is_doubtful_ = turn_kept.is_doubtful;
  consider(now);
}

void ListMachine::not_kept(Id turn, const Error& error, const Moment& now) {
  notice_clock(now);
  if (!is_of(turn, Turn::State::keeping)) return;
  actions_.emplace_back(LeaveList{turn});
  fail(error, now);
}

void ListMachine::fail(const Error& error, const Moment& now) {
  end_turn();
  release_waiting();
  trouble_ = error;
  pause(std::min(kFirstPause * (1 << std::min(failures_, 10)), kLongestPause), now);
  ++failures_;
}

void ListMachine::pause(milliseconds time, const Moment& now) {
  is_ours_ = false;
  pause_until_ = now.tick + time;
}

void ListMachine::release_waiting() {
  for (const auto& [ask, until] : asks_) actions_.emplace_back(GoOn{ask});
  asks_.clear();
}

}  // namespace slotwire::fetch
