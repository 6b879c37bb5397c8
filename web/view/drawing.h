#pragma once
// One drawing of one screen: a function for each part of the picker. Internal to view/.
#include "web/view/view.h"

namespace slotwire::web {

class ScreenView::Drawing {
 public:
  Drawing(ScreenView& view, const Screen& screen, const Layout& layout, Painter& painter, bool ring)
      : view_(view), screen_(screen), layout_(layout), painter_(painter), ring_(ring) {}

  void draw();

 private:
  void draw_header(const Node& header);
  void draw_notice(const Node& bar);
  void draw_month_bar(const Node& bar);
  void draw_calendar(const Node& grid);
  void draw_day(Box place, const Node& cell);
  void draw_times(const Node& times);
  float draw_time_list(Box area, const Node& list);
  void draw_time_row(Box row, const Node& item);
  void draw_placeholders(Box area);
  void draw_panel(Box area, const Node& panel);
  void draw_day_list(const Node& list);
  void draw_type_list(const Node& list);
  void draw_footer(const Node& footer);
  void draw_zone_dialog(const Node& dialog);
  void draw_button(Box box, const Node& node);
  void draw_ring(Box box, const Node& node, float radius);

  // Makes a place of the node, unless a dialog lies over it or it is disabled; true when the pointer is over it.
  [[nodiscard]] bool hit(Box box, const Node& node);
  [[nodiscard]] const Node* find(std::string_view id) const { return find_node(screen_.root, id); }

  // Clips to `area`, moves up by the pane's offset; `draw` gets the moved area and returns the bottom of what it drew.
  template <class Draw>
  void draw_scrolling(Pane& pane, std::string key, Box area, Draw draw);
  void reveal_in(Pane& pane, Box area, Box item, const Node& node);

  ScreenView& view_;
  const Screen& screen_;
  const Layout& layout_;
  Painter& painter_;
  bool ring_;
  bool is_covered_ = false;  // by a dialog
};

}  // namespace slotwire::web
