#include "web/view/surface.h"

#include <catch_amalgamated.hpp>

namespace slotwire::web {
namespace {

Surface two_places() {
  Surface surface;
  surface.add({"a", {0, 0, 100, 44}});
  surface.add({"b", {0, 44, 100, 44}});
  return surface;
}

// A list 400 high in a box 100 high.
Surface long_list() {
  Surface surface = two_places();
  surface.list.box = {0, 0, 100, 100};
  surface.list.content = 400;
  return surface;
}

}  // namespace

TEST_CASE("Surface: edges belong to one place only, and later places cover earlier ones", "[web][surface]") {
  Surface surface = two_places();
  CHECK(surface.id_at(0, 43.9F) == "a");
  CHECK(surface.id_at(0, 44) == "b");
  CHECK(surface.id_at(100, 10) == "");
  surface.add({"", {0, 0, 50, 88}});
  CHECK(surface.id_at(10, 10) == "");
  CHECK(surface.id_at(60, 10) == "a");
}

TEST_CASE("Surface: a click is a press and a release on the same thing", "[web][surface]") {
  const PointerKind kind = GENERATE(PointerKind::mouse, PointerKind::touch);
  Surface surface = two_places();
  surface.press(kind, 10, 10);
  CHECK(surface.release(kind, 12, 12).activated == "a");
  CHECK(surface.release(kind, 12, 12).activated == "");  // a release without a press
  surface.press(kind, 10, 10);
  CHECK(surface.release(kind, 10, 60).activated == "");  // moved off the place
  surface.press(kind, 10, 10);
  surface.leave();
  CHECK(surface.release(kind, 10, 10).activated == "");
}

TEST_CASE("Surface: what was pressed must still be there", "[web][surface]") {
  Surface surface = two_places();
  surface.press(PointerKind::mouse, 10, 10);
  surface.clear();
  surface.add({"c", {0, 0, 100, 44}});
  CHECK(surface.release(PointerKind::mouse, 10, 10).activated == "");
}

TEST_CASE("Surface: a mouse hovers, a finger leaves nothing behind", "[web][surface]") {
  Surface surface = two_places();
  CHECK(surface.move(PointerKind::mouse, 10, 10).has_hover_changed);
  CHECK(surface.hovered() == "a");
  CHECK_FALSE(surface.move(PointerKind::mouse, 20, 10).has_hover_changed);
  CHECK(surface.leave().has_hover_changed);
  surface.press(PointerKind::touch, 10, 10);
  CHECK(surface.hovered() == "a");
  surface.release(PointerKind::touch, 10, 10);
  CHECK(surface.hovered() == "");
}

TEST_CASE("Surface: a finger pulls the list, and then does not tap", "[web][surface]") {
  Surface surface = long_list();
  CHECK(surface.press(PointerKind::touch, 10, 60).keeps_drag);
  surface.move(PointerKind::touch, 10, 55);
  CHECK(surface.list.offset == 0);  // still a tap
  surface.move(PointerKind::touch, 10, 40);
  surface.move(PointerKind::touch, 10, 10);
  CHECK(surface.list.offset == 30);
  surface.move(PointerKind::touch, 10, -900);
  CHECK(surface.list.offset == 300);
  CHECK(surface.release(PointerKind::touch, 10, 60).activated == "");
}

TEST_CASE("Surface: the page keeps touch and wheel unless a list inside can move", "[web][surface]") {
  Surface surface = long_list();
  CHECK_FALSE(surface.scroll(10, 10, -5));  // at its top
  CHECK(surface.scroll(10, 10, 5));
  CHECK(surface.scroll(10, 10, 1000));
  CHECK_FALSE(surface.scroll(10, 10, 5));    // at its end
  CHECK_FALSE(surface.scroll(150, 10, -5));  // beside it
  surface.list.content = 90;
  CHECK_FALSE(surface.scroll(10, 10, -5));
  CHECK_FALSE(surface.press(PointerKind::touch, 10, 10).keeps_drag);
}

TEST_CASE("Surface: under a dialog nothing scrolls", "[web][surface]") {
  Surface surface = long_list();
  surface.is_dialog_open = true;
  CHECK_FALSE(surface.scroll(10, 10, 5));
  surface.dialog.box = {0, 0, 50, 50};
  surface.dialog.content = 80;
  CHECK(surface.scroll(10, 10, 50));
  CHECK(surface.dialog.offset == 30);
  CHECK(surface.list.offset == 0);
}

}  // namespace slotwire::web
