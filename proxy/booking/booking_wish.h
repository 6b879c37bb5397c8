#pragma once
// A visitor's booking request as values, not yet checked against the event type.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/invitee_json.h"
#include "shared/calendar.h"

namespace slotwire::booking {

// Our names for the tracking values of a page, in the order of Calendly's `kTrackingKeys`.
inline constexpr std::array<std::string_view, calendly::kTrackingKeys.size()> kTrackingNames = {
    "utmCampaign", "utmSource", "utmMedium", "utmContent", "utmTerm", "salesforceUuid"};

struct BookingWish {
  struct Answer {
    std::optional<int> position;  // the position or the text names the question; if both are given, they agree
    std::string question;
    std::string text;  // for a multi_select: one option per line
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
  std::vector<std::string> guests;  // addresses of other people to invite
  std::vector<Answer> answers;
  std::optional<Place> place;
  std::array<std::string, kTrackingNames.size()> tracking;
};

// The same text for the same wish, however its JSON was written. A repeated Idempotency-Key must come with the same text.
[[nodiscard]] std::string canonical_text(const BookingWish& wish);

}  // namespace slotwire::booking
