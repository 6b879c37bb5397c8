#pragma once
// The Model Context Protocol as a pure function: a JSON-RPC message in, and out what is to be answered or which tool is to be
// called. Stateless: no session, each message stands for itself. Any thread.
//
// Two eras are spoken, told apart by each message: since 2026-07-28 every request says its revision in `_meta`; before that a
// client says hello by `initialize`, which is answered and forgotten. Source: modelcontextprotocol.io/specification (2026-07-28:
// basic, basic/versioning, basic/transports/streamable-http; 2025-11-25: basic/lifecycle, basic/transports), checked 2026-11.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace slotwire::mcp {

// What HTTP says beside a message, and must say alike. Over standard input and output there is none.
struct Head {
  std::optional<std::string> revision;  // MCP-Protocol-Version
  std::optional<std::string> method;    // Mcp-Method
  std::optional<std::string> name;      // Mcp-Name
};

// Of a notification, or an answer to what was never asked.
struct Silence {};
struct Answer {
  std::string json;
  int status = 200;  // over HTTP
};
struct ToolCall {
  std::string id;  // as JSON
  std::string tool;
  std::string arguments;   // a JSON object
  bool is_modern = false;  // of 2026-07-28
};
using Heard = std::variant<Silence, Answer, ToolCall>;

// `may_book`: whether the tool that books is offered to whoever asks.
[[nodiscard]] Heard heard(std::string_view message, const std::optional<Head>& head, bool may_book);

struct ToolResult {
  bool is_error = false;
  std::string text;               // for whoever reads nothing else
  std::string structured = "{}";  // a JSON object
};
[[nodiscard]] Answer answer_to(const ToolCall& call, const ToolResult& result);

// What was refused before it was looked at as a message.
[[nodiscard]] Answer refusal(int status, std::string_view why);

}  // namespace slotwire::mcp
