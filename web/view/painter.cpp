#include "web/view/painter.h"

#include <algorithm>
#include <cmath>

#include "imgui.h"

namespace slotwire::web {
namespace {

ImVec2 top_left(Box box) { return {box.x, box.y}; }
ImVec2 bottom_right(Box box) { return {box.right(), box.bottom()}; }

}  // namespace

// Tokens are 0xRRGGBBAA; vertices store the bytes R, G, B, A in memory.
std::uint32_t Painter::colour(Token token) const {
  const std::uint32_t rgba = theme_.colour(token);
  return (rgba >> 24) | ((rgba >> 8) & 0xff00U) | ((rgba << 8) & 0xff0000U) | (rgba << 24);
}

float Painter::snapped(float value) const { return std::round(value * pixel_ratio_) / pixel_ratio_; }

Box Painter::mirrored(Box box) const {
  if (right_to_left_) box.x = width_ - box.x - box.width;
  return box;
}

void Painter::fill(Box box, Token token, float radius) {
  box = mirrored(box);
  list_.AddRectFilled(top_left(box), bottom_right(box), colour(token), radius);
}

void Painter::outline(Box box, Token token, float radius, float thickness) {
  box = mirrored(box);
  list_.AddRect(top_left(box), bottom_right(box), colour(token), radius, 0, thickness);
}

void Painter::dot(float x, float y, float radius, Token token) {
  const Box box = mirrored({x, y, 0, 0});
  list_.AddCircleFilled({box.x, box.y}, radius, colour(token));
}

void Painter::dot(float x, float y, float radius, std::string_view color) {
  if (color.size() != 7) return;
  std::uint32_t bytes = 0;
  for (const char digit : color.substr(1)) {
    const std::uint32_t letter = static_cast<unsigned char>(digit) | 0x20U;
    bytes = bytes * 16 + (letter >= 'a' ? letter - 'a' + 10 : letter - '0');
  }
  const Box box = mirrored({x, y, 0, 0});
  list_.AddCircleFilled({box.x, box.y}, radius,
                        0xff000000U | (bytes >> 16 & 0xffU) | (bytes & 0xff00U) | (bytes << 16 & 0xff0000U));
}

void Painter::line(float x0, float x1, float y, Token token) { fill({x0, snapped(y), x1 - x0, 1 / pixel_ratio_}, token); }

void Painter::upright(float x, float y0, float y1, Token token) { fill({snapped(x), y0, 1 / pixel_ratio_, y1 - y0}, token); }

void Painter::text(Box box, std::string_view text, const Ink& ink) {
  if (text.empty() || box.width <= 0) return;
  box = mirrored(box);
  const RasterisedText* drawn = labels_.find(text, ink.style, box.width + 0.5F);
  if (!drawn || drawn->width <= 0) return;
  float pen = box.x;
  if (ink.align == Align::centre)
    pen += (box.width - drawn->advance) / 2;
  else if ((ink.align == Align::end) != right_to_left_)
    pen += box.width - drawn->advance;
  const float x = snapped(pen) + drawn->left;
  const float y = snapped(box.y + (box.height - ink.style.size) / 2) + drawn->top;
  const ImVec2 end{x + drawn->width / pixel_ratio_, y + drawn->height / pixel_ratio_};
  const auto put = [&](float below, std::uint32_t tint) {
    const float top = drawn->y + below;
    list_.PrimReserve(6, 4);
    list_.PrimRectUV({x, y}, end, {drawn->x / kAtlasSide, top / kAtlasSide},
                     {(drawn->x + drawn->width) / kAtlasSide, (top + drawn->height) / kAtlasSide}, tint);
  };
  put(0, colour(ink.colour));
  if (drawn->own > 0) put(drawn->own, ~0U);
}

float Painter::paragraph(Box box, std::string_view words, const Ink& ink) {
  const float leading = ink.style.size * 1.4F;
  float y = box.y;
  const std::vector<std::string> lines = labels_.wrapped(words, ink.style, box.width);
  for (std::size_t i = 0; i < lines.size() && y + leading <= box.bottom() + 1; ++i) {
    const bool is_cut = i + 1 < lines.size() && y + 2 * leading > box.bottom() + 1;
    text({box.x, y, box.width, leading}, is_cut ? lines[i] + ' ' + lines[i + 1] : lines[i], ink);
    y += leading;
  }
  return y;
}

// Strokes on a 16 px grid, centred in the box.
void Painter::icon(Box box, Icon shape, Token token) {
  box = mirrored(box);
  const float x = snapped(box.x + box.width / 2), y = snapped(box.y + box.height / 2);
  const float forward = right_to_left_ ? -1.0F : 1.0F;
  const std::uint32_t ink = colour(token);
  constexpr float kStroke = 1.6F;
  const auto stroke = [&](std::initializer_list<ImVec2> points) {
    for (const ImVec2& point : points) list_.PathLineTo({x + point.x, y + point.y});
    list_.PathStroke(ink, 0, kStroke);
  };
  switch (shape) {
    case Icon::previous:
      stroke({{3 * forward, -5.5F}, {-2.5F * forward, 0}, {3 * forward, 5.5F}});
      break;
    case Icon::next:
      stroke({{-3 * forward, -5.5F}, {2.5F * forward, 0}, {-3 * forward, 5.5F}});
      break;
    case Icon::back:
      stroke({{6 * forward, 0}, {-6 * forward, 0}});
      stroke({{-1 * forward, -5}, {-6 * forward, 0}, {-1 * forward, 5}});
      break;
    case Icon::close:
      stroke({{-5, -5}, {5, 5}});
      stroke({{5, -5}, {-5, 5}});
      break;
    case Icon::check:
      stroke({{-5.5F, 0.5F}, {-1.5F, 4.5F}, {5.5F, -4}});
      break;
    case Icon::unfold:
      stroke({{-4, -1.5F}, {0, 2.5F}, {4, -1.5F}});
      break;
    case Icon::today:
      list_.AddRect({x - 6.5F, y - 6}, {x + 6.5F, y + 6.5F}, ink, 2.5F, 0, 1.4F);
      stroke({{-6, -2.5F}, {6, -2.5F}});
      list_.AddCircleFilled({x, y + 2}, 1.8F, ink);
      break;
    case Icon::clock:
      list_.AddCircle({x, y}, 6.5F, ink, 0, 1.4F);
      stroke({{0, -3.5F}, {0, 0}, {2.5F, 1.5F}});
      break;
    case Icon::globe:
      list_.AddCircle({x, y}, 7, ink, 0, 1.4F);
      list_.PathClear();
      for (int i = 0; i < 24; ++i) {
        const float angle = static_cast<float>(i) * 0.2617994F;
        list_.PathLineTo({x + 3 * std::cos(angle), y + 7 * std::sin(angle)});
      }
      list_.PathStroke(ink, ImDrawFlags_Closed, 1.2F);
      list_.AddLine({x - 7, y}, {x + 7, y}, ink, 1.2F);
      break;
    case Icon::person:
      list_.AddCircle({x, y - 3.5F}, 3, ink, 0, 1.4F);
      stroke({{-5.5F, 6.5F}, {-4.8F, 3.5F}, {-2.5F, 2}, {2.5F, 2}, {4.8F, 3.5F}, {5.5F, 6.5F}});
      break;
    case Icon::pin:
      stroke({{0, 7}, {-3.8F, 2}, {-4.8F, -1}, {-4, -4}, {-1.8F, -6.2F}, {1.8F, -6.2F}, {4, -4}, {4.8F, -1}, {3.8F, 2}, {0, 7}});
      list_.AddCircleFilled({x, y - 1.5F}, 1.8F, ink);
      break;
    case Icon::nothing:
      break;
  }
}

Box Painter::visible(Box box) const {
  box = mirrored(box);
  const ImVec2 low = list_.GetClipRectMin(), high = list_.GetClipRectMax();
  const float left = std::max(box.x, low.x), top = std::max(box.y, low.y);
  return {left, top, std::max(0.0F, std::min(box.right(), high.x) - left), std::max(0.0F, std::min(box.bottom(), high.y) - top)};
}

void Painter::clip(Box box) {
  box = mirrored(box);
  list_.PushClipRect(top_left(box), bottom_right(box), true);
}

void Painter::unclip() { list_.PopClipRect(); }

}  // namespace slotwire::web
