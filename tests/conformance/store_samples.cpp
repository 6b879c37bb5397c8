#include "tests/conformance/store_samples.h"

namespace slotwire::tests {
using namespace store;

Instant at(int second) { return instant_from_text("2026-01-05T10:00:00Z").value() + std::chrono::seconds(second); }
Day on(int day) { return day_from_text("2026-02-01").value() + std::chrono::days(day); }
Slot slot_on(Day day, int hour) {
  return {Instant(day) + std::chrono::hours(hour), 3, "https://calendly.com/a?b=c d", {3, true, 120}};
}

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

ConnectionRecord sample() {
  ConnectionRecord record;
  record.mode = ConnectionMode::pat;
  record.sealed_token = "marker" + every_byte();
  record.token_fingerprint = "abc";
  record.user_uri = "https://api.calendly.com/users/U";
  record.user_name = "Ada 'quoted' \"Ünï\" \\ {a,b} $1\n%s 日本";
  record.timezone = "America/Argentina/Buenos_Aires";
  record.organization_uri = "https://api.calendly.com/organizations/O";
  record.scheduling_url = "https://calendly.com/ada";
  record.connected_by = "root";
  record.connected_at = instant_from_text("2026-01-05T10:00:00.123456Z").value();
  record.last_validated_at = at(7);
  record.longest_window = std::chrono::days(7);
  record.granted_scopes = {"users:read", "availability:read"};
  record.missing_scopes = {"scheduled_events:write"};
  record.beyond_plan = {"webhooks:write"};
  EventType type;
  type.uri = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";
  type.name = "Coffee, \"quick\" {x} \\ NULL";
  type.slug = "30min";
  type.duration = std::chrono::minutes(30);
  type.duration_options = {std::chrono::minutes(15), std::chrono::minutes(30)};
  type.description = "two\nlines";
  type.color = "#ff0000";
  type.kind = "solo";
  type.locale = "de";
  type.scheduling_url = "https://calendly.com/ada/30min";
  type.secret = true;
  type.host = "Ünï \"Team\" \\ {x}";
  type.place = "physical";
  record.types = {type, type, type};
  record.types[1].uri += "B";
  record.types[1].name.clear();
  record.types[1].duration_options.clear();
  record.types[1].active = false;
  record.types[2].uri += "C";
  record.forms[type.uri] = R"({"questions":[{"name":"Was? \"so\""}]})";
  record.left_out = {"Open, end: has no duration", "\"Ünï\" \\ {x}: is odd"};
  record.types_seen_change = 7;
  record.webhook =
      Webhook{"https://api.calendly.com/webhook_subscriptions/W", "https://me.example/hook", every_byte(), "root", at(3), true};
  return record;
}

std::vector<StoredCell> cells_of(Store& store, const std::string& uri) {
  return store.cells(uri, {Day::min(), Day::max()}, Instant::min()).value();
}

}  // namespace slotwire::tests
