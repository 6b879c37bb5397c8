#include "web/view/view.h"

#include <algorithm>

#include "web/view/drawing.h"

namespace slotwire::web {

void ScreenView::draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring) {
  places_.clear();
  field_ = {};
  Drawing(*this, screen, layout, painter, ring).draw();
}

std::string_view ScreenView::id_at(float x, float y) const {
  for (auto place = places_.rbegin(); place != places_.rend(); ++place)
    if (place->box.contains(x, y)) return place->id;
  return {};
}

bool ScreenView::hover(std::string_view id) {
  if (hovered_ == id) return false;
  hovered_ = id;
  return true;
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
