#pragma once
// What a Calendly link means: host and path as a whole, never its last part, so that nobody else's link is taken for one of ours.
// Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "shared/slot.h"

namespace slotwire::connection {

// A link in the form in which links are compared: "https://Calendly.com/acme/30min/?month=2026-12" -> "calendly.com/acme/30min".
// http: or https:, "www.", query, fragment and empty parts go, escapes are decoded, letters become small. Empty: the text is no
// link (slug, uuid).
[[nodiscard]] std::string comparable_link(std::string_view text);

// The active event type, secret or not, whose scheduling link this is; a date or time at the link's end, as slots' links have,
// says no more than where to look. nullptr: none.
[[nodiscard]] const EventType* type_behind_link(const std::vector<EventType>& types, std::string_view text);

// The active event types directly under an owner's page ("https://calendly.com/acme"), in their order.
[[nodiscard]] std::vector<EventType> types_under_link(const std::vector<EventType>& types, std::string_view text);

}  // namespace slotwire::connection
