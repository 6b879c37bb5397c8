#pragma once
// One widget: model, view and draw list wired together behind the exports of abi.h.
#include <string>
#include <vector>

#include "web/model/picker.h"
#include "web/platform/abi.h"
#include "web/platform/draw_list.h"
#include "web/platform/page_words.h"
#include "web/view/head.h"
#include "web/view/view.h"

namespace slotwire::web {

class Widget {
 public:
  // The model, for events that concern only it; call `changed` after each.
  [[nodiscard]] Picker& picker() { return picker_; }
  void changed();

  void set_option(std::string_view name, std::string_view value);
  [[nodiscard]] Theme& theme() { return theme_; }
  void forget_text();

  void activate(std::string_view id);
  bool press(std::string_view id, std::string_view key);
  void set_focus(std::string_view id, bool is_visible);

  // True if a drag would move something there.
  bool pointer(int phase, PointerKind kind, float x, float y);
  bool wheel(float x, float y, float dy);
  void resize(float width, float height, float pixel_ratio);

  // True if another frame is needed.
  bool frame();
  [[nodiscard]] const Drawing& drawing() const { return list_.drawing(); }

  // Valid until the next call.
  [[nodiscard]] const std::string& take_actions_json();
  [[nodiscard]] const std::string& screen_json();
  [[nodiscard]] bool has_screen_changed() const { return has_screen_changed_; }
  // {"id":[x,y,width,height],...} of all visible nodes that can be activated. Valid until the next call.
  [[nodiscard]] const std::string& places_json();
  [[nodiscard]] bool have_places_changed() const { return view_.surface().places() != reported_places_; }

 private:
  void draw_once();
  [[nodiscard]] Layout layout_now() const;
  // Tells the picker how much of the description fits; false if it already knows.
  bool fold();
  void want_height();
  void reveal(std::string id);

  PageWords words_;
  Picker picker_{words_};
  Theme theme_;
  Labels labels_;
  DrawList list_;
  ScreenView view_;
  std::vector<Action> actions_;
  std::string actions_json_;
  std::string screen_json_;
  bool has_screen_changed_ = false;
  bool is_focus_visible_ = false;
  float width_ = 0, height_ = 0, pixel_ratio_ = 1;
  int wanted_height_ = 0;
  ShowField field_;
  std::vector<Place> reported_places_;
  std::string places_json_;
  bool is_revealing_ = false;
};

}  // namespace slotwire::web
