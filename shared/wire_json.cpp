#include "shared/wire_json.h"

#include <algorithm>

#include "shared/ascii.h"
#include "shared/json_members.h"
#include "shared/percent.h"

namespace slotwire {
namespace {

Error unreadable(std::string_view what) {
  return Error{ErrorCode::calendly_unavailable, "Calendly's answer could not be read: " + std::string(what)};
}

// No meeting is longer. An end is start + duration, and some code keeps durations in 32 bits.
constexpr std::int64_t kLongestMeetingMin = 31 * 24 * 60;

std::vector<std::chrono::minutes> minutes_at(const Json& object, const char* key) {
  std::vector<std::chrono::minutes> minutes;
  for (const Json& item : list_at(object, key)) {
    const std::int64_t count = whole_number_from(item).value_or(0);
    if (count > 0 && count <= kLongestMeetingMin) minutes.emplace_back(count);
  }
  return minutes;
}

// Exactly "#rrggbb", otherwise empty: the text goes into pages, so it must not be merely similar to a colour.
std::string color_at(const Json& object, const char* key) {
  const std::string text = text_at(object, key);
  const bool is_color =
      text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
  return is_color ? text : std::string();
}

// The reason why an entry cannot be shown; empty: none.
std::string_view fault_in_event_type(const Json& object) {
  if (text_at(object, "uri").empty()) return "has no uri";
  const std::int64_t duration = number_at(object, "duration", 0);
  if (duration <= 0) return "has no duration in whole minutes";
  return duration > kLongestMeetingMin ? "has a duration of more than 31 days" : "";
}

std::optional<EventType> event_type_from(const Json& object) {
  if (!fault_in_event_type(object).empty()) return std::nullopt;
  EventType type;
  type.uri = text_at(object, "uri");
  type.duration = std::chrono::minutes{number_at(object, "duration", 0)};
  type.name = text_at(object, "name");
  type.slug = text_at(object, "slug");
  type.duration_options = minutes_at(object, "duration_options");
  type.description = text_at(object, "description_plain");
  type.color = color_at(object, "color");
  type.kind = text_at(object, "kind");
  type.locale = text_at(object, "locale");
  type.scheduling_url = text_at(object, "scheduling_url");
  type.active = flag_at(object, "active", true) && text_at(object, "deleted_at").empty();
  type.secret = flag_at(object, "secret", false);
  type.host = text_at(member(object, "profile"), "name");
  for (const Json& location : list_at(object, "locations")) {
    const std::string kind = text_at(location, "kind");
    if (!kind.empty()) type.place = type.place.empty() ? kind : std::string(kSeveralPlaces);
  }
  return type;
}

Error not_ours(std::string_view what) { return Error{ErrorCode::bad_input, "not a slotwire answer: " + std::string(what)}; }

std::optional<DayRange> days_at(const Json& object, const char* first_key, const char* last_key) {
  const auto first = day_from_text(text_at(object, first_key));
  const auto last = day_from_text(text_at(object, last_key));
  if (!first || !last) return std::nullopt;
  return DayRange{*first, *last + std::chrono::days{1}};
}

std::optional<WindowSource> source_from_name(std::string_view name) {
  for (const auto source : {WindowSource::cache, WindowSource::upstream, WindowSource::stale, WindowSource::failed}) {
    if (name_from_source(source) == name) return source;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<Slot>> slots_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& collection = list_at(document, "collection");
  if (!collection.is_array()) return unreadable("no list of times");
  std::vector<Slot> slots;
  slots.reserve(collection.size());
  for (const Json& item : collection) {
    const std::string status = text_at(item, "status");
    if (!status.empty() && status != "available") continue;
    const std::string written = text_at(item, "start_time");
    const auto start = instant_from_text(written);
    if (!start) return unreadable("a time without a start");
    const std::int64_t remaining = number_at(item, "invitees_remaining", 1);
    if (remaining <= 0) continue;
    slots.push_back({*start, static_cast<int>(std::min<std::int64_t>(remaining, 1'000'000)), text_at(item, "scheduling_url"),
                     style_of(written).value_or(TimeStyle())});
  }
  // Calendly lists times in order, but does not promise it. cells_from_window uses an insertion sort, which is fast only for
  // sorted input.
  std::stable_sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.start < b.start; });
  return slots;
}

Result<EventTypePage> event_types_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& collection = list_at(document, "collection");
  if (!collection.is_array()) return unreadable("no list of event types");
  EventTypePage page;
  for (const Json& item : collection) {
    if (auto type = event_type_from(item)) {
      page.types.push_back(std::move(*type));
      continue;
    }
    std::string name = text_at(item, "name");
    if (name.empty()) name = text_at(item, "uri");
    page.left_out.push_back((name.empty() ? "an event type without a name" : name) + ": " +
                            std::string(fault_in_event_type(item)));
  }
  // If no entry is an event type, the answer is something else. Accepting it would mean that there are no event types.
  const auto is_strange = [](const Json& item) { return text_at(item, "uri").empty(); };
  if (!collection.empty() && std::all_of(collection.begin(), collection.end(), is_strange))
    return unreadable("no event type in the list");
  page.next_page_token = next_page_token_in(document);
  return page;
}

Result<EventType> event_type_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  auto type = event_type_from(member(document, "resource"));
  if (!type) return unreadable("no event type");
  return std::move(*type);
}

Result<CalendlyUser> user_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& resource = member(document, "resource");
  if (resource.is_null()) return unreadable("no user");
  CalendlyUser user{text_at(resource, "uri"), text_at(resource, "name"), text_at(resource, "timezone"),
                    text_at(resource, "scheduling_url"), text_at(resource, "current_organization")};
  if (user.uri.empty()) return unreadable("a user without uri");
  return user;
}

std::optional<std::string> next_page_token_in(const Json& document) {
  const Json& pagination = member(document, "pagination");
  std::string token = text_at(pagination, "next_page_token");
  if (token.empty()) token = query_value_in(text_at(pagination, "next_page"), "page_token").value_or("");
  return token.empty() ? std::nullopt : std::optional(std::move(token));
}

CalendlyProblem problem_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  CalendlyProblem problem;
  problem.title = text_at(document, "title");
  problem.message = text_at(document, "message");
  for (const Json& detail : list_at(document, "details")) {
    problem.details.push_back({text_at(detail, "parameter"), text_at(detail, "message")});
    if (std::string code = text_at(detail, "code"); !code.empty()) problem.detail_codes.push_back(std::move(code));
  }
  for (const Json& scope : list_at(document, "required_scopes")) {
    if (scope.is_string()) problem.required_scopes.push_back(scope.get<std::string>());
  }
  return problem;
}

bool is_range_complaint(const CalendlyProblem& problem) {
  const auto complains = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), lower_ascii);
    return text.find("range") != std::string::npos && text.find("greater than") != std::string::npos;
  };
  return complains(problem.message) || std::any_of(problem.details.begin(), problem.details.end(),
                                                   [&](const ErrorDetail& detail) { return complains(detail.message); });
}

Result<SlotsAnswer> slots_from_json(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& data = member(document, "data");
  if (!flag_at(document, "success", false) || data.is_null()) return not_ours("no data");
  SlotsAnswer answer;
  answer.event_type_uri = text_at(data, "eventTypeUri");
  answer.event_type_name = text_at(data, "eventTypeName");
  answer.duration = std::chrono::minutes{number_at(data, "duration", 0)};
  answer.host = text_at(data, "profileName");
  answer.place = text_at(data, "locationKind");
  answer.description = text_at(data, "description");
  answer.timezone = text_at(data, "timezone");
  const auto days = days_at(data, "startDate", "endDate");
  const Json& slots = list_at(data, "slots");
  const Json& windows = list_at(data, "windows");
  if (!days || !slots.is_array() || !windows.is_array()) return not_ours("startDate, endDate, slots or windows");
  answer.days = *days;
  for (const Json& item : slots) {
    const auto start = instant_at(item, "start");
    if (!start) return not_ours("a slot without a start");
    answer.slots.push_back({*start, static_cast<int>(number_at(item, "inviteesRemaining", 1)), text_at(item, "schedulingUrl")});
  }
  for (const Json& item : windows) {
    const auto window_days = days_at(item, "start", "end");
    const auto source = source_from_name(text_at(item, "source"));
    if (!window_days || !source) return not_ours("a window without days or source");
    AnsweredWindow window{*window_days, *source, instant_at(item, "fetchedAt"), std::nullopt};
    if (const std::string code = text_at(item, "error"); !code.empty()) window.error = code_from_name(code);
    answer.windows.push_back(window);
  }
  answer.cached = flag_at(data, "cached", false);
  answer.stale = flag_at(data, "stale", false);
  answer.complete = flag_at(data, "complete", false);
  answer.fetched_at = instant_at(data, "fetchedAt");
  return answer;
}

Result<std::vector<EventType>> event_types_from_json(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& list = list_at(member(document, "data"), "eventTypes");
  if (!list.is_array()) return not_ours("no eventTypes");
  std::vector<EventType> types;
  for (const Json& item : list) {
    EventType type;
    type.uri = text_at(item, "uri");
    type.name = text_at(item, "name");
    type.slug = text_at(item, "slug");
    type.duration = std::chrono::minutes{number_at(item, "duration", 0)};
    type.duration_options = minutes_at(item, "durationOptions");
    type.description = text_at(item, "description");
    type.color = color_at(item, "color");
    type.kind = text_at(item, "kind");
    type.locale = text_at(item, "locale");
    type.scheduling_url = text_at(item, "schedulingUrl");
    type.host = text_at(item, "profileName");
    type.place = text_at(item, "locationKind");
    if (type.uri.empty() || type.duration.count() <= 0) return not_ours("an event type without uri or duration");
    types.push_back(std::move(type));
  }
  return types;
}

}  // namespace slotwire
