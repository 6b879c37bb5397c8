#pragma once
// `slotwire mcp`: the Model Context Protocol over standard input and output, for an assistant on the owner's own desktop.
#include "proxy/settings/settings.h"

namespace slotwire::app {

struct McpAsked {
  bool book = false;  // also offers booking
};
// Reads one message per line and answers in order, until the input ends. Standard output contains only answers.
[[nodiscard]] int run_mcp(const settings::Settings& settings, const McpAsked& asked);

}  // namespace slotwire::app
