#include "proxy/dropin/times_json.h"

#include <set>

#include "proxy/dropin/form_text.h"
#include "shared/json_members.h"
#include "shared/percent.h"

namespace slotwire::dropin {
namespace {

// The functions below walk a text that the library has already parsed as JSON, since it does not report where values are.

std::size_t after_spaces(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(" \t\r\n", at), json.size());
}

std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

std::size_t end_of_value(std::string_view json, std::size_t at) {
  if (json[at] == '"') return end_of_string(json, at);
  if (json[at] != '{' && json[at] != '[') return std::min(json.find_first_of(",]} \t\r\n", at), json.size());
  int depth = 0;
  while (true) {
    if (json[at] == '"') {
      at = end_of_string(json, at);
      continue;
    }
    if (json[at] == '{' || json[at] == '[') ++depth;
    if ((json[at] == '}' || json[at] == ']') && --depth == 0) return at + 1;
    ++at;
  }
}

// Begin of the value of an object's key; npos when absent. With repeated keys the last one counts, as in the library.
std::size_t value_of(std::string_view json, std::string_view key) {
  std::size_t found = std::string_view::npos;
  std::size_t at = after_spaces(json, after_spaces(json, 0) + 1);
  while (json[at] == '"') {
    const std::size_t key_end = end_of_string(json, at);
    const bool is_it = Json::parse(json.substr(at, key_end - at)) == key;
    at = after_spaces(json, after_spaces(json, key_end) + 1);  // after the colon
    if (is_it) found = at;
    at = after_spaces(json, end_of_value(json, at));
    if (json[at] == ',') at = after_spaces(json, at + 1);
  }
  return found;
}

}  // namespace

bool is_json(std::string_view text) { return !is_nested_too_deep(text) && Json::accept(text); }

std::optional<Instant> start_time_in(std::string_view body, std::string_view content_type) {
  if (!is_form(content_type)) return instant_at(json_from_text(body), "start_time");
  for (const QueryPair& pair : query_pairs(body)) {
    if (pair.name != "start_time") continue;
    const auto start = instant_from_text(query_decoded(pair.value).value_or(""));
    return start ? std::optional(*start) : std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<TimeExtent>> times_from_calendly(std::string_view json) {
  const Error unreadable{ErrorCode::calendly_unavailable, "Calendly's answer could not be read."};
  const Json document = json_from_text(json);
  const Json& collection = list_at(document, "collection");
  if (!collection.is_array()) return unreadable;
  // The library skips a byte order mark, which the functions above would take for a brace.
  if (json[after_spaces(json, 0)] != '{') return unreadable;
  std::vector<TimeExtent> times;
  std::size_t at = value_of(json, "collection");
  for (const Json& entry : collection) {
    at = after_spaces(json, at + 1);  // after the bracket or the comma
    const std::size_t end = end_of_value(json, at);
    const auto start = instant_at(entry, "start_time");
    if (!start) return unreadable;
    times.push_back({*start, at, end - at});
    at = after_spaces(json, end);
  }
  return times;
}

std::string merged_times(const std::vector<SharedAnswer>& parts, Instant first, Instant last) {
  std::string body = R"({"collection":[)";
  const std::size_t opened = body.size();
  std::set<Instant> seen;
  for (const SharedAnswer& part : parts) {
    for (const TimeExtent& time : part->times) {
      if (time.start < first || last < time.start || !seen.insert(time.start).second) continue;
      if (body.size() != opened) body += ',';
      body.append(part->body, time.at, time.size);
    }
  }
  return body + "]}";
}

}  // namespace slotwire::dropin
