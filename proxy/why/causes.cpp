#include "proxy/why/causes.h"

namespace slotwire::why {

std::string_view name_from_cause(Cause cause) {
  switch (cause) {
    case Cause::not_connected:
      return "not_connected";
    case Cause::public_mode:
      return "public_mode";
    case Cause::token_unreadable:
      return "token_unreadable";
    case Cause::token_rejected:
      return "token_rejected";
    case Cause::scope_missing:
      return "scope_missing";
    case Cause::event_type_not_found:
      return "event_type_not_found";
    case Cause::event_type_deleted:
      return "event_type_deleted";
    case Cause::event_type_inactive:
      return "event_type_inactive";
    case Cause::budget_spent:
      return "budget_spent";
    case Cause::copy_stale:
      return "copy_stale";
    case Cause::calendly_unavailable:
      return "calendly_unavailable";
    case Cause::calendar_unreadable:
      return "calendar_unreadable";
    case Cause::day_over:
      return "day_over";
    case Cause::no_hours:
      return "no_hours";
    case Cause::override_off:
      return "override_off";
    case Cause::clock_change:
      return "clock_change";
    case Cause::hours_too_short:
      return "hours_too_short";
    case Cause::daily_limit:
      return "daily_limit";
    case Cause::weekly_limit:
      return "weekly_limit";
    case Cause::monthly_limit:
      return "monthly_limit";
    case Cause::past:
      return "past";
    case Cause::all_booked:
      return "all_booked";
    case Cause::group_full:
      return "group_full";
    case Cause::busy:
      return "busy";
    case Cause::buffers:
      return "buffers";
    case Cause::minimum_notice:
      return "minimum_notice";
    case Cause::booking_horizon:
      return "booking_horizon";
    case Cause::type_limit:
      return "type_limit";
    case Cause::meeting_poll:
      return "meeting_poll";
    case Cause::other_hosts:
      return "other_hosts";
    case Cause::unexplained:
      return "unexplained";
  }
  return "unexplained";
}

}  // namespace slotwire::why
