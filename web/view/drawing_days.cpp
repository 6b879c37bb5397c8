// Days: the calendar of a month or a week, and a week as seven columns.
#include <algorithm>

#include "web/view/drawing.h"

namespace slotwire::web {

void ScreenView::Drawing::draw_calendar(const Node& grid) {
  const Box area = layout_.days;
  const float column = area.width / 7;
  float y = area.y;
  for (const Node& row : grid.children) {
    float x = area.x;
    if (row.id == "weekdays") {
      for (const Node& name : row.children) {
        painter_.text({x, layout_.weekdays.y, column, layout_.weekdays.height}, name.text,
                      {kSmallStrong, Token::text_muted, Align::centre});
        x += column;
      }
      continue;
    }
    for (const Node& cell : row.children) {
      if (cell.look != Look::blank) draw_day({x, y, column, layout_.row}, cell);
      x += column;
    }
    y += layout_.row;
  }
}

void ScreenView::Drawing::draw_day(Box place, const Node& cell) {
  // The whole cell reacts to the pointer; the drawn shape inside leaves a gap to its neighbours.
  const bool is_hovered = hit(place, cell);
  const float gap = cell.faint ? 12 : 4;
  const float width = std::min(place.width, 60.0F) - gap;
  const float height = std::min(place.height, 56.0F) - gap;
  const Box mark{place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height};
  const float radius = std::min(view_.radius_, height / 2);
  Ink ink{cell.faint ? kSmall : kBody, Token::text_faint, Align::centre};
  switch (cell.look) {
    case Look::free:
      painter_.fill(mark, is_hovered ? Token::primary_soft_hover : Token::primary_soft, radius);
      ink = {cell.faint ? kSmall : kStrong, Token::primary_strong, Align::centre};
      break;
    case Look::unknown:
      if (cell.busy)
        painter_.fill(mark, Token::skeleton, radius);
      else
        painter_.outline(mark.inset(0.5F, 0.5F), is_hovered ? Token::text_muted : Token::border, radius);
      ink.colour = Token::text_muted;
      break;
    case Look::none:
      ink.colour = Token::text_muted;
      break;
    default:
      break;
  }
  if (cell.selected) {
    painter_.fill(mark, is_hovered ? Token::primary_hover : Token::primary, radius);
    ink = {kStrong, Token::on_primary, Align::centre};
  }
  painter_.text(mark, cell.text, ink);
  if (cell.current)
    painter_.dot(mark.x + mark.width / 2, mark.bottom() - 7, 2,
                 cell.look == Look::free || cell.selected ? ink.colour : Token::primary);
  draw_ring(mark, cell, radius);
}

// Seven columns that scroll together, below the names of their days.
void ScreenView::Drawing::draw_week(const Node& week) {
  constexpr float kHead = 56;
  constexpr float kInset = 4;
  Box area = below_page_bar();
  if (find("book-bar")) area.height -= kBookBar;
  const float column = area.width / 7;
  Box head{area.x, area.y, column, kHead};
  for (const Node& day : week.children) {
    const Node& name = day.children.front();
    const bool is_free = name.look == Look::free;
    const Token colour = is_free ? Token::text : name.look == Look::outside ? Token::text_faint : Token::text_muted;
    painter_.text({head.x, head.y, head.width, 20}, name.hint,
                  {kSmallStrong, is_free ? Token::text_muted : colour, Align::centre});
    painter_.text({head.x, head.y + 20, head.width, 26}, name.text,
                  {kHeading, name.current ? Token::primary_strong : colour, Align::centre});
    if (name.current) painter_.dot(head.x + head.width / 2, head.y + 49, 2, Token::primary);
    head.x += column;
  }
  area.y += kHead;
  area.height -= kHead;
  painter_.line(area.x, area.right(), area.y, Token::border);
  Pane& pane = view_.surface_.list;
  const Box moved = begin_scrolling(pane, week.children.front().id, area);
  float content = 0;
  Box place{moved.x + kInset, 0, column - 2 * kInset, kTouch};
  for (const Node& day : week.children) {
    place.y = moved.y + kGap;
    for (const Node& part : day.children) {
      if (part.kind == Kind::progress) {
        painter_.fill(place, Token::skeleton, view_.radius_);
        place.y += kTouch + kGap;
      }
      for (const Node& item : part.children) {
        if (place.bottom() > area.y && place.y < area.bottom()) draw_time_chip(place, item.children.front());
        reveal_in(pane, area, place, item.children.front());
        place.y += kTouch + kGap;
      }
    }
    if (day.children.size() == 1) {  // only its name
      const bool is_unknown = day.children.front().look == Look::unknown;
      if (is_unknown) painter_.outline(place.inset(0.5F, 0.5F), Token::border, view_.radius_);
      painter_.text(place, is_unknown ? "?" : "\xE2\x80\x93",
                    {kBody, is_unknown ? Token::text_muted : Token::text_faint, Align::centre});
    }
    content = std::max(content, place.y - moved.y);
    place.x += column;
  }
  end_scrolling(pane, area, content);
}

void ScreenView::Drawing::draw_book_bar(const Node& bar) {
  const Box body = layout_.body;
  const Box box{body.x, body.bottom() - kBookBar, body.width, kBookBar};
  painter_.line(box.x, box.right(), box.y, Token::border);
  const Node& summary = bar.children.front();
  const Node& book = bar.children.back();
  const float width = std::max(140.0F, painter_.labels().width_of(book.text, kStrong) + 48);
  draw_button({box.right() - width, box.y + 8, width, kTouch}, book);
  const Box text{box.x + 6, box.y + 8, box.width - width - 22, kTouch};
  if (summary.hint.empty()) {
    painter_.text(text, summary.text, {kStrong, Token::text});
  } else {
    painter_.text({text.x, text.y + 4, text.width, 20}, summary.text, {kStrong, Token::text});
    painter_.text({text.x, text.y + 24, text.width, 16}, summary.hint, {kSmall, Token::text_muted});
  }
}

}  // namespace slotwire::web
