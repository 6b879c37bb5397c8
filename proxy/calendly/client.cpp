#include "proxy/calendly/client.h"

#include <cassert>

#include "shared/percent.h"
#include "shared/time_between.h"

namespace slotwire::calendly {

using secrets::SecretString;

namespace {

using std::chrono::milliseconds;

CallFailure unavailable(std::string detail) {
  return {{ErrorCode::calendly_unavailable, std::move(detail), {}, std::chrono::seconds(30)}, true};
}

CallFailure rate_limited(milliseconds wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
  return {
      {ErrorCode::calendly_rate_limited, "Calendly's rate limit for this account is reached.", {}, seconds}, true, false, wait};
}

// A 429 has Retry-After only sometimes. X-RateLimit-Reset is a wait only when nothing is left; otherwise it is just the period.
std::optional<milliseconds> wait_asked_by(const UpstreamAnswer& answer) {
  if (answer.retry_after) return *answer.retry_after;
  if (answer.rate_reset && answer.rate_remaining.value_or(0) <= 0) return *answer.rate_reset;
  return std::nullopt;
}

CallFailure failure_of(const UpstreamAnswer& answer, const CalendlyProblem& problem) {
  switch (answer.status) {
    case 400:
      if (is_range_complaint(problem)) {
        return {{ErrorCode::calendly_unavailable, "Calendly does not allow this account so long a range."}, false, true};
      }
      return {{ErrorCode::calendly_unavailable, "Calendly did not accept the request."}};
    case 401:
      return {{ErrorCode::token_rejected, "Calendly no longer accepts the access token."}};
    case 403: {
      if (is_plan_gate(problem))
        return {{ErrorCode::insufficient_scope, "Calendly says that this account's plan does not include this."}};
      CallFailure failure{{ErrorCode::insufficient_scope, "The access token may not do this."}};
      for (const std::string& scope : problem.required_scopes) {
        failure.error.details.push_back({"accessToken", "is missing the scope " + scope});
      }
      return failure;
    }
    case 404:
      return {{ErrorCode::event_type_not_found, "Calendly does not know this event type."}};
    case 424:
      return {{ErrorCode::calendar_error, "Calendly cannot read the host's calendar.", {}, std::chrono::seconds(60)}};
    case 429: {
      if (const auto wait = wait_asked_by(answer)) return rate_limited(*wait);
      CallFailure failure = rate_limited(milliseconds(1000));
      failure.asked_wait.reset();
      return failure;
    }
    default:
      break;
  }
  if (answer.status < 500) return {{ErrorCode::calendly_unavailable, "Calendly gave an unexpected answer."}};
  CallFailure failure = unavailable("Calendly is having trouble (status " + std::to_string(answer.status) + ").");
  if (answer.retry_after) {
    failure.asked_wait = *answer.retry_after;
    failure.error.retry_after = *answer.retry_after;
  }
  return failure;
}

CallFailure failure_from(const UpstreamAnswer& answer) {
  CalendlyProblem problem = problem_from_calendly(answer.body);
  CallFailure failure = failure_of(answer, problem);
  failure.refusal = std::move(problem);
  return failure;
}

bool is_sign_of_trouble(const CallFailure& failure) {
  return failure.error.code == ErrorCode::calendly_unavailable && failure.is_retryable;
}

template <class T, class Read>
Called<T> read_with(Called<std::string> called, Read read) {
  if (auto* failure = std::get_if<CallFailure>(&called)) return std::move(*failure);
  Result<T> value = read(std::get<std::string>(called));
  // A 200 that cannot be parsed is a page of Calendly's edge servers or a truncated body: worth a retry.
  if (!value) {
    CallFailure failure = unavailable("Calendly's answer could not be read.");
    failure.may_have_acted = true;
    return failure;
  }
  return std::move(value).value();
}

}  // namespace

std::string_view text_from_failure(TransportFailure failure) {
  switch (failure) {
    case TransportFailure::unreachable:
      return "Calendly cannot be reached.";
    case TransportFailure::timed_out:
      return "Calendly did not answer in time.";
    case TransportFailure::cut_off:
      return "Calendly's answer broke off.";
    case TransportFailure::too_large:
      return "Calendly's answer was too large.";
    case TransportFailure::certificate_refused:
      return "Calendly's certificate could not be verified.";
  }
  return "Calendly cannot be reached.";
}

CalendlyClient::CalendlyClient(Transport& transport, const time::Clock& clock, Budget* shared)
    : transport_(transport), clock_(clock), budget_(shared ? *shared : own_budget_) {}

Called<std::string> CalendlyClient::call(UpstreamRequest request, const SecretString& token, CallTerms terms, Meter meter) {
  RawAnswer raw = exchange(std::move(request), token, terms, meter);
  if (raw.failure) return std::move(*raw.failure);
  return std::move(raw.answer->body);
}

RawAnswer CalendlyClient::pass(UpstreamRequest request, const SecretString& token, CallTerms terms) {
  const bool is_booking = request.method == "POST" && request.target == "/invitees";
  return exchange(std::move(request), token, terms, is_booking ? Meter::endpoint : Meter::account);
}

RawAnswer CalendlyClient::exchange(UpstreamRequest request, const SecretString& token, CallTerms terms, Meter meter) {
  const auto failed = [](CallFailure failure) { return RawAnswer{std::nullopt, std::move(failure)}; };
  if (terms.timeout <= milliseconds(0)) return failed({unavailable("Calendly did not answer in time.").error});
  const bool is_trial = terms.urgency == Urgency::trial;
  const std::uint64_t limits = limits_;
  if (const auto wait = is_trial ? std::nullopt : budget_.take(clock_.tick(), terms.urgency)) {
    CallFailure failure = rate_limited(*wait);
    failure.is_ours = true;
    return failed(std::move(failure));
  }
  if (const auto wait = breaker_.take(clock_.tick())) {
    CallFailure failure = unavailable("Calendly has failed repeatedly; it is being left alone for a moment.");
    failure.is_retryable = false;
    failure.is_ours = true;
    failure.error.retry_after = std::chrono::ceil<std::chrono::seconds>(*wait);
    return failed(std::move(failure));
  }
  request.token = &token;
  request.timeout = terms.timeout;
  Exchange exchanged = transport_.send(request);
  secrets::wipe(request.body);  // it may contain a signing key, or a visitor's data
  if (const auto* failure = std::get_if<TransportFailure>(&exchanged)) {
    count(Outcome::no_answer);
    breaker_.note_failure(clock_.tick());
    CallFailure told = unavailable(std::string(text_from_failure(*failure)));
    const bool was_refused_here = *failure == TransportFailure::certificate_refused;
    told.is_retryable = !was_refused_here && *failure != TransportFailure::too_large;
    told.may_have_acted = !was_refused_here && *failure != TransportFailure::unreachable;
    return failed(std::move(told));
  }
  RawAnswer raw{std::get<UpstreamAnswer>(std::move(exchanged)), std::nullopt};
  const UpstreamAnswer& answer = *raw.answer;
  const bool tells_of_account = meter == Meter::account && !is_trial && limits == limits_;
  if (tells_of_account) {
    note_rate(answer);
    budget_.note(answer.rate_limit, answer.rate_remaining, answer.rate_reset, clock_.tick());
  }
  if (answer.status >= 200 && answer.status < 300) {
    count(Outcome::answered);
    breaker_.note_success();
    return raw;
  }
  count(answer.status == 429 ? Outcome::rate_limited : answer.status >= 500 ? Outcome::trouble : Outcome::refused);
  CallFailure failure = failure_from(answer);
  failure.status = answer.status;
  // A redirect or an error of the edge servers does not show whether Calendly had acted before.
  failure.may_have_acted = answer.status < 400 || answer.status == 408 || answer.status >= 500;
  if (tells_of_account && failure.error.code == ErrorCode::calendly_rate_limited && failure.asked_wait) {
    budget_.exhausted_for(*failure.asked_wait, clock_.tick());
  }
  // A refusal shows that Calendly works, so only real trouble counts for the breaker.
  if (is_sign_of_trouble(failure)) {
    breaker_.note_failure(clock_.tick());
  } else {
    breaker_.note_success();
  }
  raw.failure = std::move(failure);
  return raw;
}

void CalendlyClient::forget_limits() {
  ++limits_;
  budget_.forget();
  const std::lock_guard lock(rate_mutex_);
  rate_seen_.reset();
}

void CalendlyClient::note_rate(const UpstreamAnswer& answer) {
  if (!answer.rate_limit || !answer.rate_remaining || !answer.rate_reset) return;
  const std::lock_guard lock(rate_mutex_);
  rate_seen_ = RateSeen{*answer.rate_limit, *answer.rate_remaining, clock_.tick() + *answer.rate_reset};
}

std::optional<RateState> CalendlyClient::rate_state() const {
  const time::Tick now = clock_.tick();
  const std::lock_guard lock(rate_mutex_);
  if (!rate_seen_) return std::nullopt;
  if (now >= rate_seen_->reset_at) return RateState{rate_seen_->limit, rate_seen_->limit, std::chrono::seconds(0)};
  return RateState{rate_seen_->limit, rate_seen_->remaining,
                   std::chrono::ceil<std::chrono::seconds>(time_between(now, rate_seen_->reset_at))};
}

Called<CalendlyUser> CalendlyClient::user(const SecretString& token, CallTerms terms) {
  UpstreamRequest request;
  request.target = "/users/me";
  return read_with<CalendlyUser>(call(std::move(request), token, terms), user_from_calendly);
}

Called<EventTypesAndForms> CalendlyClient::event_types(const SecretString& token, std::string_view user_uri,
                                                       std::string_view page_token, CallTerms terms) {
  UpstreamRequest request;
  request.target = "/event_types?user=" + query_encoded(user_uri) + "&count=100";
  if (!page_token.empty()) request.target += "&page_token=" + query_encoded(page_token);
  return read_with<EventTypesAndForms>(call(std::move(request), token, terms),
                                       [](const std::string& json) -> Result<EventTypesAndForms> {
                                         Result<EventTypePage> page = event_types_from_calendly(json);
                                         if (!page) return page.error();
                                         return EventTypesAndForms{std::move(*page), booking_forms_from_calendly(json)};
                                       });
}

Called<std::vector<Slot>> CalendlyClient::available_times(const SecretString& token, std::string_view event_type_uri,
                                                          InstantRange range, CallTerms terms) {
  UpstreamRequest request;
  request.target = "/event_type_available_times?event_type=" + query_encoded(event_type_uri) +
                   "&start_time=" + query_encoded(calendly_text_from_instant(range.begin)) +
                   "&end_time=" + query_encoded(calendly_text_from_instant(range.end));
  return read_with<std::vector<Slot>>(call(std::move(request), token, terms), slots_from_calendly);
}

Called<Done> CalendlyClient::probe_availability(const SecretString& token, std::string_view user_uri, CallTerms terms) {
  UpstreamRequest request;
  request.target = "/user_availability_schedules?user=" + query_encoded(user_uri);
  return read_with<Done>(call(std::move(request), token, terms), [](const std::string&) { return Result<Done>(Done{}); });
}

ScopeAnswer CalendlyClient::ask_for_scope(const SecretString& token, std::string_view scope, std::string_view user_uri,
                                          CallTerms terms) {
  UpstreamRequest request;
  if (scope == "scheduled_events:read") {
    request.target = "/scheduled_events?user=" + query_encoded(user_uri) + "&count=1";
  } else {
    request.method = "POST";
    request.body = "{}";
    if (scope == "scheduling_links:write") request.target = "/scheduling_links";
    // Not POST /invitees: its refusals may count towards the few bookings a day that a trial allows.
    if (scope == "scheduled_events:write") request.target = "/scheduled_events/00000000-0000-4000-8000-000000000000/cancellation";
    if (scope == "webhooks:write") request.target = "/webhook_subscriptions";
  }
  assert(!request.target.empty());
  const Called<std::string> called = call(std::move(request), token, terms);
  const auto* failure = std::get_if<CallFailure>(&called);
  if (!failure) return ScopeAnswer::granted;
  switch (failure->status) {
    case 400:
    case 404:
    case 409:
    case 422:
      return ScopeAnswer::granted;
    case 403:
      if (is_plan_gate(failure->refusal)) return ScopeAnswer::beyond_plan;
      return failure->error.details.empty() ? ScopeAnswer::unknown : ScopeAnswer::missing;
    default:
      return ScopeAnswer::unknown;
  }
}

Called<ScheduledEventPage> CalendlyClient::scheduled_events(const SecretString& token, const EventsAsked& asked,
                                                            CallTerms terms) {
  UpstreamRequest request;
  request.target = "/scheduled_events?user=" + query_encoded(asked.user_uri) +
                   "&min_start_time=" + query_encoded(calendly_text_from_instant(asked.range.begin)) +
                   "&max_start_time=" + query_encoded(calendly_text_from_instant(asked.range.end)) +
                   "&sort=" + query_encoded("start_time:asc") + "&count=100";
  if (!asked.invitee_email.empty()) request.target += "&invitee_email=" + query_encoded(asked.invitee_email);
  if (!asked.page_token.empty()) request.target += "&page_token=" + query_encoded(asked.page_token);
  return read_with<ScheduledEventPage>(call(std::move(request), token, terms), scheduled_events_from_calendly);
}

Called<BookedInvitee> CalendlyClient::create_invitee(const SecretString& token, const InviteeOrder& order, CallTerms terms) {
  UpstreamRequest request;
  request.method = "POST";
  request.target = "/invitees";
  request.body = json_for_invitee(order);
  return read_with<BookedInvitee>(call(std::move(request), token, terms, Meter::endpoint), invitee_from_calendly);
}

Called<InviteePage> CalendlyClient::invitees(const SecretString& token, std::string_view event_uri, std::string_view page_token,
                                             CallTerms terms) {
  UpstreamRequest request;
  // Uses the uuid, never the uri as an address, so that the token goes to no other host.
  request.target = "/scheduled_events/" + query_encoded(uuid_from_uri(event_uri)) +
                   "/invitees?sort=" + query_encoded("created_at:desc") + "&count=100";
  if (!page_token.empty()) request.target += "&page_token=" + query_encoded(page_token);
  return read_with<InviteePage>(call(std::move(request), token, terms), invitees_from_calendly);
}

Called<std::string> CalendlyClient::scheduling_link(const SecretString& token, std::string_view event_type_uri, CallTerms terms) {
  UpstreamRequest request;
  request.method = "POST";
  request.target = "/scheduling_links";
  request.body = json_for_scheduling_link(event_type_uri);
  return read_with<std::string>(call(std::move(request), token, terms), booking_url_from_calendly);
}

Called<std::string> CalendlyClient::create_webhook(const SecretString& token, const WebhookWish& wish, CallTerms terms) {
  UpstreamRequest request;
  request.method = "POST";
  request.target = "/webhook_subscriptions";
  request.body = json_for_webhook(wish);
  return read_with<std::string>(call(std::move(request), token, terms), webhook_uri_from_calendly);
}

Called<WebhookPage> CalendlyClient::webhooks(const SecretString& token, std::string_view organization_uri,
                                             std::string_view user_uri, std::string_view page_token, CallTerms terms) {
  UpstreamRequest request;
  request.target = "/webhook_subscriptions?organization=" + query_encoded(organization_uri) + "&user=" + query_encoded(user_uri) +
                   "&scope=user&count=100";
  if (!page_token.empty()) request.target += "&page_token=" + query_encoded(page_token);
  return read_with<WebhookPage>(call(std::move(request), token, terms), webhooks_from_calendly);
}

Called<Done> CalendlyClient::delete_webhook(const SecretString& token, std::string_view uri, CallTerms terms) {
  UpstreamRequest request;
  request.method = "DELETE";
  request.target = "/webhook_subscriptions/" + query_encoded(uuid_from_uri(uri));
  Called<std::string> called = call(std::move(request), token, terms);
  if (auto* failure = std::get_if<CallFailure>(&called); failure && failure->status != 404) return std::move(*failure);
  return Done{};
}

CalendlyClient::Counts CalendlyClient::counts() const {
  Counts counts;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    counts.by_outcome.at(i) = outcomes_.at(i).load();
    counts.calls += counts.by_outcome.at(i);
  }
  for (const Outcome outcome : {Outcome::rate_limited, Outcome::trouble, Outcome::no_answer}) {
    counts.failures += counts.by_outcome.at(static_cast<std::size_t>(outcome));
  }
  counts.is_breaker_open = breaker_.is_open();
  counts.rate_remaining = budget_.remaining(clock_.tick());
  return counts;
}

}  // namespace slotwire::calendly
