#include "proxy/routes/bodies.h"

#include <cstdint>

#include "shared/json_members.h"

namespace slotwire::routes {
namespace {

constexpr std::size_t kMostTypes = 100;

Result<std::string> text_in(const Json& object, const std::string& name, const std::string& field) {
  const auto found = object.find(name);
  if (found == object.end()) return bad_input(field, "is missing");
  if (!found->is_string()) return bad_input(field, "must be a text");
  return found->get<std::string>();
}

Result<std::string> event_type_in(const Json& object) {
  Result<std::string> type = text_in(object, "eventType", "eventType");
  if (type && (type->empty() || type->size() > 500)) return bad_input("eventType", "must have 1 to 500 characters");
  return type;
}

}  // namespace

Result<secrets::SecretString> token_from_body(std::string_view body) {
  Result<Json> object = object_from_body(body);
  if (!object) return object.error();
  const auto found = object->find("accessToken");
  if (found == object->end()) return bad_input("accessToken", "is missing");
  if (!found->is_string()) return bad_input("accessToken", "must be a text");
  std::string& text = found->get_ref<std::string&>();
  const Result<Done> checked = connection::check_token_text(text);
  secrets::SecretString token = secrets::SecretString::taken_from(text);
  if (!checked) return checked.error();
  return token;
}

Result<PublicConfiguration> public_configuration_from_body(std::string_view body) {
  const Result<Json> object = object_from_body(body);
  if (!object) return object.error();
  PublicConfiguration configuration;
  Result<std::string> username = text_in(*object, "calendlyUsername", "calendlyUsername");
  if (!username) return username.error();
  configuration.calendly_username = std::move(*username);
  const auto types = object->find("eventTypes");
  if (types == object->end() || !types->is_array()) return bad_input("eventTypes", "must be a list");
  if (types->size() > kMostTypes) return bad_input("eventTypes", "must have at most 100 entries");
  for (std::size_t i = 0; i < types->size(); ++i) {
    const Json& entry = (*types)[i];
    const std::string field = "eventTypes[" + std::to_string(i) + "]";
    if (!entry.is_object()) return bad_input(field, "must be an object");
    connection::PublicEventType type;
    Result<std::string> name = text_in(entry, "name", field + ".name");
    if (!name) return name.error();
    Result<std::string> slug = text_in(entry, "slug", field + ".slug");
    if (!slug) return slug.error();
    const auto duration = entry.find("duration");
    const std::optional<std::int64_t> minutes = duration == entry.end() ? std::nullopt : whole_number_from(*duration);
    if (!minutes) return bad_input(field + ".duration", "must be a whole number of minutes");
    type.name = std::move(*name);
    type.slug = std::move(*slug);
    constexpr std::int64_t kDay = 1440;
    if (*minutes < 1 || *minutes > kDay) return bad_input(field + ".duration", "must be 1 to 1440 minutes");
    type.duration = std::chrono::minutes(*minutes);
    configuration.types.push_back(std::move(type));
  }
  return configuration;
}

Result<std::string> public_url_from_body(std::string_view body) {
  const Result<Json> object = object_from_body(body);
  if (!object) return object.error();
  return text_in(*object, "publicUrl", "publicUrl");
}

Result<std::string> event_type_from_body(std::string_view body) {
  const Result<Json> object = object_from_body(body);
  if (!object) return object.error();
  return event_type_in(*object);
}

Result<AssistantSwitch> assistant_switch_from_body(std::string_view body) {
  const Result<Json> object = object_from_body(body);
  if (!object) return object.error();
  Result<std::string> type = event_type_in(*object);
  if (!type) return type.error();
  const Json& open = member(*object, "open");
  if (!open.is_boolean()) return bad_input("open", "must be true or false");
  return AssistantSwitch{std::move(*type), open.get<bool>()};
}

}  // namespace slotwire::routes
