#include "proxy/calendly/scheduled_events_json.h"

#include <cstdint>

#include "shared/json_members.h"

namespace slotwire::calendly {
namespace {

std::optional<int> count_at(const Json& object, const char* key) {
  constexpr std::int64_t kMost = 1'000'000;
  const auto number = whole_number_from(member(object, key));
  return number && *number >= 0 && *number <= kMost ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

// Calendly's `location` has a different shape for each kind.
std::string place_from(const Json& location) {
  for (const char* key : {"location", "join_url", "type"}) {
    if (std::string text = text_at(location, key); !text.empty()) return text;
  }
  return {};
}

}  // namespace

Result<ScheduledEventPage> scheduled_events_from_calendly(std::string_view json) {
  const Error unreadable{ErrorCode::calendly_unavailable, "Calendly's list of bookings could not be read."};
  const Json document = json_from_text(json);
  const Json& collection = member(document, "collection");
  if (!collection.is_array()) return unreadable;
  ScheduledEventPage page;
  for (const Json& entry : collection) {
    ScheduledEvent event;
    event.uri = text_at(entry, "uri");
    const auto start = instant_at(entry, "start_time");
    const auto end = instant_at(entry, "end_time");
    if (event.uri.empty() || !start || !end) return unreadable;
    event.time = {*start, *end};
    event.name = text_at(entry, "name");
    event.status = text_at(entry, "status");
    event.event_type_uri = text_at(entry, "event_type");
    event.location = place_from(member(entry, "location"));
    event.created_at = text_at(entry, "created_at");
    const Json& counter = member(entry, "invitees_counter");
    event.invitees = count_at(counter, "active");
    event.invitees_limit = count_at(counter, "limit");
    page.events.push_back(std::move(event));
  }
  page.next_page_token = next_page_token_in(document);
  return page;
}

}  // namespace slotwire::calendly
