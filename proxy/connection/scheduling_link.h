#pragma once
// Interprets Calendly links. Compares host and whole path, never just the last part, so that a link of another account is not
// taken for one of ours. Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "shared/slot.h"

namespace slotwire::connection {

// A link in a form that can be compared: "https://Calendly.com/acme/30min/?month=2026-12" -> "calendly.com/acme/30min". Removes
// the scheme, "www.", query, fragment and empty parts; decodes escapes; makes letters lower case. Empty: the text is not a link
// (but a slug or uuid).
[[nodiscard]] std::string comparable_link(std::string_view text);

// The active event type, secret or not, that this scheduling link belongs to. A date or time at the end, as in slots' links, is
// ignored. nullptr: none.
[[nodiscard]] const EventType* type_behind_link(const std::vector<EventType>& types, std::string_view text);

// The active event types directly under an owner's page ("https://calendly.com/acme"), in their order.
[[nodiscard]] std::vector<EventType> types_under_link(const std::vector<EventType>& types, std::string_view text);

}  // namespace slotwire::connection
