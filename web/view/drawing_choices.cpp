// Other choices: months, the list of event types and the zone dialog.
#include <algorithm>

#include "web/view/drawing.h"

namespace slotwire::web {
namespace {

constexpr float kCardGap = 12;
constexpr float kDot = 22;
constexpr float kArrow = 30;
constexpr float kNameLine = kHeading.size * 1.4F;
constexpr TextStyle kAbout{14, 400};

}  // namespace

// Buttons like those of times, in place of the days if they fit, else in the whole body, where they may scroll.
void ScreenView::Drawing::draw_months(const Node& list) {
  const Box area = below_page_bar();
  const bool is_alone = !has_times_beside();
  const float width =
      ((is_alone ? std::min(area.width, 520.0F) : layout_.days.width) - (kMonthsAcross - 1) * kGap) / kMonthsAcross;
  Pane& pane = view_.surface_.list;
  const Box moved = is_alone ? begin_scrolling(pane, list.id, area) : area;
  Box place{moved.x, moved.y + 4, width, kTouch};
  int column = 0;
  for (const Node& month : list.children) {
    if (place.bottom() > area.y && place.y < area.bottom()) draw_time_chip(place, month);
    if (is_alone) reveal_in(pane, area, place, month);
    place.x += width + kGap;
    if (++column < kMonthsAcross) continue;
    column = 0;
    place.x = moved.x;
    place.y += kTouch + kGap;
  }
  if (is_alone) end_scrolling(pane, area, (column > 0 ? place.bottom() : place.y - kGap) + 4 - moved.y);
}

// Cards of equal height, in two columns if there is room.
void ScreenView::Drawing::draw_type_list(const Node& list) {
  Box area = layout_.body;
  area.height = layout_.all.height - area.y - 16;
  const float columns = area.width >= 640 ? 2 : 1;
  const float width = (area.width - (columns - 1) * kCardGap) / columns;
  float height = 72;
  for (const Node& item : list.children)
    if (!list.busy) height = std::max(height, card_height(item, width));
  Pane& pane = view_.surface_.list;
  const Box moved = list.busy ? area : begin_scrolling(pane, list.id, area);
  float column = 0;
  Box card{moved.x, moved.y + 4, width, height};
  for (const Node& item : list.children) {
    card.x = moved.x + column * (width + kCardGap);
    if (list.busy) {
      painter_.fill(card, Token::skeleton, view_.radius_);
    } else if (card.bottom() > area.y && card.y < area.bottom()) {
      draw_type_card(card, item);
    }
    if (!list.busy) {
      reveal_in(pane, area, card, item.children.front());
    }
    column += 1;
    if (column >= columns) {
      column = 0;
      card.y += height + kCardGap;
    }
  }
  if (!list.busy) end_scrolling(pane, area, (column > 0 ? card.bottom() + 4 : card.y - kCardGap + 4) - moved.y);
}

// Name and description use a second line if necessary, but never a third.
float ScreenView::Drawing::card_height(const Node& item, float width) {
  const Node& type = item.children.front();
  const float text = width - 36 - (type.color.empty() ? 0 : kDot);
  float height = 14 + kNameLine + 22 + 14;
  if (painter_.labels().width_of(type.text, kHeading) > text - kArrow) height += kNameLine;
  if (item.children.size() > 1) height += painter_.labels().width_of(item.children[1].text, kAbout) > text ? 48.0F : 28.0F;
  return height;
}

void ScreenView::Drawing::draw_type_card(Box box, const Node& item) {
  const Node& type = item.children.front();
  const bool is_hovered = hit(box, type);
  if (is_hovered) painter_.fill(box, Token::hover, view_.radius_);
  painter_.outline(box.inset(0.5F, 0.5F), is_hovered ? Token::primary : Token::border, view_.radius_);
  float x = box.x + 18;
  if (!type.color.empty()) {
    painter_.dot(x + 5, box.y + 25, 5, type.color);
    x += kDot;
  }
  const float width = box.right() - 18 - x;
  float y = painter_.paragraph({x, box.y + 14, width - kArrow, 2 * kNameLine}, type.text, {kHeading, Token::text});
  painter_.text({x, y + 2, width, 18}, type.hint, {kSmall, Token::text_muted});
  y += 26;
  if (item.children.size() > 1) painter_.paragraph({x, y, width, 41}, item.children[1].text, {kAbout, Token::text_muted});
  painter_.icon({box.right() - 42, box.y, 28, 72}, type.icon, Token::text_muted);
  draw_ring(box, type, view_.radius_);
}

void ScreenView::Drawing::draw_zone_dialog(const Node& dialog) {
  painter_.fill(layout_.all, Token::shadow);
  const float margin = layout_.is_wide ? 32.0F : 12.0F;
  const float width = std::min(layout_.all.width - 2 * margin, 440.0F);
  const float height = std::min(layout_.all.height - 2 * margin, 520.0F);
  const Box box{(layout_.all.width - width) / 2, (layout_.all.height - height) / 2, width, height};
  painter_.fill(box.inset(-1, -1), Token::border, 15);
  painter_.fill(box, Token::surface, 14);
  // A click outside the dialog closes it; a click on its background does nothing.
  view_.surface_.add({"zone-close", layout_.all});
  view_.surface_.add({"", painter_.mirrored(box)});
  const Box inner = box.inset(16, 12);
  Box area{inner.x, inner.y + 104, inner.width, inner.height - 104};
  for (const Node& node : dialog.children) {
    if (node.kind == Kind::heading) {
      painter_.text({inner.x + 4, inner.y, inner.width - kTouch, kTouch}, node.text, {kHeading, Token::text});
    } else if (node.id == "zone-close") {
      draw_button({inner.right() - kTouch + 6, inner.y, kTouch, kTouch}, node);
    } else if (node.kind == Kind::textbox) {
      const Box field{inner.x, inner.y + 48, inner.width, kTouch};
      painter_.fill(field, Token::background, view_.radius_);
      painter_.outline(field.inset(0.5F, 0.5F), Token::border, view_.radius_);
      draw_ring(field.inset(2, 2), node, view_.radius_);
      const Box shown = painter_.mirrored(field.inset(12, 4));
      view_.field_ = {node.id, static_cast<int>(shown.x), static_cast<int>(shown.y), static_cast<int>(shown.width),
                      static_cast<int>(shown.height)};
    } else if (node.kind == Kind::status) {
      painter_.paragraph({area.x + 4, area.y + 12, area.width, 80}, node.text, {kBody, Token::text_muted});
    } else if (node.kind == Kind::progress) {
      for (int i = 0; i < 5; ++i)
        painter_.fill({area.x + 4, area.y + 12 + static_cast<float>(i) * kTouch, area.width * 0.6F, 16}, Token::skeleton, 6);
    } else if (node.kind == Kind::listbox) {
      // When the list opens, it is scrolled to the current zone.
      const auto chosen =
          std::find_if(node.children.begin(), node.children.end(), [](const Node& option) { return option.selected; });
      const std::string key = "zones:" + dialog.children[2].value;
      const bool is_fresh = view_.surface_.dialog.key != key;
      const float wanted = static_cast<float>(chosen - node.children.begin()) * kTouch - area.height / 2;
      Pane& pane = view_.surface_.dialog;
      Box moved = begin_scrolling(pane, key, area);
      if (is_fresh && chosen != node.children.end() && wanted > 0) {
        pane.offset = wanted;
        moved.y -= wanted;
      }
      float y = moved.y;
      for (const Node& option : node.children) {
        const Box row{moved.x, y, moved.width, kTouch};
        reveal_in(pane, area, row, option);
        y += kTouch;
        if (row.bottom() < area.y || row.y > area.bottom()) continue;  // hundreds of zones: only visible labels are made
        const bool is_hovered = hit(row, option);
        if (option.selected)
          painter_.fill(row, Token::primary_soft, view_.radius_);
        else if (is_hovered)
          painter_.fill(row, Token::hover, view_.radius_);
        painter_.text({row.x + 12, row.y, row.width - 52, row.height}, option.text,
                      {option.selected ? kStrong : kBody, option.selected ? Token::primary_strong : Token::text});
        if (option.selected) painter_.icon({row.right() - 36, row.y, 24, row.height}, Icon::check, Token::primary_strong);
        draw_ring(row.inset(3, 3), option, view_.radius_ - 3);
      }
      end_scrolling(pane, area, static_cast<float>(node.children.size()) * kTouch);
    }
  }
}

}  // namespace slotwire::web
