#include "proxy/why/judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "proxy/why/starts.h"
#include "proxy/why/words.h"

namespace slotwire::why {
namespace {

using std::chrono::days;

constexpr days kSpan{6};

InstantRange day_of(const Facts& facts) { return facts.zone->instants_of({facts.day, facts.day + days(1)}); }

std::vector<Instant> shown_in(const Facts& facts, InstantRange range) {
  std::vector<Instant> found;
  if (const Shown* shown = known(facts.shown)) {
    std::copy_if(shown->starts.begin(), shown->starts.end(), std::back_inserter(found),
                 [&](Instant start) { return range.contains(start); });
  }
  return found;
}

Cause cause_from(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_connected:
      return Cause::not_connected;
    case ErrorCode::token_unreadable:
      return Cause::token_unreadable;
    case ErrorCode::token_rejected:
    case ErrorCode::invalid_token:
      return Cause::token_rejected;
    case ErrorCode::insufficient_scope:
      return Cause::scope_missing;
    case ErrorCode::event_type_not_found:
      return Cause::event_type_deleted;
    case ErrorCode::calendly_rate_limited:
    case ErrorCode::too_many_requests:
      return Cause::budget_spent;
    case ErrorCode::calendar_error:
      return Cause::calendar_unreadable;
    default:
      return Cause::calendly_unavailable;
  }
}

// Causes between the visitors and Calendly.
std::set<Cause> causes_of_ours(const Facts& facts) {
  std::set<Cause> causes;
  if (facts.mode == ConnectionMode::none) return {Cause::not_connected};
  if (facts.mode == ConnectionMode::public_links) return {Cause::public_mode};
  if (facts.problem) {
    const Cause cause = cause_from(facts.problem->code);
    if (cause <= Cause::scope_missing) causes.insert(cause);
  }
  if (!facts.is_type_known) {
    // If the event types could not be read again, it is unknown whether the event type exists.
    const bool is_told = facts.shown && !*facts.shown && facts.shown->error().code != ErrorCode::event_type_not_found;
    causes.insert(is_told ? cause_from(facts.shown->error().code) : Cause::event_type_not_found);
  }
  const auto* type = known(facts.type);
  const bool is_gone = facts.type && !*facts.type && facts.type->error().code == ErrorCode::event_type_not_found;
  if (is_gone || (type && type->is_deleted)) causes.insert(Cause::event_type_deleted);
  const bool is_listed_off = facts.is_type_known && !is_gone && !facts.is_listed_active;
  if (is_listed_off || (type && !type->is_active)) causes.insert(Cause::event_type_inactive);
  if (facts.shown && !*facts.shown && facts.is_type_known) causes.insert(cause_from(facts.shown->error().code));
  if (const Shown* shown = known(facts.shown)) {
    if (shown->is_copy_because) causes.insert({Cause::copy_stale, cause_from(*shown->is_copy_because)});
    if (shown->is_failed_by) causes.insert(cause_from(*shown->is_failed_by));
  }
  return causes;
}

// Why no start fits into the hours of the day.
Cause cause_of_hours(const Facts& facts, InstantRange day) {
  const auto has_starts = [&](Reading reading) { return !starts_of(facts, day, reading).empty(); };
  if (has_starts(Reading::without_dates)) return Cause::override_off;
  if (has_starts(Reading::without_clock_changes)) return Cause::clock_change;
  return open_hours(*known(facts.hours), day, Reading::as_set).empty() ? Cause::no_hours : Cause::hours_too_short;
}

bool is_left(const Start& start) { return start.taken_by.empty(); }

// The times that Calendly lists around the day, as far as they are known and fresh.
struct Neighbours {
  std::optional<Instant> before;
  std::optional<Instant> after;
  bool are_known = false;
};

Neighbours neighbours_of(const Facts& facts) {
  Neighbours found;
  const InstantRange day = day_of(facts);
  for (const Fact<Shown>* fact : {&facts.shown, &facts.probe}) {
    const Shown* shown = known(*fact);
    if (!shown || !shown->is_fresh() || !shown->are_others_fresh || shown->is_newer_missing_by) continue;
    if (fact == &facts.shown) found.are_known = true;
    for (const Instant start : shown->starts) {
      if (start < day.begin) found.before = std::max(found.before.value_or(start), start);
      if (start >= day.end) found.after = std::min(found.after.value_or(start), start);
    }
  }
  return found;
}

// The number of known days, from the day in question on, on which starts would be left.
int days_left_from(const Facts& facts) {
  int count = 0;
  for (Day each = facts.day; each < facts.around.end; each += days(1)) {
    const auto starts = starts_of(facts, facts.zone->instants_of({each, each + days(1)}));
    count += std::any_of(starts.begin(), starts.end(), is_left) ? 1 : 0;
  }
  return count;
}

int bookings_of_type(const Facts& facts, InstantRange day) {
  const auto* bookings = known(facts.bookings);
  if (!bookings) return 0;
  return static_cast<int>(std::count_if(bookings->begin(), bookings->end(),
                                        [&](const Booking& each) { return each.is_of_type && day.contains(each.time.begin); }));
}

class Judgement {
 public:
  explicit Judgement(const Facts& facts) : facts_(facts), day_(day_of(facts)), neighbours_(neighbours_of(facts)) {}

  std::vector<Reason> reasons() {
    for (const Cause cause : causes_of_ours(facts_)) add(cause, Certainty::certain);
    if (facts_.mode == ConnectionMode::pat) judge_day();
    if (reasons_.empty()) add_unexplained();
    const auto rank = [](const Reason& reason) {
      // Causes up to the limits are sufficient alone. After them, the one that takes most starts comes first.
      const bool is_counted = reason.cause >= Cause::past && reason.cause < Cause::unexplained;
      const Cause by = is_counted ? Cause::past : reason.cause;
      return std::tuple(by, is_counted ? -reason.starts : 0, reason.cause);
    };
    std::stable_sort(reasons_.begin(), reasons_.end(), [&](const Reason& a, const Reason& b) { return rank(a) < rank(b); });
    return std::move(reasons_);
  }

 private:
  void judge_day() {
    if (day_.end <= facts_.now) return add(Cause::day_over, Certainty::certain);
    const auto* type = known(facts_.type);
    if (type && type->is_poll) add(Cause::meeting_poll, Certainty::likely);
    const auto* hours = known(facts_.hours);
    if (!type || !hours || hours->empty()) return;
    std::vector<Start> starts = starts_of(facts_, day_);
    if (starts.empty()) {
      add(cause_of_hours(facts_, day_), of_host());
      // Even with hours, something else might take every start, so that is reported too.
      std::vector<Start> others = starts_of(facts_, day_, Reading::without_dates);
      if (others.empty()) others = starts_of(facts_, day_, Reading::whole_days);
      add_those_that_take_all(others);
      return;
    }
    std::vector<Start> to_come = starts;
    std::erase_if(to_come, [](const Start& start) { return start.taken_by.contains(Cause::past); });
    if (to_come.empty())
      return add(Cause::past, Certainty::certain, {static_cast<int>(starts.size()), static_cast<int>(starts.size())});
    if (add_those_that_take_all(to_come)) return;
    const int of = static_cast<int>(to_come.size());
    std::map<Cause, int> taken;
    int left = 0;
    for (const Start& start : to_come) {
      if (is_left(start)) {
        ++left;
      } else {
        ++taken[*start.taken_by.begin()];
      }
    }
    for (const auto& [cause, count] : taken) add(cause, of_host(), {count, of});
    if (left > 0) judge_left({left, of, neighbours_.after, neighbours_.before});
  }

  // Starts that should be free by everything that Calendly reports, although it lists none.
  void judge_left(const Evidence& evidence) {
    const bool is_explained = std::any_of(reasons_.begin(), reasons_.end(), [](const Reason& reason) {
      return reason.cause <= Cause::calendar_unreadable || reason.cause == Cause::meeting_poll;
    });
    if (is_explained) return;
    const Shown* shown = known(facts_.shown);
    if (shown && shown->is_newer_missing_by) return add(cause_from(*shown->is_newer_missing_by), Certainty::likely);
    if (!neighbours_.are_known || !known(facts_.busy)) return;
    const std::size_t before = reasons_.size();
    if (!neighbours_.before && neighbours_.after) add(Cause::minimum_notice, Certainty::likely, evidence);
    if (neighbours_.before && !neighbours_.after && days_left_from(facts_) > 1)
      add(Cause::booking_horizon, Certainty::likely, evidence);
    if (bookings_of_type(facts_, day_) > 0) add(Cause::type_limit, Certainty::likely, evidence);
    if (known(facts_.type)->has_other_hosts) add(Cause::other_hosts, Certainty::likely, evidence);
    if (reasons_.size() == before) add(Cause::unexplained, Certainty::likely, evidence);
  }

  // If facts are missing, that is reported as the explanation.
  void add_unexplained() {
    const Error* error = facts_.mode == ConnectionMode::pat ? unread_error(facts_) : nullptr;
    if (!error) return add(Cause::unexplained, Certainty::likely);
    // It must be another fact than the event type itself, which Calendly has found.
    const bool is_odd = error->code == ErrorCode::event_type_not_found;
    add(is_odd ? Cause::calendly_unavailable : cause_from(error->code), Certainty::certain);
  }

  bool add_those_that_take_all(const std::vector<Start>& starts) {
    if (starts.empty()) return false;
    std::map<Cause, int> counts;
    for (const Start& start : starts) {
      for (const Cause cause : start.taken_by) ++counts[cause];
    }
    bool is_any = false;
    const int of = static_cast<int>(starts.size());
    for (const auto& [cause, count] : counts) {
      if (count < of || cause == Cause::past) continue;
      add(cause, of_host(), {count, of});
      is_any = true;
    }
    return is_any;
  }

  // If an event type has other hosts, one host's hours and calendar are no proof.
  [[nodiscard]] Certainty of_host() const {
    const auto* type = known(facts_.type);
    return type && !type->has_other_hosts && facts_.are_hours_of_type ? Certainty::certain : Certainty::likely;
  }

  void add(Cause cause, Certainty certainty, const Evidence& evidence = {}) {
    Reason reason = worded(cause, facts_, evidence);
    reason.certainty = certainty;
    reasons_.push_back(std::move(reason));
  }

  const Facts& facts_;
  InstantRange day_;
  Neighbours neighbours_;
  std::vector<Reason> reasons_;
};

template <class T>
void add_unread(std::vector<Unread>& unread, std::string_view what, const Fact<T>& fact) {
  if (fact && !*fact) unread.push_back({std::string(what), fact->error()});
}

}  // namespace

std::string_view name_from_certainty(Certainty certainty) { return certainty == Certainty::certain ? "certain" : "likely"; }

Verdict judged(const Facts& facts) {
  Verdict verdict;
  verdict.free = shown_in(facts, day_of(facts));
  verdict.timeline = timeline_of(facts);
  add_unread(verdict.unread, "free times", facts.shown);
  add_unread(verdict.unread, "the event type", facts.type);
  add_unread(verdict.unread, "working hours", facts.hours);
  add_unread(verdict.unread, "busy times", facts.busy);
  add_unread(verdict.unread, "meeting limits", facts.limits);
  add_unread(verdict.unread, "bookings", facts.bookings);
  if (!verdict.free.empty()) return verdict;
  verdict.reasons = Judgement(facts).reasons();
  const Reason& first = verdict.reasons.front();
  if (first.certainty == Certainty::certain) verdict.for_visitors = visitors_sentence(first.cause, facts);
  return verdict;
}

DayRange days_around(Day day, Day today) {
  const Day first = day >= today && day + days(1) < today + kSpan ? today : day;
  return {first, first + kSpan};
}

std::optional<DayRange> days_to_probe(const Facts& facts) {
  const Neighbours neighbours = neighbours_of(facts);
  if (!neighbours.are_known || neighbours.before || neighbours.after || !shown_in(facts, day_of(facts)).empty())
    return std::nullopt;
  if (!known(facts.busy) || days_left_from(facts) == 0) return std::nullopt;
  const Day today = facts.zone->local_day_of(facts.now);
  if (facts.around.begin <= today) return DayRange{facts.around.end, facts.around.end + kSpan};
  return DayRange{today, std::min(today + kSpan, facts.around.begin)};
}

}  // namespace slotwire::why
