#pragma once
// Calendly's API as values. Each function is one attempt, checked against budget and breaker first; trying again is the
// caller's decision (retry.h), because a visitor with an old copy need not wait for it.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/calendly/booking_form.h"
#include "proxy/calendly/budget.h"
#include "proxy/calendly/call_failure.h"
#include "proxy/calendly/invitee_json.h"
#include "proxy/calendly/scheduled_events_json.h"
#include "proxy/calendly/transport.h"
#include "proxy/calendly/webhook_json.h"
#include "proxy/time/clock.h"
#include "shared/wire_json.h"

namespace slotwire::calendly {

template <class T>
using Called = std::variant<T, CallFailure>;

struct CallTerms {
  Urgency urgency = Urgency::visitor;
  std::chrono::milliseconds timeout = kCallDeadline;
};

// A page of `GET /event_types`: what visitors may see, and what their bookings are asked for.
struct EventTypesAndForms {
  EventTypePage page;
  std::map<std::string, BookingForm> forms;  // by event type URI
};

// What one call brought, for those who hand Calendly's own words on.
struct RawAnswer {
  std::optional<UpstreamAnswer> answer;  // refusals included; nullopt: Calendly said nothing
  std::optional<CallFailure> failure;    // nullopt: it said 2xx
};

// The account's rate limit as Calendly last told it.
struct RateState {
  int limit = 0;
  int remaining = 0;
  std::chrono::seconds until_reset{};
};

// What a token may do besides letting visitors see free times.
inline constexpr std::array<std::string_view, 4> kProbedScopes = {"scheduling_links:write", "scheduled_events:read",
                                                                  "scheduled_events:write", "webhooks:write"};

enum class ScopeAnswer {
  granted,
  missing,
  beyond_plan,  // is_plan_gate
  unknown,      // Calendly's answer does not tell
};

class CalendlyClient {
 public:
  // All borrowed; must outlive this. Thread-safe. `shared`: the budget of several servers; nullptr: one of its own.
  CalendlyClient(Transport& transport, const time::Clock& clock, Budget* shared = nullptr);

  // Error codes: token_rejected (401), insufficient_scope with the scopes as details (403), calendar_error (424),
  // calendly_rate_limited (429 or budget), event_type_not_found (404), calendly_unavailable for all else.
  [[nodiscard]] Called<CalendlyUser> user(const secrets::SecretString& token, CallTerms terms);
  [[nodiscard]] Called<EventTypesAndForms> event_types(const secrets::SecretString& token, std::string_view user_uri,
                                                       std::string_view page_token, CallTerms terms);
  [[nodiscard]] Called<std::vector<Slot>> available_times(const secrets::SecretString& token, std::string_view event_type_uri,
                                                          InstantRange range, CallTerms terms);
  // Done when the token may read availability; tells a missing scope before the first visitor does.
  [[nodiscard]] Called<Done> probe_availability(const secrets::SecretString& token, std::string_view user_uri, CallTerms terms);
  // Whether the token has this scope. The calls change nothing: Calendly looks at the scope first, then finds that what they ask
  // for is not there. Knows the names in `kProbedScopes`.
  [[nodiscard]] ScopeAnswer ask_for_scope(const secrets::SecretString& token, std::string_view scope, std::string_view user_uri,
                                          CallTerms terms);
  // One page of the account's bookings that start in the range, its end included, in order; only those of one invitee when
  // an address is given. Personal data: never kept.
  struct EventsAsked {
    std::string_view user_uri;
    InstantRange range;
    std::string_view invitee_email = {};
    std::string_view page_token = {};
  };
  [[nodiscard]] Called<ScheduledEventPage> scheduled_events(const secrets::SecretString& token, const EventsAsked& asked,
                                                            CallTerms terms);
  // Books, and Calendly sends real mail: one attempt, never tried again here. A failure with `may_have_acted` does not say
  // that nothing was booked. Calendly's limits of this call are its own: being refused for them stops no other call.
  [[nodiscard]] Called<BookedInvitee> create_invitee(const secrets::SecretString& token, const InviteeOrder& order,
                                                     CallTerms terms);
  // Whoever is booked for an event, newest first, one page. Personal data: never kept.
  [[nodiscard]] Called<InviteePage> invitees(const secrets::SecretString& token, std::string_view event_uri,
                                             std::string_view page_token, CallTerms terms);
  // A single-use booking link.
  [[nodiscard]] Called<std::string> scheduling_link(const secrets::SecretString& token, std::string_view event_type_uri,
                                                    CallTerms terms);
  // The uri of a new subscription. Fails with status 409 when its address is subscribed already.
  [[nodiscard]] Called<std::string> create_webhook(const secrets::SecretString& token, const WebhookWish& wish, CallTerms terms);
  // One page of what is subscribed for this user.
  [[nodiscard]] Called<WebhookPage> webhooks(const secrets::SecretString& token, std::string_view organization_uri,
                                             std::string_view user_uri, std::string_view page_token, CallTerms terms);
  // Done as well when Calendly knows no such subscription any more.
  [[nodiscard]] Called<Done> delete_webhook(const secrets::SecretString& token, std::string_view uri, CallTerms terms);

  // Sends it as it is. Error codes of a failure as above.
  [[nodiscard]] RawAnswer pass(UpstreamRequest request, const secrets::SecretString& token, CallTerms terms);
  // Another token is in use from now on: what Calendly said of the limits of the one before, a long Retry-After too, is not about
  // it. Nor is what comes of calls that are under way.
  void forget_limits();
  // nullopt before Calendly has told it. Once its period is over, all is left.
  [[nodiscard]] std::optional<RateState> rate_state() const;

  enum class Outcome { answered, rate_limited, refused, trouble, no_answer };
  static constexpr std::array<std::string_view, 5> kOutcomeNames = {"ok", "rate_limited", "refused", "error", "no_answer"};
  struct Counts {
    std::uint64_t calls = 0;     // that were sent
    std::uint64_t failures = 0;  // of these, but for what Calendly refused: that is an answer
    std::array<std::uint64_t, kOutcomeNames.size()> by_outcome{};
    bool is_breaker_open = false;
    std::optional<int> rate_remaining;
  };
  [[nodiscard]] Counts counts() const;

 private:
  // Whose limit an answer's headers and a 429 tell of: that of all calls, or that of this endpoint alone.
  enum class Meter { account, endpoint };
  [[nodiscard]] Called<std::string> call(UpstreamRequest request, const secrets::SecretString& token, CallTerms terms,
                                         Meter meter = Meter::account);
  [[nodiscard]] RawAnswer exchange(UpstreamRequest request, const secrets::SecretString& token, CallTerms terms, Meter meter);

  Transport& transport_;
  const time::Clock& clock_;
  LocalBudget own_budget_;
  Budget& budget_;
  Breaker breaker_;
  void count(Outcome outcome) { ++outcomes_.at(static_cast<std::size_t>(outcome)); }
  void note_rate(const UpstreamAnswer& answer);

  struct RateSeen {
    int limit = 0;
    int remaining = 0;
    time::Tick reset_at;
  };
  std::atomic<std::uint64_t> limits_{0};  // how often they were forgotten
  mutable std::mutex rate_mutex_;
  std::optional<RateSeen> rate_seen_;
  std::array<std::atomic<std::uint64_t>, kOutcomeNames.size()> outcomes_{};
};

}  // namespace slotwire::calendly
