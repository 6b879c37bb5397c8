#pragma once
// The Model Context Protocol as a pure function: takes a JSON-RPC message and returns an answer or a tool call. Stateless: no
// session, each message is complete by itself. Any thread.
//
// Supports two generations of the protocol, told apart by each message: since 2026-07-28 every request names its revision in
// `_meta`; before that a client first sends `initialize`, which is answered without keeping state. Source:
// modelcontextprotocol.io/specification (2026-07-28: basic, basic/versioning, basic/transports/streamable-http; 2025-11-25:
// basic/lifecycle, basic/transports), checked 2026-11.
// basic, basic/versioning, basic/transports/streamable-http; 2025-11-25: basic/lifecycle, basic/transports), checked 2026-11.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace slotwire::mcp {

// Values that HTTP headers repeat, and that must match the message. Absent over standard input and output.
struct Head {
  std::optional<std::string> revision;  // MCP-Protocol-Version
  std::optional<std::string> method;    // Mcp-Method
  std::optional<std::string> name;      // Mcp-Name
};

// For a notification, or an answer to a request that was never sent.
struct Silence {};
struct Answer {
  std::string json;
  int status = 200;  // over HTTP
};
struct ToolCall {
  std::string id;  // as JSON
  std::string tool;
  std::string arguments;   // a JSON object
  bool is_modern = false;  // of revision 2026-07-28
};
using Understood = std::variant<Silence, Answer, ToolCall>;

// `may_book`: whether the booking tool is offered to this client.
[[nodiscard]] Understood understand(std::string_view message, const std::optional<Head>& head, bool may_book);

struct ToolResult {
  bool is_error = false;
  std::string text;               // for clients that read nothing else
  std::string structured = "{}";  // a JSON object
};
[[nodiscard]] Answer answer_to(const ToolCall& call, const ToolResult& result);

// Refuses a request before it is parsed as a message.
[[nodiscard]] Answer refusal(int status, std::string_view why);

}  // namespace slotwire::mcp
