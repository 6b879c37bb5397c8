#pragma once
// `slotwire mcp`: the Model Context Protocol over standard input and output, for an assistant on the owner's own desktop.
#include "proxy/settings/settings.h"

namespace slotwire::app {

struct McpAsked {
  bool book = false;  // bookings too
};
// One message a line, answered in order, until the input ends. Standard output has nothing but answers.
[[nodiscard]] int speak_mcp(const settings::Settings& settings, const McpAsked& asked);

}  // namespace slotwire::app
