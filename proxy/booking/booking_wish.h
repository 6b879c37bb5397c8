#pragma once
// What a visitor asks to be booked, as read from a request: nothing of it has been checked against the event type yet.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/invitee_json.h"
#include "shared/calendar.h"

namespace slotwire::booking {

// Our names of what a page may say of where its visitor came from, in the order of Calendly's `kTrackingKeys`.
inline constexpr std::array<std::string_view, calendly::kTrackingKeys.size()> kTrackingNames = {
    "utmCampaign", "utmSource", "utmMedium", "utmContent", "utmTerm", "salesforceUuid"};

struct BookingWish {
  struct Answer {
    std::optional<int> position;  // one of the two names the question; when both do, they agree
    std::string question;
    std::string text;  // of a multi_select: one option a line
  };
  struct Place {
    std::string kind;
    std::string text;
  };
  std::string event_type;  // uri, uuid or slug
  std::optional<Instant> start;
  std::string name;
  std::string email;
  std::string timezone;
  std::vector<std::string> guests;  // addresses of others who are to be invited
  std::vector<Answer> answers;
  std::optional<Place> place;
  std::array<std::string, kTrackingNames.size()> tracking;
};

// The same text for the same wish, however its JSON was written: what a repeated Idempotency-Key is held to.
[[nodiscard]] std::string canonical_text(const BookingWish& wish);

}  // namespace slotwire::booking
