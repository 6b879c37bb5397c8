#pragma once
// Drawing operations of the view: fills, outlines, labels, icons and clipping. Boxes are given for a left-to-right page and
// mirrored here, so that no other file handles direction.
#include <string>
#include <string_view>

#include "web/model/screen.h"
#include "web/view/labels.h"
#include "web/view/layout.h"
#include "web/view/theme.h"

struct ImDrawList;

namespace slotwire::web {

enum class Align { start, centre, end };

struct Ink {
  TextStyle style;
  Token colour = Token::text;
  Align align = Align::start;
};

class Painter {
 public:
  // All borrowed while the painter exists.
  Painter(ImDrawList& list, Labels& labels, const Theme& theme, float width, float pixel_ratio, bool right_to_left)
      : list_(list), labels_(labels), theme_(theme), width_(width), pixel_ratio_(pixel_ratio), right_to_left_(right_to_left) {}

  void fill(Box box, Token colour, float radius = 0);
  void outline(Box box, Token colour, float radius, float thickness = 1);
  void dot(float x, float y, float radius, Token colour);
  void dot(float x, float y, float radius, std::string_view color);  // "#rrggbb"; draws nothing if invalid
  void line(float x0, float x1, float y, Token colour);              // one device pixel thick
  void upright(float x, float y0, float y1, Token colour);
  // One line, centred in the box's height, shortened to the box's width.
  void text(Box box, std::string_view text, const Ink& ink);
  // As many lines as fit into the box, from its top; the last one is shortened if more follow. Returns the y where it ends.
  float paragraph(Box box, std::string_view text, const Ink& ink);
  void icon(Box box, Icon icon, Token colour);

  // The visible part of `box`, in canvas coordinates.
  [[nodiscard]] Box visible(Box box) const;
  // Clips everything drawn to `box`, until the matching unclip.
  void clip(Box box);
  void unclip();

  [[nodiscard]] Box mirrored(Box box) const;
  [[nodiscard]] Labels& labels() { return labels_; }

 private:
  [[nodiscard]] std::uint32_t colour(Token token) const;
  [[nodiscard]] float snapped(float value) const;

  ImDrawList& list_;
  Labels& labels_;
  const Theme& theme_;
  float width_;
  float pixel_ratio_;
  bool right_to_left_;
};

}  // namespace slotwire::web
