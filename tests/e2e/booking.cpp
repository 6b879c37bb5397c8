#include "tests/e2e/booking.h"

#include <algorithm>

namespace slotwire::e2e {

Json wish_for(const std::string& start, const std::string& event_type) {
  return {{"eventType", event_type},
          {"start", start},
          {"invitee", {{"name", "Grace Hopper"}, {"email", "grace@example.com"}, {"timezone", "Europe/Berlin"}}}};
}

Reply book(const Proxy& proxy, const Json& wish, const std::string& key, Fields headers) {
  if (!key.empty()) headers.emplace("Idempotency-Key", key);
  if (headers.find("Origin") == headers.end() && headers.find("Authorization") == headers.end()) headers.emplace("Origin", kSite);
  return proxy.http().post(kBookings, wish.dump(), headers);
}

std::string free_start(const Proxy& proxy, std::size_t n, const std::string& event_type) {
  return proxy.slots(event_type, day_text(1), day_text(21)).data().at("slots").at(n).at("start").get<std::string>();
}

bool is_free(const Proxy& proxy, const std::string& start, const std::string& event_type) {
  const Json slots = proxy.slots(event_type, start.substr(0, 10), start.substr(0, 10)).data().at("slots");
  return std::ranges::any_of(slots, [&](const Json& slot) { return slot.at("start") == start; });
}

std::vector<std::string> fields_in_error(const Reply& reply) {
  std::vector<std::string> fields;
  const Json whole = reply.json();
  for (const Json& detail : whole.at("error").at("details")) fields.push_back(detail.value("field", ""));
  std::ranges::sort(fields);
  return fields;
}

}  // namespace slotwire::e2e
