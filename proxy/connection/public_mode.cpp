#include "proxy/connection/public_mode.h"

#include <algorithm>

#include "proxy/text/ascii.h"

namespace slotwire::connection {
namespace {

bool is_slug(std::string_view text) {
  const auto is_fine = [](char c) { return text::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), is_fine) &&
         text.find_first_not_of('.') != std::string_view::npos;
}

}  // namespace

Result<store::ConnectionRecord> record_from_public(std::string_view calendly_username, const std::vector<PublicEventType>& types,
                                                   std::string_view by) {
  if (!is_slug(calendly_username)) return bad_input("calendlyUsername", "must be the name in calendly.com/NAME");
  store::ConnectionRecord record;
  record.mode = ConnectionMode::public_links;
  record.user_name = calendly_username;
  record.scheduling_url = "https://calendly.com/" + std::string(calendly_username);
  record.connected_by = by;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const std::string field = "eventTypes[" + std::to_string(i) + "]";
    const PublicEventType& given = types[i];
    if (given.name.empty() || given.name.size() > 200) return bad_input(field + ".name", "must have 1 to 200 characters");
    if (!is_slug(given.slug)) return bad_input(field + ".slug", "must be the event's name in its Calendly address");
    if (given.duration < std::chrono::minutes(1) || given.duration > std::chrono::hours(24)) {
      return bad_input(field + ".duration", "must be 1 to 1440 minutes");
    }
    EventType type;
    type.uri = type.scheduling_url = record.scheduling_url + "/" + given.slug;
    type.name = given.name;
    type.slug = given.slug;
    type.duration = given.duration;
    type.kind = "solo";
    record.types.push_back(std::move(type));
  }
  return record;
}

}  // namespace slotwire::connection
