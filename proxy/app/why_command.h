#pragma once
// `slotwire why EVENT [DATE]`: why a day is empty, in the terminal.
#include <optional>
#include <string>

#include "proxy/settings/settings.h"

namespace slotwire::app {

struct WhyAsked {
  std::string event_type;
  std::optional<std::string> date;
  std::optional<std::string> timezone;
  bool json = false;
};
// Returns the process's exit code, and reports errors on standard error. An empty day is no error.
[[nodiscard]] int show_why(const settings::Settings& settings, const WhyAsked& asked);

}  // namespace slotwire::app
