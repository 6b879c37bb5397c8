#include "proxy/routes/bodies.h"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace slotwire::proxy {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostTypes = 100;

Result<Json> object_from(std::string_view body) {
  Json parsed = Json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return Error{ErrorCode::bad_input, "The body is not valid JSON."};
  if (!parsed.is_object()) return Error{ErrorCode::bad_input, "The body must be a JSON object."};
  return parsed;
}

Result<std::string> text_in(const Json& object, const std::string& name, const std::string& field) {
  const auto found = object.find(name);
  if (found == object.end()) return bad_input(field, "is missing");
  if (!found->is_string()) return bad_input(field, "must be a text");
  return found->get<std::string>();
}

}  // namespace

Result<SecretString> token_from_body(std::string_view body) {
  Result<Json> object = object_from(body);
  if (!object) return object.error();
  const auto found = object->find("accessToken");
  if (found == object->end()) return bad_input("accessToken", "is missing");
  if (!found->is_string()) return bad_input("accessToken", "must be a text");
  std::string& text = found->get_ref<std::string&>();
  const Result<Done> checked = check_token_text(text);
  SecretString token = SecretString::taken_from(text);
  if (!checked) return checked.error();
  return token;
}

Result<PublicConfiguration> public_configuration_from_body(std::string_view body) {
  const Result<Json> object = object_from(body);
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
    PublicEventType type;
    Result<std::string> name = text_in(entry, "name", field + ".name");
    if (!name) return name.error();
    Result<std::string> slug = text_in(entry, "slug", field + ".slug");
    if (!slug) return slug.error();
    const auto duration = entry.find("duration");
    if (duration == entry.end() || !duration->is_number_integer()) {
      return bad_input(field + ".duration", "must be a whole number of minutes");
    }
    type.name = std::move(*name);
    type.slug = std::move(*slug);
    const auto minutes = duration->get<std::int64_t>();
    constexpr std::int64_t kDay = 1440;
    if (minutes < 1 || minutes > kDay) return bad_input(field + ".duration", "must be 1 to 1440 minutes");
    type.duration = std::chrono::minutes(minutes);
    configuration.types.push_back(std::move(type));
  }
  return configuration;
}

Result<std::string> event_type_from_body(std::string_view body) {
  const Result<Json> object = object_from(body);
  if (!object) return object.error();
  Result<std::string> type = text_in(*object, "eventType", "eventType");
  if (!type) return type.error();
  if (type->empty() || type->size() > 500) return bad_input("eventType", "must have 1 to 500 characters");
  return type;
}

}  // namespace slotwire::proxy
