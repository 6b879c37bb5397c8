#pragma once
// Runs the program as a command: returns its output and exit status.
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace slotwire::e2e {

struct Run {
  std::optional<int> status;
  std::string output;
};
[[nodiscard]] Run run_proxy(const std::vector<std::string>& arguments, const Environment& settings);

}  // namespace slotwire::e2e
