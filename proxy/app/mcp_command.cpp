#include "proxy/app/mcp_command.h"

#include <future>
#include <iostream>
#include <optional>

#include "proxy/app/commands.h"
#include "proxy/app/operator.h"

namespace slotwire::app {
namespace {

constexpr std::size_t kLongestMessage = 64 * 1024;  // the same as over HTTP

struct Line {
  std::string text;
  bool is_too_long = false;
};

// nullopt: end of the input.
std::optional<Line> next_line(std::istream& in) {
  Line line;
  char c = 0;
  while (in.get(c)) {
    if (c == '\n') return line;
    if (line.text.size() < kLongestMessage)
      line.text += c;
    else
      line.is_too_long = true;
  }
  return line.text.empty() ? std::nullopt : std::optional(line);
}

// Like a server's watch: applies what another program changed meanwhile, such as a disconnection.
void apply_changes(Core& core) {
  core.connection->apply_changes();
  (void)core.slots->apply_changes();
}

}  // namespace

int run_mcp(const settings::Settings& settings, const McpAsked& asked) {
  auto opened = quiet_core(settings);
  if (!opened) return failed(opened.error());
  Core& core = **opened;
  core.types->start();
  const mcp::Speaker owner{asked.book, true, {}, {}, {}};
  while (const std::optional<Line> line = next_line(std::cin)) {
    if (line->text.find_first_not_of(" \r\t") == std::string::npos) continue;
    std::promise<std::optional<mcp::Answer>> promise;
    if (line->is_too_long) {
      promise.set_value(mcp::refusal(413, "A message has at most 64 KiB"));
    } else {
      apply_changes(core);
      core.mcp->handle(line->text, std::nullopt, owner,
                       [&promise](std::optional<mcp::Answer> answer) { promise.set_value(std::move(answer)); });
    }
    if (const std::optional<mcp::Answer> answer = promise.get_future().get()) std::cout << answer->json << std::endl;
  }
  return 0;
}

}  // namespace slotwire::app
