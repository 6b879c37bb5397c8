#pragma once
// The proxy's public answers as values: the proxy writes them and the widget reads them. Encoding only appends text (std only).
// Decoding JSON is native-only (wire_json.h); in the browser the widget gets packed records instead (wire_packed.h).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire {

enum class WindowSource { cache, upstream, stale, failed };
[[nodiscard]] std::string_view name_from_source(WindowSource source);

// One stretch of UTC days that came from one place.
struct AnsweredWindow {
  DayRange days;
  WindowSource source = WindowSource::cache;
  std::optional<Instant> fetched_at;  // none when failed
  std::optional<ErrorCode> error;     // only when failed or stale
  std::uint16_t of = 0;               // index of the event type, as in Slot::of
  bool operator==(const AnsweredWindow&) const = default;
};

struct SlotsAnswer {
  std::string event_type_uri;
  std::string event_type_name;
  std::chrono::minutes duration{};
  std::string host;  // host, place and description as in EventType
  std::string place;
  std::string description;
  std::string timezone = "UTC";
  DayRange days;  // in `timezone`; the wire shows the last day inclusive
  std::vector<Slot> slots;
  bool cached = false;                // no upstream call was needed
  bool stale = false;                 // at least one window is an old copy
  bool complete = true;               // false: at least one window failed and had no copy
  std::optional<Instant> fetched_at;  // of the oldest window
  std::vector<AnsweredWindow> windows;
  // The event types, when several answer as one (any_of.h). With none or one, the fields above describe the event type.
  std::vector<EventType> types;
};

enum class ConnectionMode { none, pat, public_links };
[[nodiscard]] std::string_view name_from_mode(ConnectionMode mode);  // "none", "pat", "public"

// {"success":true,"message":"...","data":{...}}: the whole body of an answer.
[[nodiscard]] std::string json_from_slots(const SlotsAnswer& answer);
[[nodiscard]] std::string json_from_public_link(std::string_view scheduling_url);
// Writes only active event types that are not secret, even if others are passed in.
[[nodiscard]] std::string json_from_event_types(ConnectionMode mode, const std::vector<EventType>& types);
// {"success":false,"message":...,"data":{...},"error":{"code":...,"details":[...]}}; `data_json` is an object.
[[nodiscard]] std::string json_from_error(const Error& error, std::string_view data_json = "{}");

// One event type as JSON, for documents that contain more than a list of event types.
void append_event_type_json(std::string& out, const EventType& type);

}  // namespace slotwire
