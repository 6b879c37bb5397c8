#pragma once
// What Calendly tells of when somebody may be booked, as values: an event type's settings, schedules, busy times, meeting limits.
// It tells neither the minimum notice, nor how far ahead may be booked, nor an event type's own limits.
// Facts about Calendly: its published API documents and the programs that read it, checked 2026-11.
//
// Any bytes are safe to pass. Errors of all: calendly_unavailable for what cannot be read, since half of it would mislead.
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::calendly {

// `GET /event_types/{uuid}`.
struct TypeSettings {
  std::string name;
  bool is_active = true;
  bool is_deleted = false;
  bool is_poll = false;
  bool is_group = false;
  bool is_one_off = false;
  bool has_other_hosts = false;  // round robin, collective
  std::string owner_uri;         // the user or team whose it is; empty: not said
  std::chrono::minutes duration{};
  std::chrono::minutes increment{};  // between starts that are offered; 30 where Calendly does not say
  std::chrono::minutes before_buffer{};
  std::chrono::minutes after_buffer{};
};
[[nodiscard]] Result<TypeSettings> type_settings_from_calendly(std::string_view json);

// Of a day by the clock on the wall: from < to <= 24 h.
struct WallSpan {
  std::chrono::minutes from;
  std::chrono::minutes to;
  bool operator==(const WallSpan&) const = default;
};

struct Schedule {
  std::string timezone;
  bool is_default = false;
  std::array<std::vector<WallSpan>, 7> weekly;  // from Sunday
  std::map<Day, std::vector<WallSpan>> dates;   // in place of the weekday's; none: off
};
// `GET /event_type_availability_schedules` and `GET /user_availability_schedules`.
[[nodiscard]] Result<std::vector<Schedule>> schedules_from_calendly(std::string_view json);

struct BusyTime {
  InstantRange time;
  InstantRange buffered;  // with the buffers of what was booked
  bool is_booking = false;
  std::string event_uri = {};  // of a booking
};
// `GET /user_busy_times`.
[[nodiscard]] Result<std::vector<BusyTime>> busy_times_from_calendly(std::string_view json);

// Of all event types of a user together.
struct MeetingLimits {
  std::optional<int> daily;
  std::optional<int> weekly;
  std::optional<int> monthly;
};
// `GET /user_meeting_limits`.
[[nodiscard]] Result<MeetingLimits> meeting_limits_from_calendly(std::string_view json);

}  // namespace slotwire::calendly
