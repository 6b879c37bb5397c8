#include "proxy/booking/booking_lookup.h"

#include "proxy/text/ascii.h"

namespace slotwire::booking {
namespace {

constexpr std::chrono::milliseconds kTimeout{4'000};
constexpr std::chrono::minutes kClockSlack{2};
constexpr std::chrono::minutes kAround{1};  // it is undocumented whether Calendly's bounds are inclusive
constexpr int kMostPages = 3;

}  // namespace

std::optional<calendly::BookedInvitee> found_booking(calendly::CalendlyClient& calendly, const connection::Account& account,
                                                     const LostBooking& lost, Filter filter) {
  const secrets::SecretString& token = *account.token;
  const calendly::CallTerms terms{calendly::Urgency::reserved, kTimeout};
  const std::string email = text::lowered(lost.email);
  calendly::CalendlyClient::EventsAsked asked{account.record.user_uri, {lost.start - kAround, lost.start + kAround}};
  if (filter == Filter::by_email) asked.invitee_email = lost.email;
  const auto events = calendly.scheduled_events(token, asked, terms);
  const auto* page = std::get_if<calendly::ScheduledEventPage>(&events);
  if (!page) return std::nullopt;
  for (const calendly::ScheduledEvent& event : page->events) {
    if (event.time.begin != lost.start || event.event_type_uri != lost.event_type_uri || event.status == "canceled") continue;
    std::string page_token;
    for (int i = 0; i < kMostPages; ++i) {
      const auto called = calendly.invitees(token, event.uri, page_token, terms);
      const auto* invitees = std::get_if<calendly::InviteePage>(&called);
      if (!invitees) break;
      for (const calendly::BookedInvitee& invitee : invitees->invitees) {
        const bool is_of_now = !invitee.created_at || *invitee.created_at >= lost.sent_at - kClockSlack;
        if (text::lowered(invitee.email) == email && invitee.status != "canceled" && is_of_now) return invitee;
      }
      if (!invitees->next_page_token) break;
      page_token = *invitees->next_page_token;
    }
  }
  return std::nullopt;
}

}  // namespace slotwire::booking
