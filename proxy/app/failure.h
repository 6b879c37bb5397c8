#pragma once
// How a command tells a person why it failed.
#include "shared/result.h"

namespace slotwire::proxy {

// One sentence on standard error, and whatever its details add. Returns the exit code for it.
[[nodiscard]] int failed(const Error& error);

}  // namespace slotwire::proxy
