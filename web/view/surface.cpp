#include "web/view/surface.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace slotwire::web {
namespace {

constexpr float kTapSlop = 8;  // a touch that moves less than this is a tap

}  // namespace

void Surface::clear() {
  places_.clear();
  list.box = {};
  dialog.box = {};
  is_dialog_open = false;
}

std::string_view Surface::id_at(float x, float y) const {
  for (auto place = places_.rbegin(); place != places_.rend(); ++place)
    if (place->box.contains(x, y)) return place->id;
  return {};
}

bool Surface::hover(std::string_view id) {
  if (hovered_ == id) return false;
  hovered_ = id;
  return true;
}

Surface::Outcome Surface::press(PointerKind kind, float x, float y) {
  pressed_ = id_at(x, y);
  is_on_list_ = kind == PointerKind::touch && can_scroll(x, y);
  is_pulling_ = false;
  pulled_x_ = x;
  pulled_from_ = pulled_to_ = y;
  const bool has_changed = hover(pressed_);
  return {.has_hover_changed = has_changed, .keeps_drag = is_on_list_};
}

Surface::Outcome Surface::move(PointerKind kind, float x, float y) {
  if (is_on_list_ && !is_pulling_ && std::fabs(y - pulled_from_) > kTapSlop) {
    is_pulling_ = true;
    pulled_to_ = y;
    pressed_.clear();
  }
  if (is_pulling_) scroll(pulled_x_, pulled_from_, std::exchange(pulled_to_, y) - y);
  // A touch does not hover: the touched place is highlighted only while the touch may become a tap.
  const bool has_changed = hover(kind == PointerKind::touch && pressed_.empty() ? std::string_view() : id_at(x, y));
  return {.has_hover_changed = has_changed, .keeps_drag = is_on_list_};
}

Surface::Outcome Surface::release(PointerKind kind, float x, float y) {
  Outcome outcome;
  const std::string_view id = id_at(x, y);
  if (!pressed_.empty() && id == pressed_) outcome.activated = pressed_;
  pressed_.clear();
  is_on_list_ = is_pulling_ = false;
  outcome.has_hover_changed = hover(kind == PointerKind::touch ? std::string_view() : id);
  return outcome;
}

Surface::Outcome Surface::leave() {
  pressed_.clear();
  is_on_list_ = is_pulling_ = false;
  return {.has_hover_changed = hover({})};
}

bool Surface::can_scroll(float x, float y) const {
  const Pane& pane = is_dialog_open ? dialog : list;
  return pane.box.contains(x, y) && pane.limit() > 0;
}

bool Surface::scroll(float x, float y, float dy) {
  if (!can_scroll(x, y)) return false;
  Pane& pane = is_dialog_open ? dialog : list;
  const float offset = std::clamp(pane.offset + dy, 0.0F, pane.limit());
  return std::exchange(pane.offset, offset) != offset;
}

}  // namespace slotwire::web
