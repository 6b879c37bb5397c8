#pragma once
// Look-ups in JSON that anybody may have written: what is missing, null or of another type reads as "not there". For the wire
// files alone, and native only, as nlohmann/json is. What is handed out by reference lives as long as the document.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "shared/calendar.h"

namespace slotwire {

using Json = nlohmann::json;

// A discarded value, in which nothing is found, for what is no JSON.
[[nodiscard]] inline Json json_from_text(std::string_view text) { return Json::parse(text, nullptr, false); }

// Null when it is not there.
[[nodiscard]] inline const Json& member(const Json& object, const char* key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

// An array, or null, over which a loop goes no times.
[[nodiscard]] inline const Json& list_at(const Json& object, const char* key) {
  static const Json kNothing;
  const Json& value = member(object, key);
  return value.is_array() ? value : kNothing;
}

[[nodiscard]] inline std::string text_at(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

[[nodiscard]] inline std::int64_t number_at(const Json& object, const char* key, std::int64_t otherwise) {
  const Json& value = member(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

[[nodiscard]] inline bool flag_at(const Json& object, const char* key, bool otherwise) {
  const Json& value = member(object, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

[[nodiscard]] inline std::optional<Instant> instant_at(const Json& object, const char* key) {
  const auto instant = instant_from_text(text_at(object, key));
  return instant ? std::optional(*instant) : std::nullopt;
}

// A web address or nothing: it ends up as a link in pages, where other schemes may run.
[[nodiscard]] inline std::string link_at(const Json& object, const char* key) {
  std::string text = text_at(object, key);
  return text.starts_with("https://") || text.starts_with("http://") ? text : std::string();
}

// What Calendly's lists say of the page that follows.
[[nodiscard]] inline std::optional<std::string> next_page_token_in(const Json& document) {
  std::string token = text_at(member(document, "pagination"), "next_page_token");
  return token.empty() ? std::nullopt : std::optional(std::move(token));
}

}  // namespace slotwire
