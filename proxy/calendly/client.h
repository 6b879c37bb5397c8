#pragma once
// Calendly's API as values. Each function is one attempt, checked against budget and breaker first; trying again is the
// caller's decision (retry.h), because a visitor with an old copy need not wait for it.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/calendly/budget.h"
#include "proxy/calendly/retry.h"
#include "proxy/calendly/transport.h"
#include "proxy/time/clock.h"
#include "shared/wire_json.h"

namespace slotwire::proxy {

template <class T>
using Called = std::variant<T, CallFailure>;

struct CallTerms {
  Urgency urgency = Urgency::visitor;
  std::chrono::milliseconds timeout = kCallDeadline;
};

class CalendlyClient {
 public:
  // All borrowed; must outlive this. Thread-safe.
  CalendlyClient(Transport& transport, const Clock& clock);

  // Error codes: token_rejected (401), insufficient_scope with the scopes as details (403), calendar_error (424),
  // calendly_rate_limited (429 or budget), event_type_not_found (404), calendly_unavailable for all else.
  [[nodiscard]] Called<CalendlyUser> user(const SecretString& token, CallTerms terms);
  [[nodiscard]] Called<EventTypePage> event_types(const SecretString& token, std::string_view user_uri,
                                                  std::string_view page_token, CallTerms terms);
  [[nodiscard]] Called<std::vector<Slot>> available_times(const SecretString& token, std::string_view event_type_uri,
                                                          InstantRange range, CallTerms terms);
  // Done when the token may read availability; tells a missing scope before the first visitor does.
  [[nodiscard]] Called<Done> probe_availability(const SecretString& token, std::string_view user_uri, CallTerms terms);
  // A single-use booking link.
  [[nodiscard]] Called<std::string> scheduling_link(const SecretString& token, std::string_view event_type_uri,
                                                    CallTerms terms);

  struct Counts {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    bool is_breaker_open = false;
    std::optional<int> rate_remaining;
  };
  [[nodiscard]] Counts counts() const;

 private:
  [[nodiscard]] Called<std::string> call(UpstreamRequest request, const SecretString& token, CallTerms terms);

  Transport& transport_;
  const Clock& clock_;
  Budget budget_;
  Breaker breaker_;
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace slotwire::proxy
