#include "shared/answer_text.h"

#include "shared/json_text.h"

namespace slotwire {

void append_instant(std::string& out, std::string_view key, const std::optional<Instant>& instant) {
  append_json_key(out, key);
  if (instant) {
    append_json_string(out, text_from_instant(*instant));
  } else {
    out += "null";
  }
}

void append_days(std::string& out, std::string_view first_key, std::string_view last_key, DayRange days) {
  append_json_field(out, first_key, text_from_day(days.begin));
  append_json_field(out, last_key, text_from_day(days.length().count() > 0 ? days.end - std::chrono::days{1} : days.begin));
}

std::string open_envelope(bool success, std::string_view message) {
  std::string out = "{";
  append_json_flag(out, "success", success);
  append_json_field(out, "message", message);
  append_json_key(out, "data");
  out += '{';
  return out;
}

void append_provenance(std::string& out, const SlotsAnswer& answer) {
  append_json_flag(out, "cached", answer.cached);
  append_json_flag(out, "stale", answer.stale);
  append_json_flag(out, "complete", answer.complete);
  append_instant(out, "fetchedAt", answer.fetched_at);
  append_json_list(out, "windows", answer.windows, [&](const AnsweredWindow& window) {
    out += '{';
    append_days(out, "start", "end", window.days);
    if (!answer.types.empty()) append_json_field(out, "eventTypeUri", answer.types[window.of].uri);
    append_json_field(out, "source", name_from_source(window.source));
    append_instant(out, "fetchedAt", window.fetched_at);
    if (window.error) append_json_field(out, "error", name_from_code(*window.error));
    out += '}';
  });
}

}  // namespace slotwire
