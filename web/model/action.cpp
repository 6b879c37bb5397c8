#include "web/model/action.h"

#include "shared/json_text.h"

namespace slotwire::web {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view value) {
  append_json_key(out, key);
  append_json_string(out, value);
}

void append_number(std::string& out, std::string_view key, std::string_view number) {
  append_json_key(out, key);
  out += number;
}

struct Writer {
  std::string& out;

  void operator()(const FetchSlots& action) const {
    append_text(out, "do", "fetch");
    append_number(out, "id", std::to_string(action.id));
    append_text(out, "type", action.type);
    append_text(out, "first", text_from_day(action.days.begin));
    append_text(out, "last", text_from_day(action.days.end - std::chrono::days{1}));
  }
  void operator()(const FetchTypes&) const { append_text(out, "do", "types"); }
  void operator()(const FetchZones&) const { append_text(out, "do", "zones"); }
  void operator()(const ChangeZone& action) const {
    append_text(out, "do", "zone");
    append_text(out, "name", action.name);
    append_number(out, "at", text_from_ms(action.at));
  }
  void operator()(const Book& action) const {
    append_text(out, "do", "book");
    append_text(out, "url", action.url);
    append_number(out, "start", text_from_ms(action.start));
    append_number(out, "end", text_from_ms(action.end));
    append_text(out, "type", action.type);
  }
  void operator()(const OpenLink& action) const {
    append_text(out, "do", "open");
    append_text(out, "url", action.url);
  }
  void operator()(const Announce& action) const {
    append_text(out, "do", "announce");
    append_text(out, "text", action.text);
  }
  void operator()(const MoveFocus& action) const {
    append_text(out, "do", "focus");
    append_text(out, "id", action.id);
  }
  void operator()(const Emit& action) const {
    append_text(out, "do", "event");
    append_text(out, "name", action.name);
    append_number(out, "detail", action.detail);
  }
  void operator()(const Wake& action) const {
    append_text(out, "do", "wake");
    append_number(out, "at", text_from_ms(action.at));
  }
  void operator()(const WantHeight& action) const {
    append_text(out, "do", "height");
    append_number(out, "px", std::to_string(action.px));
  }
  void operator()(const ShowField& action) const {
    append_text(out, "do", "field");
    append_text(out, "id", action.id);
    if (action.id.empty()) return;
    append_number(out, "x", std::to_string(action.x));
    append_number(out, "y", std::to_string(action.y));
    append_number(out, "width", std::to_string(action.width));
    append_number(out, "height", std::to_string(action.height));
  }
  void operator()(const ShowCursor& action) const {
    append_text(out, "do", "cursor");
    append_text(out, "name", action.is_pointing ? "pointer" : "default");
  }
};

}  // namespace

std::string text_from_ms(Instant instant) {
  return std::to_string(std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count());
}

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
