#include "web/view/drawing.h"

#include <algorithm>

#include "web/view/head.h"

namespace slotwire::web {

void ScreenView::Drawing::draw() {
  const Node* dialog = find("zone-dialog");
  is_covered_ = dialog != nullptr;
  view_.surface_.is_dialog_open = is_covered_;
  for (const Node& node : screen_.root.children) {
    if (node.id == "header")
      draw_header(node);
    else if (node.id == "notice-bar")
      draw_notice(node);
    else if (node.id == "month-bar")
      draw_page_bar(node);
    else if (node.id == "months")
      draw_months(node);
    else if (node.id == "calendar")
      draw_calendar(node);
    else if (node.id == "week")
      draw_week(node);
    else if (node.id == "book-bar")
      draw_book_bar(node);
    else if (node.id == "times")
      draw_times(node);
    else if (node.id == "taken")
      draw_taken(node);
    else if (node.id == "confirmation")
      draw_confirmation(node);
    else if (node.id == "day-list")
      draw_day_list(node);
    else if (node.id == "type-list")
      draw_type_list(node);
    else if (node.id == "state")
      draw_panel(find("month-bar") ? below_page_bar() : layout_.body, node);
    else if (node.id == "footer")
      draw_footer(node);
  }
  is_covered_ = false;
  if (dialog) draw_zone_dialog(*dialog);
  view_.revealed_.clear();
}

bool ScreenView::Drawing::hit(Box box, const Node& node) {
  if (is_covered_ || !is_active(node)) return false;
  const Box seen = painter_.visible(box);
  if (seen.width <= 0 || seen.height <= 0) return false;
  view_.surface_.add({node.id, seen});
  return view_.surface_.hovered() == node.id;
}

void ScreenView::Drawing::draw_ring(Box box, const Node& node, float radius) {
  if (ring_ && node.id == screen_.focus) painter_.outline(box.inset(-3, -3), Token::focus, radius + 3, 2);
}

Box ScreenView::Drawing::begin_scrolling(Pane& pane, std::string key, Box area) {
  if (pane.key != key) {
    pane.key = std::move(key);
    pane.offset = 0;
  }
  pane.box = painter_.mirrored(area);
  pane.offset = std::clamp(pane.offset, 0.0F, pane.limit());
  // Leaves space at the sides for focus rings.
  painter_.clip({area.x - 4, area.y, area.width + 8, area.height});
  area.y -= pane.offset;
  return area;
}

void ScreenView::Drawing::end_scrolling(Pane& pane, Box area, float content) {
  painter_.unclip();
  pane.content = content;
  if (pane.limit() <= 0) return;
  const float size = std::max(28.0F, area.height * area.height / pane.content);
  const float y = area.y + (area.height - size) * std::min(1.0F, pane.offset / pane.limit());
  painter_.fill({area.right() + 6, y, 4, size}, Token::border, 2);
}

Box ScreenView::Drawing::below_page_bar() const {
  Box area = layout_.body;
  area.y += kTouch + 4;
  area.height -= kTouch + 8;
  return area;
}

void ScreenView::Drawing::reveal_in(Pane& pane, Box area, Box item, const Node& node) {
  if (view_.revealed_.empty() || view_.revealed_ != node.id) return;
  if (item.y < area.y)
    pane.offset -= area.y - item.y;
  else if (item.bottom() > area.bottom())
    pane.offset += item.bottom() - area.bottom();
}

void ScreenView::Drawing::draw_header(const Node& header) {
  const Box box = layout_.head_line(find("notice-bar") != nullptr);
  const Box line = name_line(header, box);
  const Facts facts = facts_of(header, painter_.labels(), box);
  const Box* fact = facts.boxes.data();
  for (const Node& node : header.children) {
    if (node.id == "back-to-types") {
      draw_button({box.x - 10, box.y - 2, kTouch, kTouch}, node);
    } else if (node.id == "title") {
      if (node.busy)
        painter_.fill({line.x, line.y + 5, std::min(220.0F, line.width), 18}, Token::skeleton, 6);
      else
        painter_.text(line, node.text, {kTitle, Token::text});
    } else if (node.id == "about") {
      draw_about(node, box.y + 31 + kFactLine * static_cast<float>(std::max(facts.lines, 1)) + 6, about_lines(facts));
    } else {
      const Box place = *fact++;
      painter_.icon({place.x, place.y, 16, place.height}, node.icon, Token::text_muted);
      painter_.text({place.x + 22, place.y, place.width - 22, place.height}, fact_text(node), {kFact, Token::text_muted});
    }
  }
}

// When opened, the description uses the space of days and times, and may be longer than that.
void ScreenView::Drawing::draw_about(const Node& about, float top, int lines) {
  const Node& text = about.children.front();
  const Ink ink{kAboutText, Token::text_muted};
  Box area{layout_.header.x, top, layout_.header.width, kAboutLine * static_cast<float>(lines)};
  if (about.children.size() == 1) {
    painter_.paragraph(area, text.text, ink);
    return;
  }
  const Node& more = about.children[1];
  const float width = painter_.labels().width_of(more.text, kSmallStrong) + 16;
  if (!*more.expanded) {
    painter_.paragraph(area, text.text, ink);
    draw_button({area.right() - width + 8, area.bottom() - (kAboutLine + kTouch) / 2, width, kTouch}, more);
    return;
  }
  area.height = layout_.footer.y - area.y - kTouch - 8;
  Pane& pane = view_.surface_.list;
  Box moved = begin_scrolling(pane, about.id, area);
  moved.height = 1e6F;
  const float content = painter_.paragraph(moved, text.text, {kBody, Token::text}) - moved.y;
  end_scrolling(pane, area, content);
  draw_button({area.x - 8, area.y + std::min(content, area.height) + 4, width, kTouch}, more);
}

void ScreenView::Drawing::draw_notice(const Node& bar) {
  const Box box = layout_.notice;
  const Node& text = bar.children.front();
  const bool is_warning = text.look == Look::warning;
  painter_.fill(box, is_warning ? Token::warning : Token::notice, view_.radius_);
  const Token ink = is_warning ? Token::on_warning : Token::text_muted;
  float right = box.right() - 12;
  if (bar.children.size() > 1) {
    const Node& retry = bar.children[1];
    const float width = painter_.labels().width_of(retry.text, kSmallStrong) + 24;
    draw_button({box.right() - width, box.y, width, box.height}, retry);
    right = box.right() - width - 4;
  }
  const float inner = right - box.x - 12;
  // Two small lines are better than a truncated sentence.
  if (painter_.labels().width_of(text.text, kSmall) <= inner)
    painter_.text({box.x + 12, box.y, inner, box.height}, text.text, {kSmall, ink});
  else
    painter_.paragraph({box.x + 12, box.y + 4, inner, box.height - 4}, text.text, {kSmall, ink});
}

void ScreenView::Drawing::draw_page_bar(const Node& bar) {
  Box box = layout_.month_bar;
  if (!has_times_beside()) box.width = layout_.body.width;  // lists and columns use the whole width
  // The name has the same width whether the Today button is there or not.
  const float today = box.width < 440 ? kTouch : 100;
  for (const Node& node : bar.children) {
    if (node.kind == Kind::heading)
      draw_page_name({box.x, box.y, box.width - 2 * kTouch - today, box.height}, node.children.front());
    else if (node.icon == Icon::today)
      draw_button({box.right() - 2 * kTouch - today, box.y, today, kTouch}, node);
    else if (node.icon == Icon::previous)
      draw_button({box.right() - 2 * kTouch, box.y, kTouch, kTouch}, node);
    else if (node.icon == Icon::next)
      draw_button({box.right() - kTouch, box.y, kTouch, kTouch}, node);
  }
}

// A week that spans two months, or an ambiguous hour with its offset, may not fit on a phone: then the text is smaller, and if
// necessary on two lines.
void ScreenView::Drawing::draw_name(Box box, std::string_view name, Ink ink) {
  constexpr TextStyle kTight{13, 600};
  const auto fits = [&](TextStyle style) { return painter_.labels().width_of(name, style) <= box.width; };
  if (!fits(ink.style)) {
    ink.style = kTight;
    if (!fits(kTight)) {
      painter_.paragraph(box.inset(0, (box.height - 36) / 2), name, ink);
      return;
    }
  }
  painter_.text(box, name, ink);
}

void ScreenView::Drawing::draw_page_name(Box box, const Node& name) {
  constexpr float kArrow = 24;
  const Box text{box.x, box.y, std::min(painter_.labels().width_of(name.text, kHeading), box.width - kArrow), box.height};
  // The text is aligned with the title above; the button extends a little further.
  const float before = std::min(6.0F, box.x);
  box = {box.x - before, box.y, before + text.width + kArrow, box.height};
  if (hit(box, name)) painter_.fill(box.inset(0, 4), Token::hover, view_.radius_);
  draw_name(text, name.text, {kHeading, Token::text});
  painter_.icon({text.right(), box.y, kArrow, box.height}, name.icon, Token::text_muted);
  draw_ring(box.inset(0, 4), name, view_.radius_);
}

// Shown when there is nothing to pick: a sentence, an instruction, one button.
void ScreenView::Drawing::draw_panel(Box area, const Node& panel) {
  const bool is_column = area.width < 400;
  const float width = std::min(area.width, 420.0F);
  const Box box{is_column ? area.x : area.x + (area.width - width) / 2, area.y, width, area.height};
  const Align align = is_column ? Align::start : Align::centre;
  float y = area.y + (is_column ? 12.0F : std::min(96.0F, area.height / 5));
  for (const Node& node : panel.children) {
    if (node.kind == Kind::button || node.kind == Kind::link) {
      const float wanted = std::min(box.width, painter_.labels().width_of(node.text, kStrong) + 48);
      draw_button({is_column ? box.x : box.x + (box.width - wanted) / 2, y + 12, wanted, kTouch}, node);
      y += kTouch + 24;
    } else {
      const bool is_main = node.look != Look::muted;
      y = painter_.paragraph({box.x, y, box.width, area.bottom() - y}, node.text,
                             {is_main ? kHeading : kBody, is_main ? Token::text : Token::text_muted, align}) +
          8;
    }
  }
}

void ScreenView::Drawing::draw_footer(const Node& footer) {
  const Box box = layout_.footer;
  painter_.line(box.x, box.right(), box.y, Token::border);
  float right = box.right();
  for (const Node& node : footer.children) {
    if (node.id != "hours") continue;
    // Two choices in one frame.
    float width = 48;
    for (const Node& choice : node.children) width = std::max(width, painter_.labels().width_of(choice.text, kSmallStrong) + 20);
    Box frame{right - 2 * width, box.y + 8, 2 * width, kTouch};
    painter_.fill(frame.inset(0, 4), Token::hover, view_.radius_);
    Box half{frame.x, frame.y, width, frame.height};
    for (const Node& choice : node.children) {
      const bool is_hovered = hit(half, choice);
      const bool is_on = choice.pressed.value_or(false);
      const Box inner = half.inset(3, 7);
      if (is_on) {
        painter_.fill(inner, Token::background, view_.radius_ - 3);
        painter_.outline(inner.inset(0.5F, 0.5F), Token::border, view_.radius_ - 3);
      }
      painter_.text(half, choice.text, {kSmallStrong, is_on || is_hovered ? Token::text : Token::text_muted, Align::centre});
      draw_ring(inner, choice, view_.radius_ - 3);
      half.x += width;
    }
    right = frame.x - 6;
  }
  const Node& zone = footer.children.front();
  const float width = std::min(right - box.x, painter_.labels().width_of(zone.text, kBody) + 42);
  const Box place{box.x - 4, box.y + 8, width, kTouch};
  const bool is_hovered = hit(place, zone);
  if (is_hovered) painter_.fill(place.inset(0, 3), Token::hover, view_.radius_);
  painter_.icon({place.x + 8, place.y, 16, place.height}, zone.icon, Token::text_muted);
  painter_.text({place.x + 32, place.y, place.width - 36, place.height}, zone.text, {kBody, Token::text});
  draw_ring(place.inset(0, 3), zone, view_.radius_);
}

void ScreenView::Drawing::draw_button(Box box, const Node& node) {
  const bool is_hovered = hit(box, node);
  const float radius = std::min(view_.radius_, box.height / 2);
  switch (node.look) {
    case Look::primary:
      painter_.fill(box, is_hovered ? Token::primary_hover : Token::primary, radius);
      painter_.text(box.inset(8, 0), node.text, {kStrong, Token::on_primary, Align::centre});
      break;
    case Look::icon:
      if (is_hovered) painter_.fill(box.inset(3, 3), Token::hover, radius);
      painter_.icon(box, node.icon, node.disabled ? Token::text_faint : Token::text);
      break;
    case Look::quiet:
      if (is_hovered) painter_.fill(box.inset(3, 5), Token::hover, radius);
      if (node.icon != Icon::nothing && painter_.labels().width_of(node.text, kSmallStrong) > box.width - 8)
        painter_.icon(box, node.icon, Token::primary_strong);
      else
        painter_.text(box.inset(4, 0), node.text, {kSmallStrong, Token::primary_strong, Align::centre});
      break;
    default:
      painter_.outline(box.inset(0.5F, 0.5F), Token::border, radius);
      painter_.text(box.inset(8, 0), node.text, {kStrong, Token::text, Align::centre});
  }
  draw_ring(node.look == Look::icon ? box.inset(3, 3) : box, node, radius);
}

}  // namespace slotwire::web
