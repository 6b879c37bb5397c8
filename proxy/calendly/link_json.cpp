#include "proxy/calendly/link_json.h"

#include "shared/json_members.h"
#include "shared/json_text.h"

namespace slotwire::proxy {

std::string json_for_scheduling_link(std::string_view event_type_uri) {
  std::string out = R"({"max_event_count":1,"owner_type":"EventType","owner":)";
  append_json_string(out, event_type_uri);
  return out + "}";
}

Result<std::string> booking_url_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  std::string url = link_at(member(document, "resource"), "booking_url");
  if (url.empty()) return Error{ErrorCode::calendly_unavailable, "Calendly's answer could not be read."};
  return url;
}

}  // namespace slotwire::proxy
