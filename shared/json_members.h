#pragma once
// Look-ups in untrusted JSON: a value that is missing, null or of another type counts as absent. Only for the wire files, and
// native only, like nlohmann/json. Returned references are valid as long as the document.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire {

using Json = nlohmann::json;

// True when brackets and braces outside strings are nested deeper than in any document we expect. The library parses and frees
// without recursion, but copies and serializes with it: tens of kilobytes of "[" would overflow a small stack.
[[nodiscard]] inline bool is_nested_too_deep(std::string_view text) {
  constexpr int kDeepest = 64;
  int depth = 0;
  bool is_in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_in_string) {
      if (c == '\\') ++at;
      if (c == '"') is_in_string = false;
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// Returns a discarded value, in which every look-up finds nothing, for text that is not JSON or is nested too deep.
[[nodiscard]] inline Json json_from_text(std::string_view text) {
  return is_nested_too_deep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

// Parses a body that must be a JSON object. Errors: bad_input.
[[nodiscard]] inline Result<Json> object_from_body(std::string_view body) {
  if (is_nested_too_deep(body)) return Error{ErrorCode::bad_input, "The body is nested too deep."};
  Json parsed = json_from_text(body);
  if (parsed.is_discarded()) return Error{ErrorCode::bad_input, "The body is not valid JSON."};
  if (!parsed.is_object()) return Error{ErrorCode::bad_input, "The body must be a JSON object."};
  return parsed;
}

// Null when the key is absent.
[[nodiscard]] inline const Json& member(const Json& object, const char* key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

// An array, or null, over which a loop makes no iterations.
[[nodiscard]] inline const Json& list_at(const Json& object, const char* key) {
  static const Json kNothing;
  const Json& value = member(object, key);
  return value.is_array() ? value : kNothing;
}

[[nodiscard]] inline std::string text_at(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

// Any JSON number that is whole: 30, 30.0, 3e1. nullopt: not a number, a fraction, or outside the range of 64 bits.
[[nodiscard]] inline std::optional<std::int64_t> whole_number_from(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return number <= std::uint64_t{INT64_MAX} ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  constexpr double kBound = 9'007'199'254'740'992.0;  // a double holds every whole number up to this one
  if (!(number >= -kBound && number <= kBound)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? std::optional(whole) : std::nullopt;
}

[[nodiscard]] inline std::int64_t number_at(const Json& object, const char* key, std::int64_t otherwise) {
  return whole_number_from(member(object, key)).value_or(otherwise);
}

[[nodiscard]] inline bool flag_at(const Json& object, const char* key, bool otherwise) {
  const Json& value = member(object, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

[[nodiscard]] inline std::optional<Instant> instant_at(const Json& object, const char* key) {
  const auto instant = instant_from_text(text_at(object, key));
  return instant ? std::optional(*instant) : std::nullopt;
}

// Only an http or https address, otherwise empty: the text becomes a link in pages, where other schemes could run code.
[[nodiscard]] inline std::string link_at(const Json& object, const char* key) {
  std::string text = text_at(object, key);
  return text.starts_with("https://") || text.starts_with("http://") ? text : std::string();
}

// The token of the next page in one of Calendly's lists: the token itself, or the one inside the next page's address when the
// list has only that. The rest of the address is ignored, because the account's token must not be sent to another host.
[[nodiscard]] std::optional<std::string> next_page_token_in(const Json& document);

}  // namespace slotwire
