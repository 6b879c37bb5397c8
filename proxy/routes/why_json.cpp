#include "proxy/routes/why_json.h"

#include "shared/json_text.h"

namespace slotwire::routes {

std::string json_from_why(const why::WhyAnswer& answer) {
  const why::Verdict& verdict = answer.verdict;
  std::string out = "{";
  append_json_key(out, "eventType");
  if (answer.event_type_uri.empty()) {
    out += "null";
  } else {
    out += '{';
    append_json_field(out, "uri", answer.event_type_uri);
    append_json_field(out, "name", answer.event_type_name);
    append_json_field(out, "schedulingUrl", answer.scheduling_url);
    out += '}';
  }
  append_json_field(out, "date", text_from_day(answer.day));
  append_json_field(out, "timezone", answer.timezone);
  append_json_field(out, "readAt", text_from_instant(std::chrono::floor<std::chrono::seconds>(answer.read_at)));
  append_json_flag(out, "empty", verdict.free.empty());
  append_json_flag(out, "copyWasBehind", answer.was_copy_behind);
  append_json_list(out, "free", verdict.free, [&](Instant start) { append_json_string(out, text_from_instant(start)); });
  append_json_list(out, "reasons", verdict.reasons, [&](const why::Reason& reason) {
    out += '{';
    append_json_field(out, "code", name_from_cause(reason.cause));
    append_json_field(out, "certainty", name_from_certainty(reason.certainty));
    append_json_field(out, "message", reason.message);
    append_json_field(out, "action", reason.action);
    append_json_field(out, "starts", static_cast<std::int64_t>(reason.starts));
    out += '}';
  });
  append_json_list(out, "unread", verdict.unread, [&](const why::Unread& unread) {
    out += '{';
    append_json_field(out, "what", unread.what);
    append_json_field(out, "code", name_from_code(unread.why.code));
    append_json_field(out, "message", unread.why.detail);
    out += '}';
  });
  append_json_list(out, "timeline", verdict.timeline, [&](const why::TimelinePiece& piece) {
    out += '{';
    append_json_field(out, "start", text_from_instant(piece.time.begin));
    append_json_field(out, "end", text_from_instant(piece.time.end));
    append_json_field(out, "kind", name_from_piece(piece.piece));
    out += '}';
  });
  append_json_key(out, "forVisitors");
  if (verdict.for_visitors.empty()) {
    out += "null";
  } else {
    append_json_string(out, verdict.for_visitors);
  }
  return out + "}";
}

std::string sentence_from_why(const why::WhyAnswer& answer) {
  const std::size_t count = answer.verdict.free.size();
  const std::string day = text_from_day(answer.day);
  if (count == 0) return "No free times on " + day + ": " + answer.verdict.reasons.front().message;
  return std::to_string(count) + (count == 1 ? " free time on " : " free times on ") + day + ".";
}

}  // namespace slotwire::routes
