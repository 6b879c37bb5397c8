#include "proxy/calendly/link_json.h"

#include <nlohmann/json.hpp>

#include "shared/json_text.h"

namespace slotwire::proxy {

std::string json_for_scheduling_link(std::string_view event_type_uri) {
  std::string out = R"({"max_event_count":1,"owner_type":"EventType","owner":)";
  append_json_string(out, event_type_uri);
  return out + "}";
}

Result<std::string> booking_url_from_calendly(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  const Error unreadable{ErrorCode::calendly_unavailable, "Calendly's answer could not be read."};
  if (!parsed.is_object()) return unreadable;
  const auto resource = parsed.find("resource");
  if (resource == parsed.end() || !resource->is_object()) return unreadable;
  const auto url = resource->find("booking_url");
  if (url == resource->end() || !url->is_string()) return unreadable;
  const std::string text = url->get<std::string>();
  if (!text.starts_with("https://") && !text.starts_with("http://")) return unreadable;
  return text;
}

}  // namespace slotwire::proxy
