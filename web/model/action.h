#pragma once
// Actions that the widget requests from the page, as values; the page carries them out (see sw_actions in web/platform/abi.h).
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::web {

struct FetchSlots {
  std::uint32_t id;
  std::string type;
  DayRange days;          // UTC days
  bool is_fresh = false;  // caches must be bypassed
  bool may_wait = false;  // up to a second: many widgets send this request at the same moment, and no visitor is waiting for it
};
struct FetchTypes {};
struct FetchZones {};
struct ChangeZone {
  std::string name;
  Instant at;
};
struct Book {
  std::string url;
  Instant start;
  Instant end;
  std::string type;
  std::string name;  // of the event type
};
// Saves what was booked as a calendar file.
struct AddToCalendar {
  Book booked;
};
struct OpenLink {
  std::string url;
  bool is_whole = false;  // the link must be opened unchanged, without prefill
};
struct Announce {
  std::string text;
};
struct MoveFocus {
  std::string id;
};
// A DOM event "slotwire:<name>"; `detail` is a JSON object.
struct Emit {
  std::string name;
  std::string detail;
};
struct Wake {
  Instant at;
};
struct WantHeight {
  int px;
};
// Shows a textbox over the canvas at this place, CSS pixels; an empty id hides it.
struct ShowField {
  std::string id;
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const ShowField&) const = default;
};

// Whether the pointer is over something that can be activated.
struct ShowCursor {
  bool is_pointing;
};

using Action = std::variant<FetchSlots, FetchTypes, FetchZones, ChangeZone, Book, AddToCalendar, OpenLink, Announce, MoveFocus,
                            Emit, Wake, WantHeight, ShowField, ShowCursor>;

// A JSON array in the format described in abi.h.
[[nodiscard]] std::string json_from_actions(const std::vector<Action>& actions);

// Milliseconds since 1970 as JSON text.
[[nodiscard]] std::string text_from_ms(Instant instant);

}  // namespace slotwire::web
