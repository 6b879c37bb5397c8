#include "web/view/view.h"

#include "web/view/drawing.h"

namespace slotwire::web {

void ScreenView::draw(const Screen& screen, const Layout& layout, Painter& painter, bool ring) {
  surface_.clear();
  field_ = {};
  Drawing(*this, screen, layout, painter, ring).draw();
}

}  // namespace slotwire::web
