#pragma once
// Checks what the settings name outside of themselves: files, folders, ports. For `slotwire check-config`.
#include <vector>

#include "proxy/settings/settings.h"

namespace slotwire::app {

// What would keep `serve` from working with these settings, which are themselves in order. Creates and opens nothing for writing,
// and looks as this process's user: another one may be allowed less.
[[nodiscard]] std::vector<settings::Problem> problems_with_places(const settings::Settings& settings);

}  // namespace slotwire::app
