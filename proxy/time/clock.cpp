#include "proxy/time/clock.h"

namespace slotwire::proxy {

Instant SystemClock::now() const { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
Tick SystemClock::tick() const { return std::chrono::steady_clock::now(); }

}  // namespace slotwire::proxy
