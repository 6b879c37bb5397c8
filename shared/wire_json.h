#pragma once
// Reads JSON from Calendly and from slotwire: native only, as nlohmann/json is.
// Lenient where Calendly adds fields, strict about the fields we use. Throws nothing; any bytes are safe to pass.
// Calendly's formats are taken from its published API documents, checked 2026-11.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/answers.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire {

// `GET /event_type_available_times`: {"collection":[{status, invitees_remaining, start_time, scheduling_url}]}.
// Ascending by start, however they are listed. Entries that are not "available" are left out. An entry without a readable
// start_time fails the whole answer, because a shortened list would look like fewer free slots. Errors: calendly_unavailable.
[[nodiscard]] Result<std::vector<Slot>> slots_from_calendly(std::string_view json);

struct EventTypePage {
  std::vector<EventType> types;
  std::vector<std::string> left_out;  // names of event types that cannot be shown, each with the reason: "Intro: has no duration"
  std::optional<std::string> next_page_token;
};
// `GET /event_types`. An invalid entry is left out and listed in `left_out`; the others are kept. A list in which no entry has a
// uri is refused as a whole. Errors: calendly_unavailable.
[[nodiscard]] Result<EventTypePage> event_types_from_calendly(std::string_view json);
// `GET /event_types/{uuid}`: {"resource": {...}}.
[[nodiscard]] Result<EventType> event_type_from_calendly(std::string_view json);

struct CalendlyUser {
  std::string uri;
  std::string name;
  std::string timezone;
  std::string scheduling_url;
  std::string organization_uri;
};
// `GET /users/me`. Errors: calendly_unavailable.
[[nodiscard]] Result<CalendlyUser> user_from_calendly(std::string_view json);

// An error body. Accepts anything: {} and HTML give empty fields.
struct CalendlyProblem {
  std::string title;
  std::string message;
  std::vector<ErrorDetail> details;       // field = Calendly's `parameter`
  std::vector<std::string> detail_codes;  // e.g. "already_filled"
  std::vector<std::string> required_scopes;
};
[[nodiscard]] CalendlyProblem problem_from_calendly(std::string_view json);
// A 400 that complains about a range longer than the account may request; the text may be in the message or in a detail.
[[nodiscard]] bool is_range_complaint(const CalendlyProblem& problem);

// Reads our own answers: for C++ clients, and for tests that compare the packed reader with it.
[[nodiscard]] Result<SlotsAnswer> slots_from_json(std::string_view json);
[[nodiscard]] Result<std::vector<EventType>> event_types_from_json(std::string_view json);

}  // namespace slotwire
