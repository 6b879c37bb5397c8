// Assistants' messages: whatever comes, what goes out is JSON-RPC with the id that came in, and a tool is called only by a whole
// request, with arguments that are an object.
#include <string>

#include "proxy/mcp/messages.h"
#include "proxy/mcp/tools.h"
#include "shared/json_members.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

void hold_answer(const mcp::Answer& answer, const Json& message) {
  const Json told = json_from_text(answer.json);
  holds(told.is_object() && text_at(told, "jsonrpc") == "2.0", "an answer is JSON-RPC 2.0");
  holds(told.contains("result") != told.contains("error"), "a result or an error, and not both");
  holds(told.contains("id") && (member(told, "id").is_null() || member(told, "id") == member(message, "id")), "to whoever asked");
  if (told.contains("error"))
    holds(member(told["error"], "code").is_number_integer() && !text_at(told["error"], "message").empty(),
          "an error says what it is");
}

void hold_call(const mcp::ToolCall& call, const Json& message) {
  holds(mcp::is_tool(call.tool), "a tool that there is");
  holds(text_at(message, "jsonrpc") == "2.0" && text_at(message, "method") == "tools/call" && message.contains("id"),
        "a whole request");
  holds(json_from_text(call.arguments).is_object(), "arguments are an object");
  const auto asked = mcp::asked_from(call);
  if (!asked) {
    holds(asked.error().code == ErrorCode::bad_input, "wrong arguments are the caller's");
    hold_answer(mcp::answer_to(call, mcp::result_from_error(asked.error())), message);
    return;
  }
  if (const auto* find = std::get_if<mcp::FindAsked>(&*asked)) {
    holds(!find->event_types.empty() && find->count >= 1 && find->count <= mcp::kMostTimes, "a question within its limits");
  }
  if (const auto* book = std::get_if<mcp::BookAsked>(&*asked)) {
    const std::string confirmation = mcp::confirmation_of(book->wish, "nonce");
    holds(mcp::confirms(confirmation, book->wish), "what was shown is what is confirmed");
    booking::BookingWish other = book->wish;
    other.email += "x";
    holds(!mcp::confirms(confirmation, other), "and nothing else is");
    EventType type;
    type.name = "30 <b>minutes</b>";
    hold_answer(mcp::answer_to(call, mcp::result_from_preview(book->wish, type, "{}", confirmation)), message);
  }
}

}  // namespace

FUZZ_TARGET(mcp_messages) {
  fuzz::Input input(bytes);
  std::optional<mcp::Head> head;
  // The heads stand in lines before the message where the last byte says so.
  const std::uint8_t choice = bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes.back());
  if (choice == '1') {
    (void)input.byte();
    head.emplace();
    head->revision = std::string(input.line());
    head->method = std::string(input.line());
    head->name = std::string(input.line());
  }
  const std::string_view text = input.rest();
  const Json message = json_from_text(text);
  const mcp::Understood understood = mcp::understand(text, head, true);
  if (const auto* answer = std::get_if<mcp::Answer>(&understood)) hold_answer(*answer, message);
  if (const auto* call = std::get_if<mcp::ToolCall>(&understood)) hold_call(*call, message);
  if (std::holds_alternative<mcp::Silence>(understood)) holds(message.is_object(), "only a message is met with silence");

  // As an answer of ours, which assistants are told of.
  const mcp::FindAsked asked{.event_types = {"a"}, .from = {}, .to = {}, .part = {}};
  const mcp::ToolResult times = mcp::result_from_times(text, {}, asked, ZoneOffsets());
  holds(json_from_text(times.structured).is_object(), "what is told of times is an object");
}
