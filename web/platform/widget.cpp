#include "web/platform/widget.h"

#include <charconv>
#include <cmath>

namespace slotwire::web {

void Widget::changed() {
  picker_.settle();
  for (Action& action : picker_.take_actions()) {
    if (const auto* move = std::get_if<MoveFocus>(&action)) view_.reveal(move->id);
    actions_.push_back(std::move(action));
  }
  if (picker_.screen() != shown_) {
    shown_ = picker_.screen();
    has_screen_changed_ = true;
  }
  redraw();
}

void Widget::set_option(std::string_view name, std::string_view value) {
  picker_.set_option(name, value);
  if (name == "height") want_height();
  if (name == "radius") {
    int radius = 10;
    std::from_chars(value.data(), value.data() + value.size(), radius);
    view_.set_radius(static_cast<float>(std::min(std::max(radius, 0), 22)));
  }
}

void Widget::forget_text() {
  labels_.forget();
  redraw();
}

void Widget::activate(std::string_view id) {
  // Copied: the id may belong to the screen that this replaces.
  const std::string kept(id);
  picker_.activate(kept);
  changed();
}

bool Widget::press(std::string_view id, std::string_view key) {
  const bool is_taken = picker_.press(id, key);
  changed();
  return is_taken;
}

void Widget::set_focus(std::string_view id, bool is_visible) {
  picker_.set_focus(id);
  is_focus_visible_ = is_visible;
  if (!id.empty()) view_.reveal(std::string(id));
  changed();
}

bool Widget::pointer(int phase, PointerKind kind, float x, float y) {
  redraw();
  constexpr float kSlop = 8;  // a finger that moves less than this has tapped
  switch (phase) {
    case 1:
      pull_ = {kind == PointerKind::touch && view_.can_scroll(x, y), false, x, y, y};
      host_.press_pointer(kind, x, y);
      return pull_.is_down;
    case 2:
      if (!pull_.is_scrolling) host_.release_pointer(kind, x, y);
      pull_ = {};
      return false;
    case 3:
      host_.drop_pointer();
      pull_ = {};
      return false;
    default:
      if (pull_.is_down && !pull_.is_scrolling && std::fabs(y - pull_.start_y) > kSlop) {
        pull_.is_scrolling = true;
        pull_.last_y = y;
        host_.drop_pointer();
      }
      if (pull_.is_scrolling) {
        view_.scroll(pull_.x, pull_.start_y, pull_.last_y - y);
        pull_.last_y = y;
        return true;
      }
      host_.move_pointer(kind, x, y);
      return kind == PointerKind::touch ? pull_.is_down : view_.can_scroll(x, y);
  }
}

bool Widget::wheel(float x, float y, float dy) {
  if (!view_.scroll(x, y, dy)) return false;
  redraw();
  return true;
}

void Widget::resize(float width, float height, float pixel_ratio) {
  if (pixel_ratio != pixel_ratio_) labels_.forget();
  width_ = width;
  height_ = height;
  pixel_ratio_ = pixel_ratio;
  host_.resize(width, height, pixel_ratio);
  want_height();
  redraw();
}

void Widget::want_height() {
  if (width_ <= 0) return;
  const int height = picker_.state().options.height.value_or(height_of(width_));
  if (height == wanted_height_) return;
  wanted_height_ = height;
  actions_.push_back(WantHeight{height});
}

bool Widget::frame(double now_ms) {
  if (width_ <= 0 || height_ <= 0) return false;
  if (frames_left_ > 0) --frames_left_;
  draw_once(now_ms);
  if (labels_.is_full()) {
    // The page has emptied the atlas; what this frame shows fits in an empty one.
    labels_.forget();
    draw_once(now_ms);
  }
  if (!activated_.empty()) {
    activate(std::exchange(activated_, {}));
    return true;
  }
  return frames_left_ > 0 || host_.has_events_left();
}

void Widget::draw_once(double now_ms) {
  host_.set_clear_colour(theme_.colour(Token::background));
  host_.frame(now_ms, [&] {
    const Screen& screen = picker_.screen();
    Painter painter(labels_, theme_, width_, pixel_ratio_, screen.right_to_left);
    const Layout layout = layout_of(width_, height_, find_node(screen.root, "notice-bar") != nullptr);
    Seen seen = view_.draw(screen, layout, painter, is_focus_visible_);
    if (!seen.activated.empty()) activated_ = std::move(seen.activated);
    if (seen.field != field_) {
      field_ = seen.field;
      actions_.push_back(field_);
    }
  });
  if (host_.is_over_item() != is_pointing_) {
    is_pointing_ = host_.is_over_item();
    actions_.push_back(ShowCursor{is_pointing_});
  }
}

const std::string& Widget::take_actions_json() {
  actions_json_ = json_from_actions(actions_);
  actions_.clear();
  return actions_json_;
}

const std::string& Widget::screen_json() {
  has_screen_changed_ = false;
  screen_json_ = json_from_screen(shown_);
  return screen_json_;
}

}  // namespace slotwire::web
