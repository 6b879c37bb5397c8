#pragma once
// Calendly's answer as received, with what we know about it.
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::dropin {

// The position of one free start in a body.
struct TimeExtent {
  Instant start;
  std::size_t at = 0;
  std::size_t size = 0;
};

struct ApiAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<TimeExtent> times = {};  // of available times, in Calendly's order; empty for everything else
  std::optional<std::chrono::seconds> retry_after = {};
};
using SharedAnswer = std::shared_ptr<const ApiAnswer>;

}  // namespace slotwire::dropin
