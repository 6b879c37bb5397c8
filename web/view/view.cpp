#include "web/view/view.h"

#include <algorithm>

#include "imgui.h"
#include "web/view/drawing.h"

namespace slotwire::web {

Seen ScreenView::draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring) {
  return Drawing(*this, screen, layout, painter, ring).draw();
}

const ScreenView::Pane* ScreenView::pane_at(float x, float y) const {
  const Pane& pane = is_dialog_open_ ? dialog_ : list_;
  return pane.box.contains(x, y) && pane.limit() > 0 ? &pane : nullptr;
}

bool ScreenView::can_scroll(float x, float y) const { return pane_at(x, y) != nullptr; }

bool ScreenView::scroll(float x, float y, float dy) {
  if (!can_scroll(x, y)) return false;
  Pane& pane = is_dialog_open_ ? dialog_ : list_;
  const float offset = std::clamp(pane.offset + dy, 0.0F, pane.limit());
  const bool has_moved = offset != pane.offset;
  pane.offset = offset;
  return has_moved;
}

}  // namespace slotwire::web
