#include "web/view/drawing.h"

#include <algorithm>
#include <cmath>

namespace slotwire::web {
namespace {

constexpr TextStyle kTitle{20, 600};
constexpr TextStyle kHeading{16, 600};
constexpr TextStyle kBody{15, 400};
constexpr TextStyle kStrong{15, 600};
constexpr TextStyle kSmall{13, 400};
constexpr TextStyle kSmallStrong{13, 500};
constexpr float kGap = 8;

bool has_prefix(std::string_view id, std::string_view prefix) { return id.substr(0, prefix.size()) == prefix; }

}  // namespace

void ScreenView::Drawing::draw() {
  const Node* dialog = find("zone-dialog");
  is_covered_ = dialog != nullptr;
  view_.surface_.is_dialog_open = is_covered_;
  for (const Node& node : screen_.root.children) {
    if (node.id == "header") draw_header(node);
    else if (node.id == "notice-bar") draw_notice(node);
    else if (node.id == "month-bar") draw_month_bar(node);
    else if (node.id == "calendar") draw_calendar(node);
    else if (node.id == "times") draw_times(node);
    else if (node.id == "day-list") draw_day_list(node);
    else if (node.id == "type-list") draw_type_list(node);
    else if (node.id == "state") draw_panel(layout_.body, node);
    else if (node.id == "footer") draw_footer(node);
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

template <class Draw>
void ScreenView::Drawing::draw_scrolling(Pane& pane, std::string key, Box area, Draw draw) {
  if (pane.key != key) {
    pane.key = std::move(key);
    pane.offset = 0;
  }
  pane.box = painter_.mirrored(area);
  pane.offset = std::clamp(pane.offset, 0.0F, pane.limit());
  // Room at the sides for focus rings.
  painter_.clip({area.x - 4, area.y, area.width + 8, area.height});
  Box moved = area;
  moved.y -= pane.offset;
  const float bottom = draw(moved);
  painter_.unclip();
  pane.content = bottom - moved.y;
  if (pane.limit() > 0) {
    const float size = std::max(28.0F, area.height * area.height / pane.content);
    const float y = area.y + (area.height - size) * std::min(1.0F, pane.offset / pane.limit());
    painter_.fill({area.right() + 6, y, 4, size}, Token::border, 2);
  }
}

void ScreenView::Drawing::reveal_in(Pane& pane, Box area, Box item, const Node& node) {
  if (view_.revealed_.empty() || view_.revealed_ != node.id) return;
  if (item.y < area.y) pane.offset -= area.y - item.y;
  else if (item.bottom() > area.bottom()) pane.offset += item.bottom() - area.bottom();
}

void ScreenView::Drawing::draw_header(const Node& header) {
  Box box = layout_.header;
  if (layout_.is_wide && find("notice-bar")) box.width = layout_.notice.x - box.x - 16;
  float x = box.x;
  for (const Node& node : header.children) {
    if (node.id == "back-to-types") {
      draw_button({x - 10, box.y - 2, kTouch, kTouch}, node);
      x += kTouch - 4;
    } else if (node.id == "title") {
      const Box line{x, box.y, box.right() - x, 28};
      if (node.busy) painter_.fill({x, box.y + 5, std::min(220.0F, line.width), 18}, Token::skeleton, 6);
      else painter_.text(line, node.text, {kTitle, Token::text});
    } else if (node.id == "meta") {
      painter_.icon({x, box.y + 32, 16, 20}, node.icon, Token::text_muted);
      painter_.text({x + 22, box.y + 32, box.right() - x - 22, 20}, node.text, {kBody, Token::text_muted});
    }
  }
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
  // Two small lines rather than a cut sentence.
  if (painter_.labels().width_of(text.text, kSmall) <= inner) painter_.text({box.x + 12, box.y, inner, box.height}, text.text, {kSmall, ink});
  else painter_.paragraph({box.x + 12, box.y + 4, inner, box.height - 4}, text.text, {kSmall, ink});
}

void ScreenView::Drawing::draw_month_bar(const Node& bar) {
  Box box = layout_.month_bar;
  const Node* calendar = find("calendar");
  if (!calendar) box.width = layout_.body.width;  // the list view has the whole width
  for (const Node& node : bar.children) {
    if (node.kind == Kind::heading) painter_.text({box.x + 6, box.y, box.width - 100, box.height}, node.text, {kHeading, Token::text});
    else if (node.id == "previous-month") draw_button({box.right() - 2 * kTouch, box.y, kTouch, kTouch}, node);
    else if (node.id == "next-month") draw_button({box.right() - kTouch, box.y, kTouch, kTouch}, node);
  }
}

void ScreenView::Drawing::draw_calendar(const Node& grid) {
  const Box area = layout_.days;
  const float column = area.width / 7;
  float y = area.y;
  for (const Node& row : grid.children) {
    float x = area.x;
    if (row.id == "weekdays") {
      for (const Node& name : row.children) {
        painter_.text({x, layout_.weekdays.y, column, layout_.weekdays.height}, name.text, {kSmallStrong, Token::text_muted, Align::centre});
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
  // The whole place can be hit; the mark inside leaves a gap to its neighbours.
  const bool is_hovered = hit(place, cell);
  const float width = std::min(place.width - 4, 56.0F);
  const float height = std::min(place.height - 4, 52.0F);
  const Box mark{place.x + (place.width - width) / 2, place.y + (place.height - height) / 2, width, height};
  const float radius = std::min(view_.radius_, height / 2);
  Ink ink{kBody, Token::text_faint, Align::centre};
  switch (cell.look) {
    case Look::free:
      painter_.fill(mark, is_hovered ? Token::primary_soft_hover : Token::primary_soft, radius);
      ink = {kStrong, Token::primary_strong, Align::centre};
      break;
    case Look::unknown:
      if (cell.busy) painter_.fill(mark, Token::skeleton, radius);
      else painter_.outline(mark.inset(0.5F, 0.5F), is_hovered ? Token::text_muted : Token::border, radius);
      ink.colour = Token::text_muted;
      break;
    case Look::none: ink.colour = Token::text_muted; break;
    default: break;
  }
  if (cell.selected) {
    painter_.fill(mark, is_hovered ? Token::primary_hover : Token::primary, radius);
    ink = {kStrong, Token::on_primary, Align::centre};
  }
  painter_.text(mark, cell.text, ink);
  if (cell.current) painter_.dot(mark.x + mark.width / 2, mark.bottom() - 7, 2, cell.look == Look::free || cell.selected ? ink.colour : Token::primary);
  draw_ring(mark, cell, radius);
}

void ScreenView::Drawing::draw_times(const Node& times) {
  const Box area = layout_.times;
  if (layout_.is_wide) {
    const float x = (layout_.days.right() + area.x) / 2;
    painter_.upright(x, area.y + 6, area.bottom() - 6, Token::border);
  } else {
    painter_.line(area.x, area.right(), area.y, Token::border);
  }
  float y = area.y + (layout_.is_wide ? 0.0F : 4.0F);
  for (const Node& node : times.children) {
    const Box rest{area.x, y, area.width, area.bottom() - y - 4};
    if (node.id == "times-title") {
      painter_.text({rest.x + (layout_.is_wide ? 0.0F : 6.0F), rest.y, rest.width - 6, kTouch}, node.text, {kHeading, Token::text});
      y += kTouch;
    } else if (node.kind == Kind::list) {
      y = draw_time_list(rest, node);
    } else if (node.id == "times-loading") {
      if (times.children.size() == 1) {
        painter_.fill({rest.x + 6, rest.y + 14, 120, 16}, Token::skeleton, 6);
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
  // Narrow: chips side by side, and Book now as a bar of its own under the thumb.
  const Node* book = nullptr;
  if (!layout_.is_wide) {
    for (const Node& item : list.children)
      if (item.children.size() > 1) book = &item.children[1];
    if (book) area.height -= kTouch + kGap;
  }
  const float columns = layout_.is_wide ? 1 : std::max(1.0F, std::floor((area.width + kGap) / 112));
  const float width = (area.width - (columns - 1) * kGap) / columns;
  const std::string key = list.children.front().id.substr(0, 8) + list.label;
  draw_scrolling(view_.surface_.list, key, area, [&](Box moved) {
    float column = 0, y = moved.y + 4;
    for (const Node& item : list.children) {
      const Box row{moved.x + column * (width + kGap), y, width, kTouch};
      draw_time_row(row, item);
      for (const Node& child : item.children) reveal_in(view_.surface_.list, area, row, child);
      column += 1;
      if (column >= columns) {
        column = 0;
        y += kTouch + kGap;
      }
    }
    return column > 0 ? y + kTouch + 4 : y - kGap + 4;
  });
  if (book) draw_button({area.x, area.bottom() + kGap, area.width, kTouch}, *book);
  return area.bottom();
}

void ScreenView::Drawing::draw_time_row(Box row, const Node& item) {
  const Node& time = item.children.front();
  const bool is_chosen = time.pressed.value_or(false);
  const float radius = std::min(view_.radius_, row.height / 2);
  Box box = row;
  if (is_chosen && layout_.is_wide) {
    box.width = (row.width - kGap) / 2;
    draw_button({row.x + box.width + kGap, row.y, box.width, row.height}, item.children[1]);
  }
  const bool is_hovered = hit(box, time);
  Ink ink{kStrong, Token::primary_strong, Align::centre};
  if (is_chosen && !layout_.is_wide) {
    painter_.fill(box, is_hovered ? Token::primary_hover : Token::primary, radius);
    ink.colour = Token::on_primary;
  } else if (is_chosen) {
    painter_.fill(box, Token::hover, radius);
    painter_.outline(box.inset(0.5F, 0.5F), Token::border, radius);
    ink.colour = Token::text;
  } else {
    if (is_hovered) painter_.fill(box, Token::primary_soft, radius);
    painter_.outline(box.inset(0.5F, 0.5F), is_hovered ? Token::primary : Token::border, radius);
  }
  if (time.hint.empty()) {
    painter_.text(box.inset(6, 0), time.text, ink);
  } else {
    painter_.text({box.x + 6, box.y + 5, box.width - 12, 18}, time.text, ink);
    painter_.text({box.x + 6, box.y + 23, box.width - 12, 16}, time.hint, {{12, 400}, is_chosen ? ink.colour : Token::text_muted, Align::centre});
  }
  draw_ring(box, time, radius);
}

void ScreenView::Drawing::draw_placeholders(Box area) {
  const float columns = layout_.is_wide ? 1 : std::max(1.0F, std::floor((area.width + kGap) / 112));
  const float width = (area.width - (columns - 1) * kGap) / columns;
  for (int i = 0; i < (layout_.is_wide ? 5 : 2 * static_cast<int>(columns)); ++i) {
    const float row = std::floor(static_cast<float>(i) / columns), column = static_cast<float>(i) - row * columns;
    painter_.fill({area.x + column * (width + kGap), area.y + 4 + row * (kTouch + kGap), width, kTouch}, Token::skeleton, view_.radius_);
  }
}

// What to say when there is nothing to pick: a sentence, what to do, one button.
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
                             {is_main ? kHeading : kBody, is_main ? Token::text : Token::text_muted, align}) + 8;
    }
  }
}

void ScreenView::Drawing::draw_day_list(const Node& list) {
  Box area = layout_.body;
  area.y += kTouch + 4;
  area.height -= kTouch + 8;
  if (list.children.empty() || !has_prefix(list.children.front().id, "section:")) {
    draw_panel(area, list);
    return;
  }
  const std::string key = list.children.front().id;
  draw_scrolling(view_.surface_.list, key, area, [&](Box moved) {
    float y = moved.y;
    for (const Node& section : list.children) {
      for (const Node& node : section.children) {
        if (node.kind == Kind::heading) {
          painter_.text({moved.x + 6, y + 8, moved.width - 12, 32}, node.text, {kHeading, Token::text});
          y += kTouch;
          continue;
        }
        for (const Node& row : node.children) {
          const Box box{moved.x, y, moved.width, 56};
          if (box.bottom() > area.y && box.y < area.bottom()) {
            const Node& range = row.children.front();
            const Node& book = row.children.back();
            const float width = painter_.labels().width_of(book.text, kStrong) + 32;
            painter_.line(box.x, box.right(), box.bottom() - 1, Token::border);
            painter_.text({box.x + 6, box.y, box.width - width - 18, box.height}, range.text, {kBody, Token::text});
            draw_button({box.right() - width - 2, box.y + 6, width, kTouch}, book);
          }
          reveal_in(view_.surface_.list, area, box, row.children.back());
          y += box.height;
        }
      }
      y += 8;
    }
    return y;
  });
}

void ScreenView::Drawing::draw_type_list(const Node& list) {
  Box area = layout_.body;
  if (list.busy) {
    for (int i = 0; i < 3; ++i)
      painter_.fill({area.x, area.y + static_cast<float>(i) * 80, area.width, 68}, Token::skeleton, view_.radius_);
    return;
  }
  area.height = layout_.all.height - area.y - 16;
  draw_scrolling(view_.surface_.list, list.id, area, [&](Box moved) {
    float y = moved.y + 4;
    for (const Node& item : list.children) {
      const Node& type = item.children.front();
      const Box box{moved.x, y, moved.width, 68};
      const bool is_hovered = hit(box, type);
      if (is_hovered) painter_.fill(box, Token::hover, view_.radius_);
      painter_.outline(box.inset(0.5F, 0.5F), is_hovered ? Token::primary : Token::border, view_.radius_);
      painter_.text({box.x + 18, box.y + 13, box.width - 64, 22}, type.text, {kHeading, Token::text});
      painter_.text({box.x + 18, box.y + 37, box.width - 64, 18}, type.hint, {kSmall, Token::text_muted});
      painter_.icon({box.right() - 40, box.y, 28, box.height}, type.icon, Token::text_muted);
      draw_ring(box, type, view_.radius_);
      reveal_in(view_.surface_.list, area, box, type);
      y += 68 + 12;
    }
    return y - 8;
  });
}

void ScreenView::Drawing::draw_footer(const Node& footer) {
  const Box box = layout_.footer;
  painter_.line(box.x, box.right(), box.y, Token::border);
  float right = box.right();
  for (const Node& node : footer.children) {
    if (node.id != "hours") continue;
    // A pair of choices in one frame.
    const float width = 48;
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

void ScreenView::Drawing::draw_zone_dialog(const Node& dialog) {
  painter_.fill(layout_.all, Token::shadow);
  const float margin = layout_.is_wide ? 32.0F : 12.0F;
  const float width = std::min(layout_.all.width - 2 * margin, 440.0F);
  const float height = std::min(layout_.all.height - 2 * margin, 520.0F);
  const Box box{(layout_.all.width - width) / 2, (layout_.all.height - height) / 2, width, height};
  painter_.fill(box.inset(-1, -1), Token::border, 15);
  painter_.fill(box, Token::surface, 14);
  // A click beside the dialog closes it; one on its bare ground does nothing.
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
      view_.field_ = {node.id, static_cast<int>(shown.x), static_cast<int>(shown.y), static_cast<int>(shown.width), static_cast<int>(shown.height)};
    } else if (node.kind == Kind::status) {
      painter_.paragraph({area.x + 4, area.y + 12, area.width, 80}, node.text, {kBody, Token::text_muted});
    } else if (node.kind == Kind::progress) {
      for (int i = 0; i < 5; ++i) painter_.fill({area.x + 4, area.y + 12 + static_cast<float>(i) * kTouch, area.width * 0.6F, 16}, Token::skeleton, 6);
    } else if (node.kind == Kind::listbox) {
      // A fresh list opens at the zone that is in use.
      const auto chosen = std::find_if(node.children.begin(), node.children.end(), [](const Node& option) { return option.selected; });
      const std::string key = "zones:" + dialog.children[2].value;
      const bool is_fresh = view_.surface_.dialog.key != key;
      const float wanted = static_cast<float>(chosen - node.children.begin()) * kTouch - area.height / 2;
      draw_scrolling(view_.surface_.dialog, key, area, [&](Box moved) {
        const float top = moved.y;
        if (is_fresh && chosen != node.children.end() && wanted > 0) {
          view_.surface_.dialog.offset = wanted;
          moved.y -= wanted;
        }
        float y = moved.y;
        for (const Node& option : node.children) {
          const Box row{moved.x, y, moved.width, kTouch};
          reveal_in(view_.surface_.dialog, area, row, option);
          y += kTouch;
          if (row.bottom() < area.y || row.y > area.bottom()) continue;  // hundreds of zones: text is made for what is seen
          const bool is_hovered = hit(row, option);
          if (option.selected) painter_.fill(row, Token::primary_soft, view_.radius_);
          else if (is_hovered) painter_.fill(row, Token::hover, view_.radius_);
          painter_.text({row.x + 12, row.y, row.width - 52, row.height}, option.text, {option.selected ? kStrong : kBody, option.selected ? Token::primary_strong : Token::text});
          if (option.selected) painter_.icon({row.right() - 36, row.y, 24, row.height}, Icon::check, Token::primary_strong);
          draw_ring(row.inset(3, 3), option, view_.radius_ - 3);
        }
        return top + static_cast<float>(node.children.size()) * kTouch;
      });
    }
  }
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
      painter_.text(box.inset(4, 0), node.text, {kSmallStrong, Token::primary_strong, Align::centre});
      break;
    default:
      painter_.outline(box.inset(0.5F, 0.5F), Token::border, radius);
      painter_.text(box.inset(8, 0), node.text, {kStrong, Token::text, Align::centre});
  }
  draw_ring(node.look == Look::icon ? box.inset(3, 3) : box, node, radius);
}

}  // namespace slotwire::web
