#include "web/model/action.h"

#include "shared/json_text.h"

namespace slotwire::web {
namespace {

std::int64_t ms_of(Instant instant) { return std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count(); }

struct Writer {
  std::string& out;

  void operator()(const FetchSlots& action) const {
    append_json_field(out, "do", "fetch");
    append_json_field(out, "id", std::int64_t{action.id});
    append_json_field(out, "type", action.type);
    append_json_field(out, "first", text_from_day(action.days.begin));
    append_json_field(out, "last", text_from_day(action.days.end - std::chrono::days{1}));
    if (action.is_fresh) append_json_flag(out, "fresh", true);
    if (action.may_wait) append_json_flag(out, "later", true);
  }
  void operator()(const FetchTypes&) const { append_json_field(out, "do", "types"); }
  void operator()(const FetchZones&) const { append_json_field(out, "do", "zones"); }
  void operator()(const ChangeZone& action) const {
    append_json_field(out, "do", "zone");
    append_json_field(out, "name", action.name);
    append_json_field(out, "at", ms_of(action.at));
  }
  void append_booking(const Book& action) const {
    append_json_field(out, "url", action.url);
    append_json_field(out, "start", ms_of(action.start));
    append_json_field(out, "end", ms_of(action.end));
    append_json_field(out, "type", action.type);
  }
  void operator()(const Book& action) const {
    append_json_field(out, "do", "book");
    append_booking(action);
    append_json_field(out, "name", action.name);
  }
  void operator()(const AddToCalendar& action) const {
    append_json_field(out, "do", "calendar");
    append_booking(action.booked);
    append_json_field(out, "title", action.booked.name);
  }
  void operator()(const OpenLink& action) const {
    append_json_field(out, "do", "open");
    append_json_field(out, "url", action.url);
    if (action.is_whole) append_json_flag(out, "whole", true);
  }
  void operator()(const Announce& action) const {
    append_json_field(out, "do", "announce");
    append_json_field(out, "text", action.text);
  }
  void operator()(const MoveFocus& action) const {
    append_json_field(out, "do", "focus");
    append_json_field(out, "id", action.id);
  }
  void operator()(const Emit& action) const {
    append_json_field(out, "do", "event");
    append_json_field(out, "name", action.name);
    append_json_key(out, "detail");
    out += action.detail;
  }
  void operator()(const Wake& action) const {
    append_json_field(out, "do", "wake");
    append_json_field(out, "at", ms_of(action.at));
  }
  void operator()(const WantHeight& action) const {
    append_json_field(out, "do", "height");
    append_json_field(out, "px", std::int64_t{action.px});
  }
  void operator()(const ShowField& action) const {
    append_json_field(out, "do", "field");
    append_json_field(out, "id", action.id);
    if (action.id.empty()) return;
    append_json_field(out, "x", std::int64_t{action.x});
    append_json_field(out, "y", std::int64_t{action.y});
    append_json_field(out, "width", std::int64_t{action.width});
    append_json_field(out, "height", std::int64_t{action.height});
  }
  void operator()(const ShowCursor& action) const {
    append_json_field(out, "do", "cursor");
    append_json_field(out, "name", action.is_pointing ? "pointer" : "default");
  }
};

}  // namespace

std::string text_from_ms(Instant instant) { return std::to_string(ms_of(instant)); }

std::string json_from_actions(const std::vector<Action>& actions) {
  std::string out = "[";
  for (const Action& action : actions) {
    if (out.size() > 1) out += ',';
    out += '{';
    std::visit(Writer{out}, action);
    out += '}';
  }
  out += ']';
  return out;
}

}  // namespace slotwire::web
