#pragma once
// Draws a screen with Dear ImGui and says what the visitor activated. Owns nothing but what a window owns: how far the lists
// are scrolled and where a finger pulls. Changes no model.
#include <string>

#include "web/model/action.h"
#include "web/model/screen.h"
#include "web/view/painter.h"

namespace slotwire::web {

struct Seen {
  std::string activated;  // id; empty: nothing
  ShowField field;        // the textbox that has to lie over the canvas
};

class ScreenView {
 public:
  explicit ScreenView(float radius = 10) : radius_(radius) {}
  void set_radius(float radius) { radius_ = radius; }

  // Between ImGui::NewFrame and Render. `ring`: draw a ring around the node that has keyboard focus.
  [[nodiscard]] Seen draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring);

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
  std::string revealed_;
  float radius_;
};

}  // namespace slotwire::web
