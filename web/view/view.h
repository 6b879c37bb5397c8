#pragma once
// Draws a screen with Dear ImGui's draw list and records the positions of its nodes. It stores only view state: scroll offsets
// and hover. It does not change the model.
#include <string>

#include "web/model/action.h"
#include "web/model/screen.h"
#include "web/view/painter.h"
#include "web/view/surface.h"

namespace slotwire::web {

class ScreenView {
 public:
  void set_radius(float radius) { radius_ = radius; }

  // `ring`: draw a ring around the node with keyboard focus.
  void draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring);

  // The positions in the last drawing, for pointer and wheel.
  [[nodiscard]] Surface& surface() { return surface_; }
  [[nodiscard]] const Surface& surface() const { return surface_; }
  // The textbox that must be placed over the canvas.
  [[nodiscard]] const ShowField& field() const { return field_; }
  // Scrolls this node into view in the next drawing.
  void reveal(std::string id) { revealed_ = std::move(id); }

 private:
  class Drawing;

  Surface surface_;
  ShowField field_;
  std::string revealed_;
  float radius_ = 10;
};

}  // namespace slotwire::web
