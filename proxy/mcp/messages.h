#pragma once
// The Model Context Protocol as a pure function: a JSON-RPC message in, and out what is to be answered or which tool is to be
// called. Stateless: no session, each message stands for itself. Source: modelcontextprotocol.io/specification/2025-11-25
// (basic, lifecycle, transports, server/tools), checked 2026-11. Any thread.
#include <string>
#include <string_view>
#include <variant>

namespace slotwire::mcp {

// The revisions that are spoken, and what is offered to whoever asks for another. Older ones know batches, which are not read.
inline constexpr std::string_view kNewestProtocol = "2025-11-25";
[[nodiscard]] bool is_known_protocol(std::string_view revision);

// Of a notification, or an answer to what was never asked.
struct Silence {};
struct Answer {
  std::string json;
  bool is_refusal = false;  // what came was no message at all
};
struct ToolCall {
  std::string id;  // as JSON
  std::string tool;
  std::string arguments;  // a JSON object
};
using Heard = std::variant<Silence, Answer, ToolCall>;

// `may_book`: whether the tool that books is offered to whoever asks.
[[nodiscard]] Heard heard(std::string_view message, bool may_book);

struct ToolResult {
  bool is_error = false;
  std::string text;               // for whoever reads nothing else
  std::string structured = "{}";  // a JSON object
};
[[nodiscard]] Answer answer_to(const ToolCall& call, const ToolResult& result);

// JSON-RPC's numbers.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
// `id` as JSON.
[[nodiscard]] Answer error_answer(int code, std::string_view message, std::string_view id = "null");

}  // namespace slotwire::mcp
