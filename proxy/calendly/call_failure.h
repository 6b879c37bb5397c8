#pragma once
// How a call to Calendly can fail. fetch/retry.h decides when to retry it.
#include <chrono>
#include <functional>
#include <optional>

#include "proxy/fetch/retry.h"
#include "shared/result.h"
#include "shared/wire_json.h"

namespace slotwire::calendly {

// A random number in [-1, 1]; a parameter so that tests can choose it.
using Chance = std::function<double()>;
// Thread-safe, seeded by the machine.
[[nodiscard]] Chance system_chance();

struct CallFailure {
  Error error;
  bool is_retryable = false;
  bool is_range_complaint = false;                           // retry with shorter windows
  std::optional<std::chrono::milliseconds> asked_wait = {};  // the wait that Calendly or the budget requires
  int status = 0;                                            // of Calendly's answer; 0: no answer
  // Calendly may have done what was requested: the request was sent, and no answer says that it was refused.
  bool may_have_acted = false;
  bool is_ours = false;          // budget or breaker: nothing was sent, so it says nothing about Calendly
  CalendlyProblem refusal = {};  // Calendly's own words when it refused; they may repeat what a visitor wrote

  [[nodiscard]] fetch::RetryHint hint() const { return {is_retryable, asked_wait}; }
};

// True for a 403 because the account's plan does not include the call, which no scope of the token can fix (seen 2026-11: "Please
// upgrade your Calendly account ..."). Calendly sends no separate code for it.
[[nodiscard]] bool is_plan_gate(const CalendlyProblem& refusal);

inline constexpr std::chrono::milliseconds kCallDeadline{10'000};

}  // namespace slotwire::calendly
