// Implements the exports of abi.h: converts bytes to values and values to bytes. The only file with a global instance, since one
// WASM instance is one widget.
#include <cstring>
#include <span>

#include "shared/wire_packed.h"
#include "web/platform/widget.h"

namespace slotwire::web {
namespace {

struct Border {
  std::vector<std::byte> buffer;
  Widget widget;
  Text actions{};
  Text screen{};
  Text places{};
};

Border& border() {
  static Border& instance = *new Border;  // never destroyed: the page drops the whole instance
  return instance;
}

Widget& widget() { return border().widget; }

std::string_view text_in(std::uint32_t offset, std::uint32_t bytes) {
  return {reinterpret_cast<const char*>(border().buffer.data()) + offset, bytes};
}

// Removes "text\0" from the front and returns the text; all of it if there is no zero.
std::string_view next_text(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return text;
}

Instant instant_from_ms(double ms) { return Instant{std::chrono::microseconds{static_cast<long long>(ms * 1000)}}; }

int number_in(std::string_view text) {
  int value = 0;
  for (const char digit : text)
    if (digit >= '0' && digit <= '9') value = value * 10 + (digit - '0');
  return value;
}

double double_at(std::size_t offset) {
  double value = 0;
  std::memcpy(&value, border().buffer.data() + offset, sizeof value);
  return value;
}

ConnectionMode mode_from(std::string_view name) {
  return name == "pat" ? ConnectionMode::pat : name == "public" ? ConnectionMode::public_links : ConnectionMode::none;
}

PointerKind kind_from(std::int32_t kind) { return kind == 1 ? PointerKind::touch : PointerKind::mouse; }

}  // namespace
}  // namespace slotwire::web

using namespace slotwire;
using namespace slotwire::web;

extern "C" {

void* sw_buffer(std::uint32_t bytes) {
  border().buffer.resize(bytes);
  return border().buffer.data();
}

void sw_options(std::uint32_t bytes) {
  std::string_view rest = text_in(0, bytes);
  while (!rest.empty()) {
    const std::string_view name = next_text(rest);
    widget().set_option(name, next_text(rest));
  }
  widget().changed();
}

void sw_zone(std::uint32_t bytes) {
  std::string_view rest = text_in(0, bytes);
  const std::string name(next_text(rest));
  std::chrono::seconds first{0};
  std::vector<ZoneTransition> transitions;
  const std::size_t pairs = (name.size() + 1 + 7) / 8 * 8;
  for (std::size_t at = pairs; at + 16 <= bytes; at += 16) {
    const std::chrono::seconds offset{static_cast<long long>(double_at(at + 8))};
    if (at == pairs)
      first = offset;
    else
      transitions.push_back({instant_from_ms(double_at(at)), offset});
  }
  widget().picker().set_zone(name, ZoneOffsets(first, std::move(transitions)));
  widget().changed();
}

void sw_zones(std::uint32_t bytes) {
  std::string_view rest = text_in(0, bytes);
  std::vector<ZoneChoice> zones;
  while (!rest.empty()) {
    std::string name(next_text(rest));
    zones.push_back({std::move(name), std::string(next_text(rest))});
  }
  widget().picker().set_zones(std::move(zones));
  widget().changed();
}

void sw_form(std::int32_t phase) {
  if (phase == 4)
    widget().picker().lose_slot();
  else
    widget().picker().set_form(static_cast<Form>(phase));
  widget().changed();
}

void sw_clock(double now_ms) {
  widget().picker().set_clock(instant_from_ms(now_ms));
  widget().changed();
}

void sw_locale(std::int32_t first_day, std::int32_t right_to_left, std::int32_t hour12) {
  widget().picker().set_locale({.first_day = first_day, .right_to_left = right_to_left != 0, .hour12 = hour12 != 0});
  widget().changed();
}

void sw_theme(std::uint32_t bytes) {
  for (std::size_t token = 0; token < kTokenCount && (token + 1) * 4 <= bytes; ++token) {
    std::uint32_t colour = 0;
    std::memcpy(&colour, border().buffer.data() + token * 4, 4);
    widget().theme().set(static_cast<Token>(token), colour);
  }
}

void sw_slots(std::uint32_t fetch_id, std::uint32_t bytes) {
  Result<SlotsAnswer> answer = slots_from_packed(std::span(border().buffer).first(bytes));
  if (answer)
    widget().picker().take_answer(fetch_id, std::move(*answer));
  else
    widget().picker().take_failure(fetch_id, name_from_code(answer.error().code), {});
  widget().changed();
}

void sw_fetch_failed(std::uint32_t fetch_id, double retry_after_s, std::uint32_t bytes) {
  std::optional<std::chrono::seconds> retry_after;
  if (retry_after_s >= 0) retry_after = std::chrono::seconds{static_cast<long long>(retry_after_s)};
  widget().picker().take_failure(fetch_id, text_in(0, bytes), retry_after);
  widget().changed();
}

void sw_event_types(std::uint32_t bytes) {
  std::string_view rest = text_in(0, bytes);
  Catalogue catalogue{.mode = mode_from(next_text(rest)), .types = {}};
  while (!rest.empty()) {
    EventType type;
    type.uri = next_text(rest);
    type.slug = next_text(rest);
    type.name = next_text(rest);
    type.duration = std::chrono::minutes{number_in(next_text(rest))};
    type.color = next_text(rest);
    type.kind = next_text(rest);
    type.scheduling_url = next_text(rest);
    std::string_view options = next_text(rest);
    while (!options.empty()) {
      const std::size_t end = std::min(options.find(','), options.size());
      type.duration_options.emplace_back(number_in(options.substr(0, end)));
      options.remove_prefix(std::min(end + 1, options.size()));
    }
    type.description = next_text(rest);
    type.host = next_text(rest);
    type.place = next_text(rest);
    catalogue.types.push_back(std::move(type));
  }
  widget().picker().take_catalogue(std::move(catalogue));
  widget().changed();
}

void sw_changed(std::uint32_t bytes) {
  for (std::size_t at = 0; at + 8 <= bytes; at += 8) {
    std::int32_t days[2];
    std::memcpy(days, border().buffer.data() + at, sizeof days);
    widget().picker().expire_days({Day{std::chrono::days{days[0]}}, Day{std::chrono::days{days[1]}}});
  }
  widget().changed();
}

void sw_booked(std::uint32_t bytes) {
  std::string_view rest = text_in(0, bytes);
  long long start_ms = 0;
  for (const char digit : next_text(rest))
    if (digit >= '0' && digit <= '9') start_ms = start_ms * 10 + (digit - '0');
  // Members of a braced initialiser are evaluated in order.
  const Picker::Receipt receipt{next_text(rest), next_text(rest), next_text(rest), next_text(rest), next_text(rest)};
  widget().picker().take_booking(Instant{std::chrono::milliseconds{start_ms}}, receipt);
  widget().changed();
}

void sw_activate(std::uint32_t bytes) { widget().activate(text_in(0, bytes)); }

std::int32_t sw_key(std::uint32_t id_bytes, std::uint32_t key_bytes) {
  const std::string id(text_in(0, id_bytes));
  return widget().press(id, text_in(id_bytes, key_bytes));
}

void sw_input(std::uint32_t id_bytes, std::uint32_t value_bytes) {
  widget().picker().enter_text(text_in(0, id_bytes), text_in(id_bytes, value_bytes));
  widget().changed();
}

void sw_focus(std::uint32_t bytes, std::int32_t visible) { widget().set_focus(text_in(0, bytes), visible != 0); }

std::int32_t sw_pointer(std::int32_t phase, std::int32_t kind, double x, double y) {
  return widget().pointer(phase, kind_from(kind), static_cast<float>(x), static_cast<float>(y));
}

std::int32_t sw_wheel(double x, double y, double, double dy) {
  return widget().wheel(static_cast<float>(x), static_cast<float>(y), static_cast<float>(dy));
}

void sw_resize(double width, double height, double pixel_ratio) {
  widget().resize(static_cast<float>(width), static_cast<float>(height), static_cast<float>(pixel_ratio));
}

void sw_text_lost() { widget().forget_text(); }

std::int32_t sw_frame(double) { return widget().frame(); }

const Drawing* sw_drawing() { return &widget().drawing(); }

const Text* sw_actions() {
  const std::string& json = widget().take_actions_json();
  border().actions = {json.data(), static_cast<std::uint32_t>(json.size())};
  return &border().actions;
}

std::int32_t sw_screen_changed() { return widget().has_screen_changed(); }

const Text* sw_screen() {
  const std::string& json = widget().screen_json();
  border().screen = {json.data(), static_cast<std::uint32_t>(json.size())};
  return &border().screen;
}

std::int32_t sw_places_changed() { return widget().have_places_changed(); }

const Text* sw_places() {
  const std::string& json = widget().places_json();
  border().places = {json.data(), static_cast<std::uint32_t>(json.size())};
  return &border().places;
}

}  // extern "C"
