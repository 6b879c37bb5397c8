#pragma once
// The possible causes of an empty day, by name, in the order in which they are listed when nothing else decides.
#include <string_view>

namespace slotwire::why {

enum class Cause {
  // Visitors can see no times at all:
  not_connected,
  public_mode,
  token_unreadable,
  token_rejected,
  scope_missing,
  event_type_not_found,
  event_type_deleted,
  event_type_inactive,
  // What visitors see may differ from Calendly's current answer:
  budget_spent,
  copy_stale,
  calendly_unavailable,
  calendar_unreadable,
  // The day can have no times:
  day_over,
  no_hours,
  override_off,
  clock_change,
  hours_too_short,
  daily_limit,
  weekly_limit,
  monthly_limit,
  // Each takes away some starts:
  past,
  all_booked,
  group_full,
  busy,
  buffers,
  // Calendly does not report these; the times it lists on other days suggest them:
  minimum_notice,
  booking_horizon,
  type_limit,
  meeting_poll,
  other_hosts,
  unexplained,
};

// The name used in answers: "no_hours".
[[nodiscard]] std::string_view name_from_cause(Cause cause);

}  // namespace slotwire::why
