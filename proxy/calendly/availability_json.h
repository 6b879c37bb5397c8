#pragma once
// What Calendly reports about availability, as values: an event type's settings, schedules, busy times, meeting limits. It
// reports neither the minimum notice, nor how far ahead bookings are allowed, nor an event type's own limits. Facts about
// Calendly: its published API documents and programs that read them, checked 2026-11.
//
// Any bytes are safe to pass. Error of all functions: calendly_unavailable for data that cannot be read, since half of it would
// mislead.
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
  std::string owner_uri;         // the user or team that owns it; empty: unknown
  std::chrono::minutes duration{};
  std::chrono::minutes increment{};  // between the starts that are offered; 30 if Calendly does not say
  std::chrono::minutes before_buffer{};
  std::chrono::minutes after_buffer{};
};
[[nodiscard]] Result<TypeSettings> type_settings_from_calendly(std::string_view json);

// A part of a day in local time: from < to <= 24 h.
struct WallSpan {
  std::chrono::minutes from;
  std::chrono::minutes to;
  bool operator==(const WallSpan&) const = default;
};

struct Schedule {
  std::string timezone;
  bool is_default = false;
  std::array<std::vector<WallSpan>, 7> weekly;  // from Sunday
  std::map<Day, std::vector<WallSpan>> dates;   // replaces the weekday's spans; none: not available
};
// `GET /event_type_availability_schedules` and `GET /user_availability_schedules`.
[[nodiscard]] Result<std::vector<Schedule>> schedules_from_calendly(std::string_view json);

struct BusyTime {
  InstantRange time;
  InstantRange buffered;  // including the buffers of the booking
  bool is_booking = false;
  std::string event_uri = {};  // of a booking
};
// `GET /user_busy_times`.
[[nodiscard]] Result<std::vector<BusyTime>> busy_times_from_calendly(std::string_view json);

// For all event types of a user together.
struct MeetingLimits {
  std::optional<int> daily;
  std::optional<int> weekly;
  std::optional<int> monthly;
};
// `GET /user_meeting_limits`.
[[nodiscard]] Result<MeetingLimits> meeting_limits_from_calendly(std::string_view json);

}  // namespace slotwire::calendly
