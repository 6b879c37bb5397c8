#pragma once
// Draws a screen with Dear ImGui's draw list and says what lies where. Owns nothing but what a window owns: how far the lists
// are scrolled, where things were drawn and what the pointer is over. Changes no model.
#include <string>

#include "web/model/action.h"
#include "web/model/screen.h"
#include "web/view/painter.h"

namespace slotwire::web {

class ScreenView {
 public:
  explicit ScreenView(float radius = 10) : radius_(radius) {}
  void set_radius(float radius) { radius_ = radius; }

  // `ring`: draw a ring around the node that has keyboard focus.
  void draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring);

  // Of the last drawing; what is later in the list lies on top.
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  // The textbox that has to lie over the canvas.
  [[nodiscard]] const ShowField& field() const { return field_; }
  // Empty: nothing that can be activated lies there. Valid until the next drawing.
  [[nodiscard]] std::string_view id_at(float x, float y) const;
  // True when it looks different now.
  bool hover(std::string_view id);

  // Moves the list under the point; false when there is none or it is at its end.
  bool scroll(float x, float y, float dy);
  [[nodiscard]] bool can_scroll(float x, float y) const;
  // Brings this node into sight with the next drawing.
  void reveal(std::string id) { revealed_ = std::move(id); }

 private:
  struct Pane {
    std::string key;  // a new key starts at the top
    Box box;          // as drawn; empty: not shown
    float offset = 0;
    float content = 0;
    [[nodiscard]] float limit() const { return content > box.height ? content - box.height : 0; }
  };
  class Drawing;

  [[nodiscard]] const Pane* pane_at(float x, float y) const;

  Pane list_;    // times, days, types
  Pane dialog_;  // zones
  bool is_dialog_open_ = false;
  std::vector<Place> places_;
  ShowField field_;
  std::string hovered_;
  std::string revealed_;
  float radius_;
};

}  // namespace slotwire::web
