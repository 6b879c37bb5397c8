#include "proxy/calendly/call_failure.h"

#include <random>

namespace slotwire::calendly {

Chance system_chance() {
  return [] {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(-1.0, 1.0)(engine);
  };
}

}  // namespace slotwire::calendly
