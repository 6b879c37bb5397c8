// Times: of the selected day, of all days as a list, and near a taken one; and the confirmation.
#include <algorithm>
#include <cmath>

#include "web/view/drawing.h"

namespace slotwire::web {
namespace {

constexpr float kChip = 108;  // minimum width of a time and its gap: three fit side by side on a phone
constexpr float kPart = 28;   // the name of a part of the day

}  // namespace

void ScreenView::Drawing::draw_times(const Node& times) {
  const bool is_beside = has_times_beside();  // an empty week view uses the whole body
  if (!is_beside) {
    draw_panel(below_page_bar(), times);
    return;
  }
  const Box area = layout_.times;
  draw_divider();
  float y = area.y + (layout_.is_wide ? 0.0F : 4.0F);
  for (const Node& node : times.children) {
    const Box rest{area.x, y, area.width, area.bottom() - y - 4};
    if (node.id == "times-title") {
      painter_.text({rest.x, rest.y, rest.width, kTouch}, node.text, {kHeading, Token::text});
      y += kTouch;
    } else if (node.kind == Kind::list) {
      y = draw_time_list(rest, node);
    } else if (node.id == "times-loading") {
      if (times.children.size() == 1) {
        painter_.fill({rest.x, rest.y + 14, 120, 16}, Token::skeleton, 6);
        draw_placeholders({rest.x, rest.y + kTouch, rest.width, rest.height - kTouch});
      } else {
        draw_placeholders(rest);
      }
    } else if (node.id == "state") {
      draw_panel(area, node);
    } else if (node.kind == Kind::button) {
      const float width = std::min(rest.width, painter_.labels().width_of(node.text, kStrong) + 40);
      draw_button({rest.x, y + 4, layout_.is_wide ? rest.width : width, kTouch}, node);
      y += kTouch + 12;
    } else {
      const Token ink = node.look == Look::warning ? Token::on_warning : Token::text_muted;
      y = painter_.paragraph({rest.x, y + 12, rest.width, rest.height}, node.text, {kBody, ink}) + 8;
    }
  }
}

float ScreenView::Drawing::draw_time_list(Box area, const Node& list) {
  // If the area is narrow or the rows do not fit, times are drawn side by side, with "Book now" as a bar of its own.
  const float across = std::max(1.0F, std::floor((area.width + kGap) / kChip));
  const bool fits = static_cast<float>(list.children.size()) * (kTouch + kGap) <= area.height;
  const float columns = !layout_.is_wide ? across : fits ? 1 : std::min(across, 2.0F);
  const bool has_bar = !layout_.is_wide || columns > 1;
  const Node* book = nullptr;
  if (has_bar) {
    for (const Node& item : list.children)
      if (item.children.size() > 1) book = &item.children[1];
    if (book) area.height -= kTouch + kGap;
  }
  const float width = (area.width - (columns - 1) * kGap) / columns;
  const std::string key = list.children.front().id.substr(0, 8) + list.label;
  Pane& pane = view_.surface_.list;
  const Box moved = begin_scrolling(pane, key, area);
  float column = 0, y = moved.y + 4;
  for (const Node& item : list.children) {
    if (!item.text.empty()) {
      if (column > 0) y += kTouch + kGap;
      column = 0;
      painter_.text({moved.x, y, area.width, kPart}, item.text, {kSmallStrong, Token::text_muted});
      y += kPart;
    }
    const Box row{moved.x + column * (width + kGap), y, width, kTouch};
    if (row.bottom() > area.y && row.y < area.bottom())
      has_bar ? draw_time_chip(row, item.children.front()) : draw_time_row(row, item);
    for (const Node& child : item.children) reveal_in(pane, area, row, child);
    column += 1;
    if (column >= columns) {
      column = 0;
      y += kTouch + kGap;
    }
  }
  const float content = (column > 0 ? y + kTouch + 4 : y - kGap + 4) - moved.y;
  end_scrolling(pane, area, content);
  // On a phone at the bottom, near the thumb; else right below the times.
  const float bar = layout_.is_wide ? std::min(area.bottom(), area.y + content + 4) : area.bottom();
  if (book) draw_button({area.x, bar + kGap, area.width, kTouch}, *book);
  return area.bottom();
}

void ScreenView::Drawing::draw_time_row(Box row, const Node& item) {
  const Node& time = item.children.front();
  if (item.children.size() == 1) {
    draw_time_chip(row, time);
    return;
  }
  // Beside its "Book now" button, the chosen time is drawn less prominently.
  const float radius = std::min(view_.radius_, row.height / 2);
  Box box = row;
  box.width = (row.width - kGap) / 2;
  draw_button({row.x + box.width + kGap, row.y, box.width, row.height}, item.children[1]);
  (void)hit(box, time);
  painter_.fill(box, Token::hover, radius);
  painter_.outline(box.inset(0.5F, 0.5F), Token::border, radius);
  draw_time_text(box, time, Token::text, Token::text_muted);
  draw_ring(box, time, radius);
}

void ScreenView::Drawing::draw_time_chip(Box box, const Node& time) {
  const bool is_hovered = hit(box, time);
  const bool is_chosen = time.selected || time.pressed.value_or(false);
  const float radius = std::min(view_.radius_, box.height / 2);
  if (is_chosen) {
    painter_.fill(box, is_hovered ? Token::primary_hover : Token::primary, radius);
  } else {
    if (is_hovered) painter_.fill(box, Token::primary_soft, radius);
    painter_.outline(box.inset(0.5F, 0.5F), is_hovered ? Token::primary : Token::border, radius);
  }
  draw_time_text(box, time, is_chosen ? Token::on_primary : Token::primary_strong,
                 is_chosen ? Token::on_primary : Token::text_muted);
  draw_ring(box, time, radius);
}

void ScreenView::Drawing::draw_time_text(Box box, const Node& time, Token colour, Token hint_colour) {
  const Box text = box.inset(4, 0);
  if (!time.hint.empty()) {
    painter_.text({text.x, box.y + 5, text.width, 18}, time.text, {kStrong, colour, Align::centre});
    painter_.text({text.x, box.y + 23, text.width, 16}, time.hint, {kTiny, hint_colour, Align::centre});
  } else {
    draw_name(text, time.text, {kStrong, colour, Align::centre});
  }
}

void ScreenView::Drawing::draw_divider() {
  const Box area = layout_.times;
  if (layout_.is_wide)
    painter_.upright((layout_.days.right() + area.x) / 2, area.y + 6, area.bottom() - 6, Token::border);
  else
    painter_.line(area.x, area.right(), area.y, Token::border);
}

void ScreenView::Drawing::draw_placeholders(Box area) {
  const float columns = layout_.is_wide ? 1 : std::max(1.0F, std::floor((area.width + kGap) / kChip));
  const float width = (area.width - (columns - 1) * kGap) / columns;
  for (int i = 0; i < (layout_.is_wide ? 5 : 2 * static_cast<int>(columns)); ++i) {
    const float row = std::floor(static_cast<float>(i) / columns), column = static_cast<float>(i) - row * columns;
    painter_.fill({area.x + column * (width + kGap), area.y + 4 + row * (kTouch + kGap), width, kTouch}, Token::skeleton,
                  view_.radius_);
  }
}

// By day; on a wide page the day is beside its rows, as in an agenda.
void ScreenView::Drawing::draw_day_list(const Node& list) {
  const Box area = below_page_bar();
  constexpr float kRow = 56;
  if (list.children.empty()) return;
  const Node& first = list.children.front();
  if (first.id == "state" || first.kind != Kind::group) {
    draw_panel(area, first.id == "state" ? first : list);
    return;
  }
  if (first.busy) {
    for (float y = area.y + 8; y + kRow < area.bottom(); y += kRow)
      painter_.fill({area.x, y, area.width, kTouch}, Token::skeleton, view_.radius_);
    return;
  }
  Pane& pane = view_.surface_.list;
  const Box moved = begin_scrolling(pane, first.id, area);
  const float beside = layout_.is_wide ? std::min(240.0F, moved.width * 0.34F) : 0;
  float y = moved.y;
  for (const Node& section : list.children) {
    if (section.kind == Kind::button) {
      const Box button{moved.x + beside, y + 6, moved.width - beside - 2, kTouch};
      draw_button(button, section);
      reveal_in(pane, area, button, section);
      y += kRow;
      continue;
    }
    if (layout_.is_wide && y > moved.y) painter_.line(moved.x, moved.x + beside, y, Token::border);
    for (const Node& node : section.children) {
      if (node.kind == Kind::heading) {
        if (beside == 0) {
          painter_.text({moved.x + 6, y + 8, moved.width - 12, 32}, node.text, {kHeading, Token::text});
          y += kTouch;
          continue;
        }
        // The day's name stays visible while its rows scroll.
        const float last = y + (static_cast<float>(section.children.back().children.size()) - 1) * kRow;
        const Box name{moved.x + 6, std::min(std::max(y, area.y), last) + 17, beside - 18, kTouch};
        painter_.paragraph(name, node.text, {kHeading, Token::text});
        continue;
      }
      for (const Node& row : node.children) {
        const Box box{moved.x + beside, y, moved.width - beside, kRow};
        if (box.bottom() > area.y && box.y < area.bottom()) draw_list_row(box, row);
        reveal_in(pane, area, box, row.children.back());
        y += kRow;
      }
    }
    if (beside == 0) y += 12;
  }
  end_scrolling(pane, area, y - moved.y);
}

void ScreenView::Drawing::draw_list_row(Box box, const Node& row) {
  const Node& range = row.children.front();
  const Node& book = row.children.back();
  const float width = std::max(112.0F, painter_.labels().width_of(book.text, kStrong) + 32);
  painter_.line(box.x, box.right(), box.y, Token::border);
  const Box text{box.x + 6, box.y + 6, box.width - width - 18, kTouch};
  if (range.hint.empty()) {
    painter_.text(text, range.text, {kBody, Token::text});
  } else {
    painter_.text({text.x, text.y + 4, text.width, 20}, range.text, {kBody, Token::text});
    painter_.text({text.x, text.y + 24, text.width, 16}, range.hint, {kSmall, Token::text_muted});
  }
  // Solid buttons in every row would be too prominent: they are soft until the pointer is over them.
  const Box button{box.right() - width - 2, box.y + 6, width, kTouch};
  const bool is_hovered = hit(button, book);
  const float radius = std::min(view_.radius_, button.height / 2);
  painter_.fill(button.inset(0, 2), book.busy ? Token::hover : is_hovered ? Token::primary : Token::primary_soft, radius);
  painter_.text(button.inset(8, 0), book.text,
                {kStrong,
                 book.busy    ? Token::text_muted
                 : is_hovered ? Token::on_primary
                              : Token::primary_strong,
                 Align::centre});
  draw_ring(button.inset(0, 2), book, radius);
}

// In place of the times: what happened, and the nearest other times.
void ScreenView::Drawing::draw_taken(const Node& taken) {
  const bool is_beside = has_times_beside();
  Box area = is_beside ? layout_.times : below_page_bar();
  if (is_beside) {
    draw_divider();
    if (!layout_.is_wide) area = {area.x, area.y + kGap, area.width, area.height - kGap};
  } else {
    const float width = std::min(area.width, 520.0F);
    area = {area.x + (area.width - width) / 2, area.y, width, area.height};
  }
  const Node& all = taken.children.back();
  draw_button({area.x, area.bottom() - kTouch, area.width, kTouch}, all);
  area.height -= kTouch;
  const Node& text = taken.children.front();
  const auto lines = painter_.labels().wrapped(text.text, kStrong, area.width - 24).size();
  const float height = static_cast<float>(lines) * kStrong.size * 1.4F + 16;
  painter_.fill({area.x, area.y, area.width, height}, Token::warning, view_.radius_);
  painter_.paragraph({area.x + 12, area.y + 8, area.width - 24, height}, text.text, {kStrong, Token::on_warning});
  float y = area.y + height + 10;
  y = painter_.paragraph({area.x + 2, y, area.width, 44}, taken.children[1].text, {kBody, Token::text_muted}) + 4;
  if (taken.children.size() < 4) return;
  const Node& list = taken.children[2];
  const Box rest{area.x, y, area.width, area.bottom() - y};
  const bool has_days = std::any_of(list.children.begin(), list.children.end(),
                                    [](const Node& item) { return !item.children.front().hint.empty(); });
  const float columns = std::max(1.0F, std::floor((rest.width + kGap) / (has_days ? 136 : kChip)));
  const float width = (rest.width - (columns - 1) * kGap) / columns;
  Pane& pane = view_.surface_.list;
  const Box moved = begin_scrolling(pane, "taken:" + list.children.front().id, rest);
  float column = 0;
  Box place{moved.x, moved.y + 4, width, kTouch + 2};
  for (const Node& item : list.children) {
    place.x = moved.x + column * (width + kGap);
    draw_time_chip(place, item.children.front());
    reveal_in(pane, rest, place, item.children.front());
    column += 1;
    if (column >= columns) {
      column = 0;
      place.y += place.height + kGap;
    }
  }
  end_scrolling(pane, rest, (column > 0 ? place.bottom() : place.y - kGap) + 4 - moved.y);
}

void ScreenView::Drawing::draw_confirmation(const Node& panel) {
  const Box area = layout_.body;
  const float width = std::min(area.width, 420.0F);
  const float x = area.x + (area.width - width) / 2;
  float y = area.y + std::max(0.0F, (area.height - 380) / 3);
  for (const Node& node : panel.children) {
    if (node.kind == Kind::heading) {
      painter_.dot(x + width / 2, y + 26, 26, Token::primary_soft);
      painter_.icon({x + width / 2 - 26, y, 52, 52}, node.icon, Token::primary_strong);
      painter_.text({x, y + 64, width, 32}, node.text, {kTitle, Token::text, Align::centre});
      draw_ring({x, y + 64, width, 32}, node, view_.radius_);
      y += 108;
    } else if (node.kind == Kind::button) {
      if (node.look == Look::primary) y += 12;
      const float wanted = std::min(width, std::max(200.0F, painter_.labels().width_of(node.text, kStrong) + 48));
      draw_button({x + (width - wanted) / 2, y, wanted, kTouch}, node);
      y += kTouch + 4;
    } else if (node.kind == Kind::link) {
      // Side by side: the last actions.
      const Node& before = panel.children[panel.children.size() - 2];
      const float place = before.kind != Kind::link ? width / 4 : before.id == node.id ? 0 : width / 2;
      draw_button({x + place, y, width / 2, kTouch}, node);
    } else {
      const bool is_main = node.look != Look::muted;
      y = painter_.paragraph({x, y, width, 60}, node.text,
                             {is_main ? kHeading : kBody, is_main ? Token::text : Token::text_muted, Align::centre}) +
          6;
    }
  }
}

}  // namespace slotwire::web
