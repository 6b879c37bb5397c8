#include "proxy/calendly/call_failure.h"

#include <random>

#include "proxy/text/ascii.h"

namespace slotwire::calendly {

Chance system_chance() {
  return [] {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(-1.0, 1.0)(engine);
  };
}

bool is_plan_gate(const CalendlyProblem& refusal) {
  return refusal.required_scopes.empty() && text::lowered(refusal.message).find("please upgrade") != std::string::npos;
}

}  // namespace slotwire::calendly
