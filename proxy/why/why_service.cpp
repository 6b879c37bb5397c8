#include "proxy/why/why_service.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "proxy/slots/range_query.h"
#include "proxy/why/account_facts.h"
#include "shared/wire_json.h"

namespace slotwire::why {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr seconds kJustNow{0};

// Also finds inactive event types, since being inactive is a reason.
const EventType* type_by(const connection::Account& account, std::string_view key) {
  if (const EventType* type = account.find_type(key)) return type;
  const auto& types = account.record.types;
  const auto found = std::find_if(types.begin(), types.end(), [&](const EventType& type) {
    return !key.empty() && (type.uri == key || uuid_from_uri(type.uri) == key || type.slug == key || type.scheduling_url == key);
  });
  return found == types.end() ? nullptr : &*found;
}

Result<slots::AskedRange> asked_day(const WhyQuery& query, const time::Zones& zones, Instant now) {
  if (query.date) {
    if (const Result<Day> day = day_from_text(*query.date); !day) {
      return Error{ErrorCode::invalid_date_range,
                   "date must be a day such as 2026-01-31.",
                   {{"date", "must be a day such as 2026-01-31"}}};
    }
  }
  const auto zone = zones.find(query.timezone.value_or("UTC"));
  if (!zone) return zone.error();
  const std::string date = query.date.value_or(text_from_day((*zone)->local_day_of(now)));
  return slots::asked_range(date, date, query.timezone, zones, now, {"date", "date"});
}

// What visitors see of these days; the flags are about `day`.
Result<Shown> shown_from(const Result<slots::SlotReply>& reply, InstantRange day) {
  if (!reply) return reply.error();
  if (reply->answer->is_public_link) return Error{ErrorCode::not_connected, "No Calendly account is connected."};
  const Result<SlotsAnswer> answer = slots_from_json(reply->answer->json);
  if (!answer) return answer.error();
  Shown shown;
  for (const Slot& slot : answer->slots) shown.starts.push_back(slot.start);
  const DayRange touched = utc_days_touching(day);
  for (const AnsweredWindow& window : answer->windows) {
    const bool is_of_day = window.days.begin < touched.end && touched.begin < window.days.end;
    const bool is_old = window.source == WindowSource::stale;
    const bool is_failed = window.source == WindowSource::failed;
    shown.are_others_fresh = shown.are_others_fresh && !is_old && !is_failed;
    if (!is_of_day) continue;
    if (window.fetched_at) shown.fetched_at = std::min(shown.fetched_at.value_or(*window.fetched_at), *window.fetched_at);
    if (is_old) shown.is_copy_because = window.error.value_or(ErrorCode::calendly_unavailable);
    if (is_failed) shown.is_failed_by = window.error.value_or(ErrorCode::calendly_unavailable);
  }
  return shown;
}

bool is_empty(const Shown& shown, InstantRange day) {
  return std::none_of(shown.starts.begin(), shown.starts.end(), [&](Instant start) { return day.contains(start); });
}

}  // namespace

struct WhyService::Asking {
  WhyQuery query;
  std::function<void(Result<WhyAnswer>)> done;
  std::shared_ptr<const connection::Account> account;
  EventType type;  // while facts.is_type_known
  InstantRange day;
  Facts facts;
  bool was_copy_behind = false;
  int calls = 0;
};

void WhyService::ask(WhyQuery query, std::function<void(Result<WhyAnswer>)> done) {
  const Result<slots::AskedRange> asked = asked_day(query, parts_.zones, parts_.clock.now());
  if (!asked) return done(asked.error());
  if (query.event_type.empty()) return done(bad_input("event_type", "must name an event type: its slug, uuid, URI or link"));
  if (query.event_type.find(',') != std::string::npos) return done(bad_input("event_type", "must name one event type at a time"));
  auto asking = std::make_shared<Asking>();
  asking->done = std::move(done);
  asking->account = parts_.connection.account();
  asking->day = asked->range;
  Facts& facts = asking->facts;
  facts.now = parts_.clock.now();
  facts.day = asked->days.begin;
  facts.timezone = asked->timezone;
  facts.zone = *parts_.zones.find(asked->timezone);
  facts.asked_type = query.event_type;
  facts.around = days_around(facts.day, facts.zone->local_day_of(facts.now));
  asking->query = std::move(query);
  if (asking->account->record.mode != ConnectionMode::pat) return finish(asking);
  const EventType* type = type_by(*asking->account, asking->query.event_type);
  if (!type) return look_for_unknown(asking);
  facts.is_type_known = true;
  asking->type = *type;
  if (asking->day.end <= facts.now) return finish(asking);
  if (!type->active) return parts_.calls.post([this, asking] { gather(asking); });
  look(asking);
}

void WhyService::find(const SharedAsking& asking, DayRange range, std::optional<seconds> max_age, slots::SlotsDone done) {
  slots::SlotQuery query;
  query.event_type = asking->facts.is_type_known ? asking->type.uri : asking->query.event_type;
  query.range = asking->facts.zone->instants_of(range);
  query.days = range;
  query.timezone = asking->facts.timezone;
  query.request_id = asking->query.request_id;
  query.max_age = max_age;
  parts_.slots.find(std::move(query), std::move(done));
}

// The event type may be new: finding its times reads the event types again, at most once a minute.
void WhyService::look_for_unknown(const SharedAsking& asking) {
  find(asking, asking->facts.around, std::nullopt, [this, asking](const Result<slots::SlotReply>& reply) {
    asking->account = parts_.connection.account();
    if (const EventType* type = type_by(*asking->account, asking->query.event_type)) {
      asking->facts.is_type_known = true;
      asking->type = *type;
      asking->facts.shown = shown_from(reply, asking->day);
      return parts_.calls.post([this, asking] { gather(asking); });
    }
    if (!reply) asking->facts.shown = reply.error();
    finish(asking);
  });
}

void WhyService::look(const SharedAsking& asking) {
  find(asking, asking->facts.around, std::nullopt, [this, asking](const Result<slots::SlotReply>& reply) {
    asking->facts.shown = shown_from(reply, asking->day);
    const Shown* shown = known(asking->facts.shown);
    // Data that is fresh for visitors may be some minutes old, and an owner who asks may have just changed something.
    const bool is_from_cache = reply && reply->from == slots::AnsweredFrom::cache;
    if (shown && is_from_cache && is_empty(*shown, asking->day)) return look_again(asking);
    parts_.calls.post([this, asking] { gather(asking); });
  });
}

void WhyService::look_again(const SharedAsking& asking) {
  find(asking, asking->facts.around, kJustNow, [this, asking](const Result<slots::SlotReply>& reply) {
    Result<Shown> newer = shown_from(reply, asking->day);
    if (newer && newer->is_copy_because && !newer->is_failed_by) {
      // The copy is fresh enough for visitors, but this question wanted newer data.
      if (asking->facts.shown && *asking->facts.shown) (*asking->facts.shown)->is_newer_missing_by = newer->is_copy_because;
      return parts_.calls.post([this, asking] { gather(asking); });
    }
    asking->facts.shown = std::move(newer);
    const Shown* shown = known(asking->facts.shown);
    asking->was_copy_behind = shown && !is_empty(*shown, asking->day);
    parts_.calls.post([this, asking] { gather(asking); });
  });
}

void WhyService::gather(const SharedAsking& asking) {
  Facts& facts = asking->facts;
  // Read again, since the check may have found that the token is refused.
  asking->account = parts_.connection.account();
  if (asking->account->record.mode != ConnectionMode::pat) return finish(asking);
  AccountFacts account({parts_.calendly, parts_.zones, parts_.clock, *asking->account, asking->type.uri});
  try {
    account.read_into(facts);
  } catch (const std::exception& exception) {
    // The missing facts stay missing, and the caller is still answered.
    parts_.log.error("why", asking->query.request_id, exception.what());
  }
  asking->calls = account.calls();
  const auto more = days_to_probe(facts);
  if (!more) return finish(asking);
  find(asking, *more, std::nullopt, [this, asking](const Result<slots::SlotReply>& reply) {
    asking->facts.probe = shown_from(reply, asking->day);
    finish(asking);
  });
}

void WhyService::finish(const SharedAsking& asking) {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  Facts& facts = asking->facts;
  facts.mode = account->record.mode;
  if (account->problem) facts.problem = account->problem;
  facts.is_listed_active = asking->type.active;
  facts.is_breaker_open = parts_.calendly.counts().is_breaker_open;
  if (const auto rate = parts_.calendly.rate_state()) facts.budget = CallBudget{rate->limit, rate->until_reset};
  WhyAnswer answer;
  answer.event_type_uri = asking->type.uri;
  answer.event_type_name = asking->type.name;
  answer.scheduling_url = asking->type.scheduling_url;
  answer.day = facts.day;
  answer.timezone = facts.timezone;
  answer.read_at = facts.now;
  answer.was_copy_behind = asking->was_copy_behind;
  answer.verdict = judged(facts);
  const auto& reasons = answer.verdict.reasons;
  parts_.log.info("why", asking->query.request_id,
                  text_from_day(facts.day) + ": " +
                      (reasons.empty() ? "has free times" : std::string(name_from_cause(reasons.front().cause))) + ", " +
                      std::to_string(asking->calls) + " calls besides those for times");
  asking->done(std::move(answer));
}

}  // namespace slotwire::why
