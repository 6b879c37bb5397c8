#pragma once
// Reads a secret that is typed at a terminal or piped in.
#include <string>
#include <string_view>

namespace slotwire::app {

// One line of standard input without its line break, at most 16 KiB. At a terminal `prompt` is printed on standard error, and
// what is typed is not shown; the terminal is as before afterwards, also when a signal ends or stops the program. Call it before
// any thread starts.
[[nodiscard]] std::string secret_line(std::string_view prompt);

}  // namespace slotwire::app
