#include "web/view/layout.h"

#include <catch_amalgamated.hpp>

namespace slotwire::web {
namespace {

bool is_inside(Box inner, Box outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() + 0.01F &&
         inner.bottom() <= outer.bottom() + 0.01F;
}

bool are_apart(Box a, Box b) {
  return a.right() <= b.x + 0.01F || b.right() <= a.x + 0.01F || a.bottom() <= b.y + 0.01F || b.bottom() <= a.y + 0.01F;
}

}  // namespace

TEST_CASE("layout_of: everything has its place at every width, and days are wide enough to touch", "[web][layout]") {
  const bool has_notice = GENERATE(false, true);
  const int weeks = GENERATE(1, 6);
  for (float width = 300; width < 1700; width += 7) {
    INFO(width);
    const Layout layout = layout_of(width, static_cast<float>(height_of(width)), has_notice, weeks);
    const Box boxes[] = {layout.header, layout.month_bar, layout.weekdays, layout.days, layout.times, layout.footer};
    for (const Box& box : boxes) REQUIRE(is_inside(box, layout.all));
    for (const Box& a : boxes)
      for (const Box& b : boxes)
        if (&a != &b) REQUIRE(are_apart(a, b));
    REQUIRE(is_inside(layout.times, layout.body));
    if (has_notice) REQUIRE(are_apart(layout.notice, layout.times));
    if (has_notice && !layout.is_wide) REQUIRE(are_apart(layout.notice, layout.footer));
    if (width >= 316) REQUIRE(layout.days.width / 7 >= kTouch);
    REQUIRE(layout.row >= kTouch);
    REQUIRE(layout.times.height >= 4 * kTouch);
  }
}

TEST_CASE("layout_of: a message moves no day and no time", "[web][layout]") {
  const float width = GENERATE(360.0F, 768.0F, 1280.0F);
  const Layout before = layout_of(width, static_cast<float>(height_of(width)), false);
  const Layout after = layout_of(width, static_cast<float>(height_of(width)), true);
  CHECK(before.month_bar == after.month_bar);
  CHECK(before.days == after.days);
  CHECK(before.times.y == after.times.y);
}

}  // namespace slotwire::web
