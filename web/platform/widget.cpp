#include "web/platform/widget.h"

#include <algorithm>
#include <cmath>

#include "shared/json_text.h"

namespace slotwire::web {

void Widget::changed() {
  // Nothing is requested or shown before the page has set the clock, so all settings before it make one screen.
  if (picker_.state().now == Instant{}) return;
  picker_.settle();
  if (fold()) picker_.settle();
  for (Action& action : picker_.take_actions()) {
    if (const auto* move = std::get_if<MoveFocus>(&action)) reveal(move->id);
    actions_.push_back(std::move(action));
  }
  // Compared as the JSON text that the page reads: trees would need comparison code of their own.
  std::string json = json_from_screen(picker_.screen());
  if (json == screen_json_) return;
  screen_json_ = std::move(json);
  has_screen_changed_ = true;
}

// The head's height is known once its texts are measured; everything below moves down by it.
Layout Widget::layout_now() const {
  const Node& root = picker_.screen().root;
  const Node* calendar = find_node(root, "calendar");
  const int weeks = calendar && calendar->children.size() == 2 ? 1 : 6;  // a row of day names and one week
  const bool has_notice = find_node(root, "notice-bar") != nullptr;
  const Layout plain = layout_of(width_, height_, has_notice, weeks);
  const Node& header = root.children.front();
  const Facts facts = facts_of(header, labels_, plain.head_line(has_notice));
  return layout_of(width_, height_, has_notice, weeks, extra_height(header, facts, labels_, plain.header.width));
}

bool Widget::fold() {
  if (width_ <= 0) return false;
  const Node& root = picker_.screen().root;
  const Layout layout = layout_of(width_, height_, false);
  const Facts facts = facts_of(root.children.front(), labels_, layout.head_line(find_node(root, "notice-bar") != nullptr));
  std::string folded = labels_.folded(picker_.state().about, kAboutText, layout.header.width, about_lines(facts),
                                      labels_.width_of(words_.message("about-more"), kAboutText) + 24);
  if (folded == picker_.state().folded) return false;
  picker_.set_folded(std::move(folded));
  return true;
}

void Widget::set_option(std::string_view name, std::string_view value) {
  picker_.set_option(name, value);
  if (name == "radius") {
    int radius = 0;
    for (const char digit : value) {
      if (digit < '0' || digit > '9' || radius > 22) break;
      radius = radius * 10 + digit - '0';
    }
    view_.set_radius(value.empty() || value[0] < '0' || value[0] > '9' ? 10 : static_cast<float>(std::min(radius, 22)));
  }
}

void Widget::forget_text() { labels_.forget(); }

void Widget::activate(std::string_view id) {
  // Copied: the id may belong to the screen that this replaces.
  const std::string kept(id);
  picker_.activate(kept);
  changed();
  // The "Book now" bar takes space from the list: the chosen time is kept visible.
  if (picker_.state().chosen && kept == "time:" + text_from_ms(*picker_.state().chosen)) reveal(kept);
}

bool Widget::press(std::string_view id, std::string_view key) {
  const bool is_taken = picker_.press(id, key);
  changed();
  return is_taken;
}

void Widget::set_focus(std::string_view id, bool is_visible) {
  picker_.set_focus(id);
  is_focus_visible_ = is_visible;
  if (!id.empty()) reveal(std::string(id));
  changed();
}

void Widget::reveal(std::string id) {
  view_.reveal(std::move(id));
  is_revealing_ = true;
}

bool Widget::pointer(int phase, PointerKind kind, float x, float y) {
  Surface& surface = view_.surface();
  Surface::Outcome outcome = phase == 1   ? surface.press(kind, x, y)
                             : phase == 2 ? surface.release(kind, x, y)
                             : phase == 3 ? surface.leave()
                                          : surface.move(kind, x, y);
  if (outcome.has_hover_changed) actions_.push_back(ShowCursor{!surface.hovered().empty()});
  if (!outcome.activated.empty()) activate(outcome.activated);
  return outcome.keeps_drag;
}

bool Widget::wheel(float x, float y, float dy) { return view_.surface().scroll(x, y, dy); }

void Widget::resize(float width, float height, float pixel_ratio) {
  if (pixel_ratio != pixel_ratio_) labels_.forget();
  width_ = width;
  height_ = height;
  pixel_ratio_ = pixel_ratio;
  want_height();
  picker_.set_wide(width >= kWideFrom);
  changed();
}

void Widget::want_height() {
  if (width_ <= 0) return;
  const int height = height_of(width_);
  if (height == wanted_height_) return;
  wanted_height_ = height;
  actions_.push_back(WantHeight{height});
}

bool Widget::frame() {
  if (width_ <= 0 || height_ <= 0) return false;
  draw_once();
  // The scroll offset that reveals a node is found by drawing. It is drawn again in the same frame, or a quick click would hit
  // what was there before.
  if (std::exchange(is_revealing_, false)) draw_once();
  if (labels_.is_full()) {
    // The page has cleared the atlas; the labels of this frame fit into an empty one.
    labels_.forget();
    draw_once();
  }
  return false;
}

void Widget::draw_once() {
  const Screen& screen = picker_.screen();
  Painter painter(list_.begin(width_, height_, pixel_ratio_), labels_, theme_, width_, pixel_ratio_, screen.right_to_left);
  view_.draw(screen, layout_now(), painter, is_focus_visible_);
  list_.finish(theme_.colour(Token::background));
  if (view_.field() != field_) {
    field_ = view_.field();
    actions_.push_back(field_);
  }
}

const std::string& Widget::places_json() {
  reported_places_ = view_.surface().places();
  std::string& out = places_json_ = "{";
  for (const Place& place : reported_places_) {
    if (place.id.empty()) continue;
    append_json_key(out, place.id);
    out += '[';
    for (const float side : {place.box.x, place.box.y, place.box.width, place.box.height}) {
      out += std::to_string(static_cast<int>(std::lround(side)));
      out += ',';
    }
    out.back() = ']';
  }
  out += '}';
  return places_json_;
}

const std::string& Widget::take_actions_json() {
  actions_json_ = json_from_actions(actions_);
  actions_.clear();
  return actions_json_;
}

const std::string& Widget::screen_json() {
  has_screen_changed_ = false;
  return screen_json_;
}

}  // namespace slotwire::web
