#include "proxy/calendly/call_failure.h"

#include <random>

namespace slotwire::proxy {

Chance system_chance() {
  return [] {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(-1.0, 1.0)(engine);
  };
}

}  // namespace slotwire::proxy
