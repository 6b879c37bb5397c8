#pragma once
// Calendly's API as values. Each function makes one attempt, after asking budget and breaker. The caller decides about retries
// (retry.h), because a visitor with an old copy need not wait for one.
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

// A page of `GET /event_types`: what visitors may see, and the booking forms.
struct EventTypesAndForms {
  EventTypePage page;
  std::map<std::string, BookingForm> forms;  // by event type URI
};

// The result of one call, for callers that pass on Calendly's own answer.
struct RawAnswer {
  std::optional<UpstreamAnswer> answer;  // also refusals; nullopt: no answer
  std::optional<CallFailure> failure;    // nullopt: the status was 2xx
};

// The account's rate limit as Calendly last reported it.
struct RateState {
  int limit = 0;
  int remaining = 0;
  std::chrono::seconds until_reset{};
};

// What a token may be allowed to do besides reading free times.
inline constexpr std::array<std::string_view, 4> kProbedScopes = {"scheduling_links:write", "scheduled_events:read",
                                                                  "scheduled_events:write", "webhooks:write"};

enum class ScopeAnswer {
  granted,
  missing,
  beyond_plan,  // is_plan_gate
  unknown,      // cannot be told from Calendly's answer
};

class CalendlyClient {
 public:
  // All borrowed; must outlive this. Thread-safe. `shared`: the budget of several servers; nullptr: uses its own.
  CalendlyClient(Transport& transport, const time::Clock& clock, Budget* shared = nullptr);

  // Error codes: token_rejected (401), insufficient_scope with the scopes as details (403), calendar_error (424),
  // calendly_rate_limited (429 or budget), event_type_not_found (404), calendly_unavailable for everything else.
  [[nodiscard]] Called<CalendlyUser> user(const secrets::SecretString& token, CallTerms terms);
  [[nodiscard]] Called<EventTypesAndForms> event_types(const secrets::SecretString& token, std::string_view user_uri,
                                                       std::string_view page_token, CallTerms terms);
  [[nodiscard]] Called<std::vector<Slot>> available_times(const secrets::SecretString& token, std::string_view event_type_uri,
                                                          InstantRange range, CallTerms terms);
  // Succeeds when the token may read availability, so that a missing scope is found before the first visitor comes.
  [[nodiscard]] Called<Done> probe_availability(const secrets::SecretString& token, std::string_view user_uri, CallTerms terms);
  // Checks whether the token has this scope. The calls change nothing: Calendly checks the scope first, and then finds that their
  // target does not exist. Accepts the names in `kProbedScopes`.
  [[nodiscard]] ScopeAnswer ask_for_scope(const secrets::SecretString& token, std::string_view scope, std::string_view user_uri,
                                          CallTerms terms);
  // One page of the account's bookings that start in the range, its end included, in order. With an address, only bookings of
  // that invitee. Personal data: never stored.
  struct EventsAsked {
    std::string_view user_uri;
    InstantRange range;
    std::string_view invitee_email = {};
    std::string_view page_token = {};
  };
  [[nodiscard]] Called<ScheduledEventPage> scheduled_events(const secrets::SecretString& token, const EventsAsked& asked,
                                                            CallTerms terms);
  // Books; Calendly sends real mail. One attempt, never repeated here. After a failure with `may_have_acted` the booking may
  // exist. Calendly limits this call separately, so a refusal by that limit stops no other call.
  [[nodiscard]] Called<BookedInvitee> create_invitee(const secrets::SecretString& token, const InviteeOrder& order,
                                                     CallTerms terms);
  // The invitees of an event, newest first, one page. Personal data: never stored.
  [[nodiscard]] Called<InviteePage> invitees(const secrets::SecretString& token, std::string_view event_uri,
                                             std::string_view page_token, CallTerms terms);
  // A single-use booking link.
  [[nodiscard]] Called<std::string> scheduling_link(const secrets::SecretString& token, std::string_view event_type_uri,
                                                    CallTerms terms);
  // Returns the uri of the new subscription. Fails with status 409 when its address is subscribed already.
  [[nodiscard]] Called<std::string> create_webhook(const secrets::SecretString& token, const WebhookWish& wish, CallTerms terms);
  // One page of this user's subscriptions.
  [[nodiscard]] Called<WebhookPage> webhooks(const secrets::SecretString& token, std::string_view organization_uri,
                                             std::string_view user_uri, std::string_view page_token, CallTerms terms);
  // Succeeds also when Calendly has no such subscription any more.
  [[nodiscard]] Called<Done> delete_webhook(const secrets::SecretString& token, std::string_view uri, CallTerms terms);

  // Sends the request unchanged. Error codes of a failure as above.
  [[nodiscard]] RawAnswer pass(UpstreamRequest request, const secrets::SecretString& token, CallTerms terms);
  // Another token is used from now on: forgets what Calendly said about the limits of the old one, including a long Retry-After.
  // Answers of calls under way are ignored for this too.
  void forget_limits();
  // nullopt before Calendly has reported it. After its period the full limit is available again.
  [[nodiscard]] std::optional<RateState> rate_state() const;

  enum class Outcome { answered, rate_limited, refused, trouble, no_answer };
  static constexpr std::array<std::string_view, 5> kOutcomeNames = {"ok", "rate_limited", "refused", "error", "no_answer"};
  struct Counts {
    std::uint64_t calls = 0;     // calls sent
    std::uint64_t failures = 0;  // of these, without refusals by Calendly, which are valid answers
    std::array<std::uint64_t, kOutcomeNames.size()> by_outcome{};
    bool is_breaker_open = false;
    std::optional<int> rate_remaining;
  };
  [[nodiscard]] Counts counts() const;

 private:
  // Which limit an answer's headers and a 429 describe: that of all calls, or that of this endpoint.
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
  std::atomic<std::uint64_t> limits_{0};  // how often the limits were forgotten
  mutable std::mutex rate_mutex_;
  std::optional<RateSeen> rate_seen_;
  std::array<std::atomic<std::uint64_t>, kOutcomeNames.size()> outcomes_{};
};

}  // namespace slotwire::calendly
