#include "proxy/why/words.h"

#include <array>
#include <cstdio>

#include "proxy/why/starts.h"

namespace slotwire::why {
namespace {

using std::chrono::days;
using std::chrono::hours;

std::string weekday_of(Day day) {
  constexpr std::array<const char*, 7> kNames = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  return kNames.at(std::chrono::weekday(day).c_encoding());
}

// "14:00 on 2026-01-06", in the requested zone.
std::string moment_text(const Facts& facts, Instant instant) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(facts.zone->local_time_of(instant)).count();
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return std::string(text) + " on " + text_from_day(facts.zone->local_day_of(instant));
}

std::string minutes_text(std::chrono::minutes time) {
  return std::to_string(time.count()) + (time.count() == 1 ? " minute" : " minutes");
}

std::string span_text(std::chrono::microseconds span) {
  const auto whole_hours = std::chrono::round<hours>(span).count();
  if (whole_hours >= 48) return "about " + std::to_string(std::chrono::round<days>(span).count()) + " days";
  if (whole_hours >= 2) return "about " + std::to_string(whole_hours) + " hours";
  return minutes_text(std::max(std::chrono::minutes(1), std::chrono::ceil<std::chrono::minutes>(span)));
}

std::string count_text(const Evidence& evidence) {
  const std::string starts = std::to_string(evidence.of) + " starts of the day";
  if (evidence.starts < evidence.of) return std::to_string(evidence.starts) + " of the " + starts;
  return evidence.of == 1 ? "the only start of the day" : evidence.of == 2 ? "both starts of the day" : "all " + starts;
}

bool is_one_calendar(const Facts& facts) {
  const auto* all = known(facts.hours);
  return all && all->size() == 1 && all->front().schedule.timezone == facts.timezone;
}

std::string schedule_zone(const Facts& facts) {
  const auto* all = known(facts.hours);
  return all && !all->empty() ? all->front().schedule.timezone : facts.timezone;
}

std::string copy_age(const Facts& facts) {
  const Shown* shown = known(facts.shown);
  if (!shown || !shown->fetched_at || *shown->fetched_at > facts.now) return "an old copy";
  return "a copy that is " + span_text(facts.now - *shown->fetched_at) + " old";
}

std::string missing_scopes(const Facts& facts) {
  const Error* error = facts.shown && !*facts.shown ? &facts.shown->error()
                       : facts.problem              ? &*facts.problem
                                                    : unread_error(facts);
  std::string scopes;
  for (const ErrorDetail& detail : error ? error->details : std::vector<ErrorDetail>()) {
    const std::size_t at = detail.message.rfind(' ');
    scopes += (scopes.empty() ? "" : ", ") + detail.message.substr(at == std::string::npos ? 0 : at + 1);
  }
  return scopes.empty() ? "users:read, event_types:read and availability:read" : scopes;
}

struct Words {
  std::string message;
  std::string action;
};

Words words_of_ours(Cause cause, const Facts& facts) {
  switch (cause) {
    case Cause::not_connected:
      return {"No Calendly account is connected.", "Connect one: on the admin page, or with `slotwire token set`."};
    case Cause::public_mode:
      return {"Public mode is on: visitors get a link to your Calendly page, and no times.",
              "Connect the account with a personal access token to show times."};
    case Cause::token_unreadable:
      return {"The stored access token cannot be opened with the keys that are configured.",
              "Put back the key it was sealed with (CALENDLY_ENCRYPTION_KEY, or JWT_SECRET), or set the token anew."};
    case Cause::token_rejected:
      return {"Calendly no longer accepts the access token: it was revoked, perhaps by a change of password.",
              "Make a new personal access token in Calendly (Integrations, API and webhooks) and set it here."};
    case Cause::scope_missing:
      return {std::string(known(facts.shown) ? "The access token may not read what would say why."
                                             : "The access token may not read free times.") +
                  " It is missing: " + missing_scopes(facts) + ".",
              "Make a new personal access token with these scopes and set it here."};
    case Cause::event_type_not_found:
      return {"There is no event type \"" + facts.asked_type + "\" in the connected account.",
              "Take its name from the list of event types on the admin page; if it is new, sync event types."};
    case Cause::event_type_deleted:
      return {"Calendly does not know this event type any more: it was deleted.",
              "Put another event type into the page, or make it again in Calendly."};
    case Cause::event_type_inactive:
      if (const auto* type = known(facts.type); type && type->is_active) {
        return {"The event type was switched off when event types were last read here, and is on by now.",
                "Sync event types; by itself it is read again within minutes."};
      }
      return {"The event type is switched off in Calendly.",
              "Switch it on in Calendly's list of event types; it is seen here within minutes, or at once after a sync."};
    case Cause::budget_spent: {
      const std::string limit = facts.budget ? " (" + std::to_string(facts.budget->limit) + " a minute)" : "";
      const std::string reset = facts.budget && facts.budget->until_reset.count() > 0
                                    ? "Wait " + std::to_string(facts.budget->until_reset.count()) + " seconds"
                                    : std::string("Wait a minute");
      return {
          "The calls that Calendly allows this account are used up" + limit + ", so the day could not be asked for.",
          reset +
              ". If it comes again: see what else uses the account's API, and keep answers longer (CALENDLY_SLOTS_CACHE_TTL)."};
    }
    case Cause::copy_stale:
      return {"Visitors see " + copy_age(facts) + ", since no younger one could be had from Calendly.",
              "Nothing can be done here: it is tried again by itself, and the copy says that it is one."};
    case Cause::calendly_unavailable:
      return {facts.is_breaker_open ? "Calendly has failed so often in a row that it is left alone for a moment."
                                    : "Calendly did not answer, or not in a way that can be read.",
              "Wait; it is tried again by itself. If it lasts, look at Calendly's status page, and whether this server reaches "
              "the internet."};
    case Cause::calendar_unreadable:
      return {"Calendly cannot read the host's own calendar, and offers nothing until it can.",
              "Connect the calendar again in Calendly (Availability, Calendar settings)."};
    default:
      return {};
  }
}

Words words_of_day(Cause cause, const Facts& facts, const Evidence& evidence) {
  const auto* type = known(facts.type);
  switch (cause) {
    case Cause::day_over:
      return {"The day is over in " + facts.timezone + ".", "Ask for a day that is to come."};
    case Cause::no_hours:
      if (is_one_calendar(facts)) {
        return {"The schedule has no hours on " + weekday_of(facts.day) + "s.",
                "Add hours for " + weekday_of(facts.day) + " in Calendly (Availability), if the day is meant to be bookable."};
      }
      return {"The schedule (" + schedule_zone(facts) + ") has no hours that fall on this day in " + facts.timezone + ".",
              "Add hours in Calendly (Availability), or look at the day in the schedule's own time zone."};
    case Cause::override_off:
      return {"The schedule has other hours for this date than for its weekday, and they leave no room.",
              "Remove or change the date-specific hours in Calendly (Availability)."};
    case Cause::clock_change:
      return {"Clocks change on this day in " + schedule_zone(facts) + ", and the day's hours lie where they skip.",
              "Add date-specific hours for the day in Calendly (Availability)."};
    case Cause::hours_too_short:
      return {"The day's hours are shorter than the " + minutes_text(type ? type->duration : std::chrono::minutes(0)) +
                  " that the event takes.",
              "Lengthen the hours in Calendly (Availability), or shorten the event."};
    case Cause::daily_limit:
    case Cause::weekly_limit:
    case Cause::monthly_limit: {
      const auto* limits = known(facts.limits);
      const bool is_day = cause == Cause::daily_limit;
      const bool is_week = cause == Cause::weekly_limit;
      const auto limit = !limits ? std::nullopt : is_day ? limits->daily : is_week ? limits->weekly : limits->monthly;
      const std::string period = is_day ? "day" : is_week ? "week (from Sunday)" : "month";
      return {"The limit of " + std::to_string(limit.value_or(0)) + (limit == 1 ? " meeting" : " meetings") + " a " + period +
                  ", of all event types together, is reached.",
              "Raise the meeting limit in Calendly (Availability, Advanced settings), if more may be booked."};
    }
    case Cause::past:
      return {"The last start of the day has passed.", "Ask for a day that is to come."};
    case Cause::all_booked:
      return {"Meetings that were booked take " + count_text(evidence) + ".",
              "Nothing is wrong. More hours on the day would make more room."};
    case Cause::group_full:
      return {"All places are taken at " + count_text(evidence) + ".",
              "Nothing is wrong. More places, or more hours, would make more room."};
    case Cause::busy:
      return {"The host's own calendar is busy for " + count_text(evidence) + ".",
              "Look for events that are marked busy there, all-day ones too; what should not block the day can be marked free, "
              "or its calendar left out of the check for conflicts."};
    case Cause::buffers: {
      const std::string own = type && (type->before_buffer.count() > 0 || type->after_buffer.count() > 0)
                                  ? " (the event type's own are " + minutes_text(type->before_buffer) + " before and " +
                                        minutes_text(type->after_buffer) + " after)"
                                  : "";
      return {"Buffers around other meetings take " + count_text(evidence) + own + ".",
              "Shorten the buffers in the event type's settings, or those of the meetings around."};
    }
    default:
      return {};
  }
}

Words words_of_rest(Cause cause, const Facts& facts, const Evidence& evidence) {
  const std::string looks = "By hours and calendar " + std::to_string(evidence.starts) +
                            (evidence.starts == 1 ? " start" : " starts") + " would be free";
  switch (cause) {
    case Cause::minimum_notice:
      return {looks + ", but the first that Calendly offers is " +
                  moment_text(facts, evidence.first_offered.value_or(facts.now)) + ", " +
                  span_text(evidence.first_offered.value_or(facts.now) - facts.now) +
                  " from now: the event type seems to want that much notice.",
              "Shorten the minimum notice in the event type's settings (Limits), if it may be booked sooner."};
    case Cause::booking_horizon:
      return {looks +
                  ", but Calendly offers nothing on this day nor on those after it: it seems to lie further ahead than may be "
                  "booked.",
              "Widen the date range in the event type's settings, if it may be booked further ahead."};
    case Cause::type_limit:
      return {looks +
                  ", but Calendly offers none, and the event type is booked on the day already: its own limit a day seems to be "
                  "reached.",
              "Raise the limit in the event type's settings (Limits), if more may be booked."};
    case Cause::meeting_poll:
      return {"It is a meeting poll, which offers only the times that were chosen for it.",
              "Use another kind of event type to be booked here."};
    case Cause::other_hosts:
      return {looks +
                  " for the host whose token this is. Others host the event type as well, and their hours and calendars cannot "
                  "be read with it.",
              "Look at the other hosts' availability in Calendly."};
    default:
      break;
  }
  const auto* type = known(facts.type);
  const std::string one_off = type && type->is_one_off ? " A one-off meeting offers only the days that were chosen for it." : "";
  const std::string action =
      "Open the event type's page while signed in to Calendly and use its troubleshooting view; look at date range, notice, "
      "limits, and who else hosts it.";
  if (evidence.starts > 0) return {looks + ", yet Calendly offers none, and nothing that it tells says why." + one_off, action};
  return {"What could be read does not say why." + one_off, action};
}

}  // namespace

Reason worded(Cause cause, const Facts& facts, const Evidence& evidence) {
  Words words = words_of_ours(cause, facts);
  if (words.message.empty()) words = words_of_day(cause, facts, evidence);
  if (words.message.empty()) words = words_of_rest(cause, facts, evidence);
  return {cause, Certainty::likely, evidence.starts, std::move(words.message), std::move(words.action)};
}

std::string visitors_sentence(Cause cause, const Facts& facts) {
  switch (cause) {
    case Cause::day_over:
      return "This day is over.";
    case Cause::no_hours:
      if (is_one_calendar(facts)) return "There are no times on " + weekday_of(facts.day) + "s.";
      return "There are no times on this day.";
    case Cause::override_off:
    case Cause::clock_change:
      return "There are no times on this day.";
    default:
      return {};
  }
}

}  // namespace slotwire::why
