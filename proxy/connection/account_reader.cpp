#include "proxy/connection/account_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace slotwire::connection {
namespace {

constexpr int kMostPages = 100;
constexpr int kMostBookingPages = 10;

template <class Call>
auto with_retries(const AccountReader& reader, Call call) -> decltype(call(calendly::CallTerms{})) {
  fetch::Retry retry(reader.clock.tick() + calendly::kCallDeadline);
  for (;;) {
    retry.begin_attempt();
    auto called = call(calendly::CallTerms{reader.urgency, retry.left(reader.clock.tick())});
    const auto* failure = std::get_if<calendly::CallFailure>(&called);
    if (!failure) return called;
    const auto wait = retry.wait_after(failure->hint(), reader.clock.tick(), reader.chance());
    if (!wait) return called;
    reader.wait(*wait);
  }
}

}  // namespace

Result<CalendlyUser> AccountReader::user(const secrets::SecretString& token) const {
  auto called = with_retries(*this, [&](calendly::CallTerms terms) { return calendly.user(token, terms); });
  if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) return failure->error;
  return std::get<CalendlyUser>(std::move(called));
}

Result<TypesRead> AccountReader::event_types(const secrets::SecretString& token, std::string_view user_uri) const {
  TypesRead read;
  std::string page_token;
  for (int page = 0; page < kMostPages; ++page) {
    auto called =
        with_retries(*this, [&](calendly::CallTerms terms) { return calendly.event_types(token, user_uri, page_token, terms); });
    if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) return failure->error;
    auto& [answer, forms] = std::get<calendly::EventTypesAndForms>(called);
    std::move(answer.types.begin(), answer.types.end(), std::back_inserter(read.types));
    std::move(answer.left_out.begin(), answer.left_out.end(), std::back_inserter(read.left_out));
    for (const auto& [uri, form] : forms) read.forms[uri] = calendly::text_from_form(form);
    if (!answer.next_page_token || answer.next_page_token->empty()) return read;
    page_token = *answer.next_page_token;
  }
  // Half a list would make event types vanish; a list without an end is Calendly's trouble.
  return Error{ErrorCode::calendly_unavailable, "Calendly's list of event types does not end."};
}

Result<BookingsRead> AccountReader::bookings(const secrets::SecretString& token, const std::string& user_uri,
                                             InstantRange range) const {
  BookingsRead read;
  std::string page_token;
  for (int page = 0; page < kMostBookingPages; ++page) {
    auto called = with_retries(*this, [&](calendly::CallTerms terms) {
      return calendly.scheduled_events(token, {user_uri, range, {}, page_token}, terms);
    });
    if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) return failure->error;
    auto& answer = std::get<calendly::ScheduledEventPage>(called);
    std::move(answer.events.begin(), answer.events.end(), std::back_inserter(read.events));
    read.is_complete = !answer.next_page_token;
    if (read.is_complete) break;
    page_token = *answer.next_page_token;
  }
  // Calendly's range includes its end; ours does not.
  std::erase_if(read.events, [&](const calendly::ScheduledEvent& event) { return event.time.begin >= range.end; });
  return read;
}

}  // namespace slotwire::connection
