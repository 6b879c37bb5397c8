#include "proxy/connection/account_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "proxy/fetch/paged_read.h"

namespace slotwire::connection {
namespace {

constexpr int kMostBookingPages = 10;

// Reads page after page until the last one, or until a failure is final. `call` takes CallTerms and returns whether its page was
// the last, or how it failed.
struct PagesRead {
  fetch::PagedRead::After end = fetch::PagedRead::After::whole;
  std::optional<calendly::CallFailure> failure = {};
};
template <class Call>
PagesRead read_pages(const AccountReader& reader, int most_pages, Call call) {
  fetch::PagedRead read(reader.clock.tick(), most_pages);
  for (;;) {
    const calendly::Called<bool> called = call(calendly::CallTerms{reader.urgency, read.begin_call(reader.clock.tick())});
    if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) {
      const auto rest = read.rest_after(failure->hint(), reader.clock.tick(), reader.chance());
      if (!rest) return {fetch::PagedRead::After::ask_next, *failure};
      reader.wait(*rest);
      continue;
    }
    const auto after = read.page_came(std::get<bool>(called), reader.clock.tick());
    if (after != fetch::PagedRead::After::ask_next) return {after, std::nullopt};
  }
}

}  // namespace

std::optional<std::string> TypesRead::add(calendly::EventTypesAndForms page) {
  std::move(page.page.types.begin(), page.page.types.end(), std::back_inserter(types));
  std::move(page.page.left_out.begin(), page.page.left_out.end(), std::back_inserter(left_out));
  for (const auto& [uri, form] : page.forms) forms[uri] = calendly::text_from_form(form);
  if (page.page.next_page_token && page.page.next_page_token->empty()) return std::nullopt;
  return std::move(page.page.next_page_token);
}

Result<CalendlyUser> AccountReader::user(const secrets::SecretString& token) const {
  CalendlyUser user;
  const PagesRead read = read_pages(*this, 1, [&](calendly::CallTerms terms) -> calendly::Called<bool> {
    auto called = calendly.user(token, terms);
    if (auto* failure = std::get_if<calendly::CallFailure>(&called)) return std::move(*failure);
    user = std::get<CalendlyUser>(std::move(called));
    return true;
  });
  if (read.failure) return read.failure->error;
  return user;
}

Result<TypesRead> AccountReader::event_types(const secrets::SecretString& token, std::string_view user_uri) const {
  TypesRead types;
  std::string page_token;
  const PagesRead read =
      read_pages(*this, fetch::PagedRead::kMostPages, [&](calendly::CallTerms terms) -> calendly::Called<bool> {
        auto called = calendly.event_types(token, user_uri, page_token, terms);
        if (auto* failure = std::get_if<calendly::CallFailure>(&called)) return std::move(*failure);
        const auto next = types.add(std::get<calendly::EventTypesAndForms>(std::move(called)));
        page_token = next.value_or("");
        return !next;
      });
  if (read.failure) return read.failure->error;
  // An incomplete list would make event types disappear; an endless list is an error of Calendly's.
  if (read.end == fetch::PagedRead::After::endless)
    return Error{ErrorCode::calendly_unavailable, "Calendly's list of event types does not end."};
  return types;
}

Result<BookingsRead> AccountReader::bookings(const secrets::SecretString& token, const std::string& user_uri,
                                             InstantRange range) const {
  BookingsRead bookings;
  std::string page_token;
  const PagesRead read = read_pages(*this, kMostBookingPages, [&](calendly::CallTerms terms) -> calendly::Called<bool> {
    auto called = calendly.scheduled_events(token, {user_uri, range, {}, page_token}, terms);
    if (auto* failure = std::get_if<calendly::CallFailure>(&called)) return std::move(*failure);
    auto& answer = std::get<calendly::ScheduledEventPage>(called);
    std::move(answer.events.begin(), answer.events.end(), std::back_inserter(bookings.events));
    page_token = answer.next_page_token.value_or("");
    return !answer.next_page_token;
  });
  if (read.failure) return read.failure->error;
  bookings.is_complete = read.end == fetch::PagedRead::After::whole;
  // Calendly's range includes its end; ours does not.
  std::erase_if(bookings.events, [&](const calendly::ScheduledEvent& event) { return event.time.begin >= range.end; });
  return bookings;
}

}  // namespace slotwire::connection
