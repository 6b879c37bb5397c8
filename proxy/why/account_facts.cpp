#include "proxy/why/account_facts.h"

#include <algorithm>

#include "proxy/calendly/availability_json.h"
#include "proxy/why/starts.h"
#include "shared/percent.h"
#include "shared/time_between.h"

namespace slotwire::why {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kLongestWait{15};
constexpr std::chrono::milliseconds kCallPatience{5'000};
// Buffers reach beyond the edges of the requested days. With six days of 24 or 25 hours the range stays within the week that
// Calendly allows.
constexpr hours kMargin{6};
constexpr seconds kStartLead{60};  // an earlier start is refused
constexpr int kMostPages = 10;
constexpr std::string_view kBookingsScope = "scheduled_events:read";

bool is_for_all(const calendly::CallFailure& failure) {
  const ErrorCode code = failure.error.code;
  return failure.is_ours || failure.status == 0 || code == ErrorCode::token_rejected || code == ErrorCode::calendly_rate_limited;
}

InstantRange with(InstantRange range, InstantRange other) {
  return {std::min(range.begin, other.begin), std::max(range.end, other.end)};
}

// The bookings that limits count together with a booking on the day.
InstantRange counted_range(const Facts& facts) {
  InstantRange range = facts.zone->instants_of(facts.around);
  const auto* limits = known(facts.limits);
  const auto* all = known(facts.hours);
  if (!limits || !all || all->empty()) return range;
  const ZoneOffsets& zone = *all->front().zone;
  const InstantRange asked = facts.zone->instants_of({facts.day, facts.day + days(1)});
  for (const Day day : {zone.local_day_of(asked.begin), zone.local_day_of(asked.end)}) {
    range = with(range, zone.instants_of({day, day + days(1)}));
    if (limits->weekly) range = with(range, zone.instants_of(week_of(day)));
    if (limits->monthly) range = with(range, zone.instants_of(month_of(day)));
  }
  return range;
}

bool are_bookings_needed(const Facts& facts) {
  const auto* limits = known(facts.limits);
  if (limits && (limits->daily || limits->weekly || limits->monthly)) return true;
  const auto* busy = known(facts.busy);
  return busy && std::any_of(busy->begin(), busy->end(), [](const calendly::BusyTime& each) { return each.is_booking; });
}

}  // namespace

AccountFacts::AccountFacts(Parts parts) : parts_(parts), deadline_(parts.clock.tick() + kLongestWait) {
  if (!parts_.account.token)
    shared_failure_ = parts_.account.problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."});
}

std::optional<Error> AccountFacts::shared_failure() const {
  if (shared_failure_) return shared_failure_;
  if (parts_.clock.tick() >= deadline_) return Error{ErrorCode::calendly_unavailable, "Calendly takes too long to answer."};
  return std::nullopt;
}

calendly::CallTerms AccountFacts::terms() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(time_between(parts_.clock.tick(), deadline_));
  return {calendly::Urgency::reserved, std::min(kCallPatience, left)};
}

void AccountFacts::note(const calendly::CallFailure& failure) {
  if (is_for_all(failure)) shared_failure_ = failure.error;
}

Result<std::string> AccountFacts::got(const std::string& target) {
  if (const auto error = shared_failure()) return *error;
  calendly::UpstreamRequest request;
  request.target = target;
  ++calls_;
  calendly::RawAnswer raw = parts_.calendly.pass(std::move(request), *parts_.account.token, terms());
  if (raw.failure) {
    note(*raw.failure);
    return raw.failure->error;
  }
  return std::move(raw.answer->body);
}

template <class T, class Read>
Result<T> AccountFacts::read(const std::string& target, Read from_json) {
  const Result<std::string> body = got(target);
  if (!body) return body.error();
  return from_json(*body);
}

Result<std::vector<HostHours>> AccountFacts::hours(bool& are_of_type) {
  using Schedules = std::vector<calendly::Schedule>;
  are_of_type = true;
  Result<Schedules> schedules = read<Schedules>("/event_type_availability_schedules?event_type=" + query_encoded(parts_.type_uri),
                                                calendly::schedules_from_calendly);
  const bool is_elsewhere = schedules ? schedules->empty() : schedules.error().code == ErrorCode::event_type_not_found;
  if (is_elsewhere) {
    are_of_type = false;
    schedules = read<Schedules>("/user_availability_schedules?user=" + query_encoded(parts_.account.record.user_uri),
                                calendly::schedules_from_calendly);
    if (schedules && schedules->size() > 1)
      std::erase_if(*schedules, [](const calendly::Schedule& each) { return !each.is_default; });
  }
  if (!schedules) return schedules.error();
  std::vector<HostHours> found;
  for (calendly::Schedule& schedule : *schedules) {
    const auto zone = parts_.zones.find(schedule.timezone);
    if (!zone) return Error{ErrorCode::calendly_unavailable, "The schedule's time zone is not known here."};
    found.push_back({std::move(schedule), *zone});
  }
  if (found.empty()) return Error{ErrorCode::calendly_unavailable, "Calendly told of no schedule."};
  return found;
}

Result<std::vector<Booking>> AccountFacts::bookings(InstantRange range) {
  const auto& missing = parts_.account.record.missing_scopes;
  if (std::find(missing.begin(), missing.end(), kBookingsScope) != missing.end()) {
    return Error{ErrorCode::insufficient_scope,
                 "The access token may not do this.",
                 {{"accessToken", "is missing the scope " + std::string(kBookingsScope)}}};
  }
  std::vector<Booking> found;
  std::string page_token;
  for (int page = 0; page < kMostPages; ++page) {
    if (const auto error = shared_failure()) return *error;
    ++calls_;
    auto called =
        parts_.calendly.scheduled_events(*parts_.account.token, {parts_.account.record.user_uri, range, {}, page_token}, terms());
    if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) {
      note(*failure);
      return failure->error;
    }
    const auto& answer = std::get<calendly::ScheduledEventPage>(called);
    for (const calendly::ScheduledEvent& event : answer.events) {
      if (event.status == "canceled") continue;
      found.push_back({event.time, event.uri, event.event_type_uri == parts_.type_uri, event.invitees, event.invitees_limit});
    }
    page_token = answer.next_page_token.value_or("");
    if (page_token.empty()) return found;
  }
  return Error{ErrorCode::calendly_unavailable, "There are more bookings than can be counted here."};
}

void AccountFacts::read_into(Facts& facts) {
  facts.type = read<calendly::TypeSettings>("/event_types/" + query_encoded(uuid_from_uri(parts_.type_uri)),
                                            calendly::type_settings_from_calendly);
  if (!*facts.type && facts.type->error().code == ErrorCode::event_type_not_found) return;
  // The event type may have hours of its own, but the calendar we read belongs to the token's user.
  if (*facts.type && !(*facts.type)->owner_uri.empty() && (*facts.type)->owner_uri != parts_.account.record.user_uri) {
    (*facts.type)->has_other_hosts = true;
  }
  facts.hours = hours(facts.are_hours_of_type);
  const InstantRange around = facts.zone->instants_of(facts.around);
  const Instant begin = std::max(around.begin - kMargin, facts.now + kStartLead);
  facts.busy =
      read<std::vector<calendly::BusyTime>>("/user_busy_times?user=" + query_encoded(parts_.account.record.user_uri) +
                                                "&start_time=" + query_encoded(calendly_text_from_instant(begin)) +
                                                "&end_time=" + query_encoded(calendly_text_from_instant(around.end + kMargin)),
                                            calendly::busy_times_from_calendly);
  facts.limits = read<calendly::MeetingLimits>("/user_meeting_limits?user=" + query_encoded(parts_.account.record.user_uri),
                                               calendly::meeting_limits_from_calendly);
  if (are_bookings_needed(facts)) facts.bookings = bookings(counted_range(facts));
}

}  // namespace slotwire::why
