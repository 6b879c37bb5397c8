#pragma once
// How a call to Calendly can fail. When it is tried again is fetch/retry.h's to say.
#include <chrono>
#include <functional>
#include <optional>

#include "proxy/fetch/retry.h"
#include "shared/result.h"
#include "shared/wire_json.h"

namespace slotwire::calendly {

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
  bool is_ours = false;          // budget or breaker: nothing was sent, so it says nothing of Calendly
  CalendlyProblem refusal = {};  // Calendly's own words, when it refused. They may repeat what a visitor wrote

  [[nodiscard]] fetch::RetryHint hint() const { return {is_retryable, asked_wait}; }
};

// 403 for what the account has not paid for, which no scope of the token mends (seen 2026-11: "Please upgrade your Calendly
// account
// ..."). Calendly gives it no code of its own.
[[nodiscard]] bool is_plan_gate(const CalendlyProblem& refusal);

inline constexpr std::chrono::milliseconds kCallDeadline{10'000};

}  // namespace slotwire::calendly
