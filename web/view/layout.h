#pragma once
// Positions of all parts, in CSS pixels: two layouts, each of a fixed height, so that nothing moves while slots arrive.
//
//   wide (from 640)                        narrow
//   +--------------------------------+     +------------------+
//   | title            notice, retry |     | title            |
//   | length                         |     | length           |
//   +-------------------+------------+     | month      <   > |
//   | month       <   > | day        |     | Mo Tu We Th ...  |
//   | Mo Tu We Th ...   | [ 14:00  ] |     | .. .. .. .. ..   |
//   | .. .. .. .. ..    | [ 14:30  ] |     | day              |
//   | .. .. .. .. ..    | [ 15:00  ] |     | [14:00] [14:30]  |
//   +-------------------+------------+     | [   Book now   ] |
//   | time zone              12h 24h |     | zone     12h 24h |
//   +--------------------------------+     +------------------+
//
// Boxes are for left-to-right pages; the painter mirrors them.

namespace slotwire::web {

struct Box {
  float x = 0, y = 0, width = 0, height = 0;

  bool operator==(const Box&) const = default;
  [[nodiscard]] float right() const { return x + width; }
  [[nodiscard]] float bottom() const { return y + height; }
  [[nodiscard]] bool contains(float px, float py) const { return px >= x && px < right() && py >= y && py < bottom(); }
  [[nodiscard]] Box inset(float dx, float dy) const { return {x + dx, y + dy, width - 2 * dx, height - 2 * dy}; }
};

// The loader's skeleton uses the same three numbers (web/embed).
inline constexpr float kWideFrom = 640;
inline constexpr int kWideHeight = 540;
inline constexpr int kNarrowHeight = 740;

inline constexpr float kTouch = 44;      // minimum side of anything that can be touched
inline constexpr float kFieldText = 15;  // text size of the textbox over the canvas

struct Layout {
  bool is_wide = false;
  Box all;
  Box header;
  Box notice;
  Box month_bar;
  Box weekdays;
  Box days;  // all rows of the calendar
  Box times;
  Box body;  // everything between header and footer
  Box footer;
  float row = 0;  // height of a week

  // The head's first line; it is shorter beside a notice.
  [[nodiscard]] Box head_line(bool has_notice) const {
    Box box = header;
    if (is_wide && has_notice) box.width = notice.x - box.x - 16;
    return box;
  }
};

[[nodiscard]] int height_of(float width);
// `head` is the height that the head needs beyond its name and one line (see view/head.h). `has_notice` reserves space for a
// notice in the narrow layout; `weeks` is the number of calendar rows: 6, or 1 for a single week.
[[nodiscard]] Layout layout_of(float width, float height, bool has_notice, int weeks = 6, float head = 0);

}  // namespace slotwire::web
