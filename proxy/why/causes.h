#pragma once
// Why a day can be empty, by name, in the order in which they are told when nothing else decides.
#include <string_view>

namespace slotwire::why {

enum class Cause {
  // Nobody can see any time:
  not_connected,
  public_mode,
  token_unreadable,
  token_rejected,
  scope_missing,
  event_type_not_found,
  event_type_deleted,
  event_type_inactive,
  // What is shown is not what Calendly would say now:
  budget_spent,
  copy_stale,
  calendly_unavailable,
  calendar_unreadable,
  // Nothing can be on the day:
  day_over,
  no_hours,
  override_off,
  clock_change,
  hours_too_short,
  daily_limit,
  weekly_limit,
  monthly_limit,
  // Each takes some starts:
  past,
  all_booked,
  group_full,
  busy,
  buffers,
  // Calendly does not tell these; what it lists on other days speaks for them:
  minimum_notice,
  booking_horizon,
  type_limit,
  meeting_poll,
  other_hosts,
  unexplained,
};

// As in answers: "no_hours".
[[nodiscard]] std::string_view name_from_cause(Cause cause);

}  // namespace slotwire::why
