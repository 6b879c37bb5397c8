#pragma once
// When to try a failed call again: 1, 2, 4 s with 20 % jitter, or what Calendly asked for, inside one deadline. Pure.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/result.h"

namespace slotwire::proxy {

// Anywhere in [-1, 1]; handed in so that tests can say what chance brings.
using Chance = std::function<double()>;
// Thread-safe, seeded by the machine.
[[nodiscard]] Chance system_chance();

struct CallFailure {
  Error error;
  bool is_retryable = false;
  bool is_range_complaint = false;                           // ask again with shorter windows
  std::optional<std::chrono::milliseconds> asked_wait = {};  // Calendly's own wish, or the budget's
  int status = 0;                                            // of Calendly's answer; 0: there was none
  // Calendly may have done what it was asked to: the request went out, and no answer tells that it was refused.
  bool may_have_acted = false;
  std::vector<std::string> codes = {};       // of a refusal: "already_filled"
  std::vector<std::string> parameters = {};  // of a refusal: Calendly's names of what it did not like
};

inline constexpr std::chrono::milliseconds kCallDeadline{10'000};

// How long to wait before the next attempt; nullopt when there should be none: not retryable, three retries done, or the
// wait would not end `left` early enough to be of use. `attempts` counts those made so far (1 after the first).
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_before_retry(const CallFailure& failure, int attempts,
                                                                         std::chrono::milliseconds left, double chance);

}  // namespace slotwire::proxy
