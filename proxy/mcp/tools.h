#pragma once
// The tools offered to assistants: their arguments and results. Pure; any thread.
//
// Text by the account's owner or by Calendly (names, descriptions, questions) is treated as data: it appears only in fields of
// JSON, shortened, below a sentence that says so.
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/booking/booking_service.h"
#include "proxy/mcp/messages.h"
#include "shared/part_of_day.h"
#include "shared/slot.h"
#include "shared/zone_offsets.h"

namespace slotwire::mcp {

inline constexpr std::size_t kMostTimes = 50;

struct ListAsked {};
struct FindAsked {
  std::vector<std::string> event_types;  // at least one, each once
  std::optional<std::string> from, to;
  std::optional<PartOfDay> part;
  std::string timezone = "UTC";
  std::size_t count = 10;
};
struct BookAsked {
  booking::BookingWish wish;
  std::vector<ErrorDetail> problems;
  std::string confirmation;  // empty: the person has not agreed yet
};
struct CancelAsked {
  std::string cancel_url;
};
using Asked = std::variant<ListAsked, FindAsked, BookAsked, CancelAsked>;

[[nodiscard]] bool is_tool(std::string_view name);
// The result of tools/list, as a JSON object.
[[nodiscard]] std::string tools_json(bool may_book);
// Errors: bad_input naming every wrong argument.
[[nodiscard]] Result<Asked> asked_from(const ToolCall& call);

[[nodiscard]] ToolResult result_from_error(const Error& error, std::string_view data_json = "{}");
[[nodiscard]] ToolResult result_from_types(const std::vector<EventType>& types);
// `answer`: from slots/{event types} or next/{event types} (shared/answers.h, shared/any_of.h). Keeps only times of the requested
// part of the day, if any, and at most the requested number of starts.
[[nodiscard]] ToolResult result_from_times(std::string_view answer, const std::vector<EventType>& types, const FindAsked& asked,
                                           const ZoneOffsets& zone);
// Nothing is booked yet: shows the booking, the event type's questions (`form`, a JSON object), and the confirmation to send.
[[nodiscard]] ToolResult result_from_preview(const booking::BookingWish& wish, const EventType& type, std::string_view form,
                                             std::string_view confirmation);
[[nodiscard]] ToolResult result_from_booking(const booking::BookingAnswer& answer);
[[nodiscard]] ToolResult result_from_cancel_link(std::string_view url);

// Represents what a person agreed to: a digest of a nonce and of the whole booking, so that any change needs a new one. It is
// also the booking's Idempotency-Key, so confirming twice books once.
[[nodiscard]] std::string confirmation_of(const booking::BookingWish& wish, std::string_view nonce);
[[nodiscard]] bool confirms(std::string_view confirmation, const booking::BookingWish& wish);

}  // namespace slotwire::mcp
