#include "shared/answers.h"

#include "shared/answer_text.h"
#include "shared/json_text.h"

namespace slotwire {
std::string_view name_from_source(WindowSource source) {
  switch (source) {
    case WindowSource::cache:
      return "cache";
    case WindowSource::upstream:
      return "upstream";
    case WindowSource::stale:
      return "stale";
    case WindowSource::failed:
      return "failed";
  }
  return "failed";
}

std::string_view name_from_mode(ConnectionMode mode) {
  switch (mode) {
    case ConnectionMode::none:
      return "none";
    case ConnectionMode::pat:
      return "pat";
    case ConnectionMode::public_links:
      return "public";
  }
  return "none";
}

std::string json_from_slots(const SlotsAnswer& answer) {
  std::string out = open_envelope(true, "Available slots retrieved");
  out.reserve(512 + answer.slots.size() * 220);
  append_json_field(out, "eventTypeUri", answer.event_type_uri);
  append_json_field(out, "eventTypeName", answer.event_type_name);
  append_json_field(out, "duration", answer.duration.count());
  append_json_field(out, "profileName", answer.host);
  append_json_field(out, "locationKind", answer.place);
  append_json_field(out, "description", answer.description);
  append_json_field(out, "timezone", answer.timezone);
  append_days(out, "startDate", "endDate", answer.days);
  append_json_list(out, "slots", answer.slots, [&](const Slot& slot) {
    out += '{';
    append_json_field(out, "start", text_from_instant(slot.start));
    append_json_field(out, "end", text_from_instant(slot.start + answer.duration));
    append_json_field(out, "status", "available");
    append_json_field(out, "inviteesRemaining", slot.invitees_remaining);
    append_json_field(out, "schedulingUrl", slot.scheduling_url);
    out += '}';
  });
  append_provenance(out, answer);
  out += "}}";
  return out;
}

std::string json_from_public_link(std::string_view scheduling_url) {
  std::string out = open_envelope(true, "Times are shown on the booking page");
  append_json_field(out, "mode", name_from_mode(ConnectionMode::public_links));
  append_json_field(out, "schedulingUrl", scheduling_url);
  append_json_key(out, "slots");
  out += "[]}}";
  return out;
}

void append_event_type_json(std::string& out, const EventType& type) {
  out += '{';
  append_json_field(out, "uri", type.uri);
  append_json_field(out, "name", type.name);
  append_json_field(out, "slug", type.slug);
  append_json_field(out, "duration", type.duration.count());
  append_json_list(out, "durationOptions", type.duration_options,
                   [&](std::chrono::minutes option) { out += std::to_string(option.count()); });
  append_json_field(out, "description", type.description);
  append_json_field(out, "color", type.color);
  append_json_field(out, "kind", type.kind);
  append_json_field(out, "locale", type.locale);
  append_json_field(out, "schedulingUrl", type.scheduling_url);
  append_json_field(out, "profileName", type.host);
  append_json_field(out, "locationKind", type.place);
  out += '}';
}

std::string json_from_event_types(ConnectionMode mode, const std::vector<EventType>& types) {
  std::vector<EventType> listed;
  for (const EventType& type : types) {
    if (type.active && !type.secret) listed.push_back(type);
  }
  std::string out = open_envelope(true, "Event types retrieved");
  append_json_field(out, "mode", name_from_mode(mode));
  append_json_list(out, "eventTypes", listed, [&](const EventType& type) { append_event_type_json(out, type); });
  out += "}}";
  return out;
}

std::string json_from_error(const Error& error, std::string_view data_json) {
  std::string out = open_envelope(false, error.detail);
  out.pop_back();
  out += data_json;
  append_json_key(out, "error");
  out += '{';
  append_json_field(out, "code", name_from_code(error.code));
  append_json_list(out, "details", error.details, [&](const ErrorDetail& detail) {
    out += '{';
    if (!detail.field.empty()) append_json_field(out, "field", detail.field);
    append_json_field(out, "message", detail.message);
    out += '}';
  });
  out += "}}";
  return out;
}

}  // namespace slotwire
