#pragma once
// Draws one screen: a function for each part of the picker. Internal to view/; the frame is in drawing.cpp, the rest in
// drawing_days.cpp, drawing_times.cpp and drawing_choices.cpp.
#include "web/view/view.h"

namespace slotwire::web {

inline constexpr TextStyle kTitle{20, 600};
inline constexpr TextStyle kHeading{16, 600};
inline constexpr TextStyle kBody{15, 400};
inline constexpr TextStyle kStrong{15, 600};
inline constexpr TextStyle kSmall{13, 400};
inline constexpr TextStyle kSmallStrong{13, 500};
inline constexpr TextStyle kTiny{12, 400};
inline constexpr float kGap = 8;
inline constexpr float kBookBar = 60;

class ScreenView::Drawing {
 public:
  Drawing(ScreenView& view, const Screen& screen, const Layout& layout, Painter& painter, bool ring)
      : view_(view), screen_(screen), layout_(layout), painter_(painter), ring_(ring) {}

  void draw();

 private:
  void draw_header(const Node& header);
  void draw_about(const Node& about, float top, int lines);
  void draw_notice(const Node& bar);
  void draw_page_bar(const Node& bar);
  void draw_page_name(Box box, const Node& name);
  void draw_name(Box box, std::string_view name, Ink ink);
  void draw_months(const Node& list);
  void draw_calendar(const Node& grid);
  void draw_day(Box place, const Node& cell);
  void draw_week(const Node& week);
  void draw_book_bar(const Node& bar);
  void draw_times(const Node& times);
  float draw_time_list(Box area, const Node& list);
  void draw_time_row(Box row, const Node& item);
  void draw_time_chip(Box box, const Node& time);
  void draw_time_text(Box box, const Node& time, Token colour, Token hint_colour);
  void draw_divider();
  void draw_placeholders(Box area);
  void draw_panel(Box area, const Node& panel);
  void draw_day_list(const Node& list);
  void draw_list_row(Box box, const Node& row);
  void draw_taken(const Node& taken);
  void draw_confirmation(const Node& panel);
  void draw_type_list(const Node& list);
  void draw_type_card(Box box, const Node& item);
  [[nodiscard]] float card_height(const Node& item, float width);
  void draw_footer(const Node& footer);
  void draw_zone_dialog(const Node& dialog);
  void draw_button(Box box, const Node& node);
  void draw_ring(Box box, const Node& node, float radius);

  // Registers the node's box for pointer events, unless it is disabled or a dialog covers it; true if the pointer is over it.
  [[nodiscard]] bool hit(Box box, const Node& node);
  [[nodiscard]] const Node* find(std::string_view id) const { return find_node(screen_.root, id); }

  // Clips to `area` and returns it shifted up by the pane's scroll offset, to draw in; `content` is the height that was drawn.
  [[nodiscard]] Box begin_scrolling(Pane& pane, std::string key, Box area);
  void end_scrolling(Pane& pane, Box area, float content);
  void reveal_in(Pane& pane, Box area, Box item, const Node& node);

  [[nodiscard]] Box below_page_bar() const;
  // True if the screen has times together with the days, beside or below them, or together with the months in their place.
  [[nodiscard]] bool has_times_beside() const { return find("calendar") || (find("months") && (find("times") || find("taken"))); }

  ScreenView& view_;
  const Screen& screen_;
  const Layout& layout_;
  Painter& painter_;
  bool ring_;
  bool is_covered_ = false;  // by a dialog
};

}  // namespace slotwire::web
