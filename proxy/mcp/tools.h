#pragma once
// The tools that assistants are given: what each takes, and what it answers. Pure; any thread.
//
// Whatever the account's owner or Calendly wrote (names, descriptions, questions) is data: it stands in fields of JSON alone,
// cut to a length, below a sentence that says so.
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
// Errors: bad_input naming every argument that is wrong.
[[nodiscard]] Result<Asked> asked_from(const ToolCall& call);

[[nodiscard]] ToolResult result_from_error(const Error& error, std::string_view data_json = "{}");
[[nodiscard]] ToolResult result_from_types(const std::vector<EventType>& types);
// `answer`: of slots/{event types} or next/{event types} (shared/answers.h, shared/any_of.h). Of its times those of the part of
// the day, in so far as one was asked for, and no more starts than were asked for.
[[nodiscard]] ToolResult result_from_times(std::string_view answer, const std::vector<EventType>& types, const FindAsked& asked,
                                           const ZoneOffsets& zone);
// Nothing is booked yet: what would be, what the event type asks (`form`, as a JSON object), and by which confirmation.
[[nodiscard]] ToolResult result_from_preview(const booking::BookingWish& wish, const EventType& type, std::string_view form,
                                             std::string_view confirmation);
[[nodiscard]] ToolResult result_from_booking(const booking::BookingAnswer& answer);
[[nodiscard]] ToolResult result_from_cancel_link(std::string_view url);

// What a person agreed to: made of a nonce and all that would be booked, so that a changed word needs another one. It is the
// booking's Idempotency-Key too: confirming twice books once.
[[nodiscard]] std::string confirmation_of(const booking::BookingWish& wish, std::string_view nonce);
[[nodiscard]] bool confirms(std::string_view confirmation, const booking::BookingWish& wish);

}  // namespace slotwire::mcp
