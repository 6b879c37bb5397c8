#include "web/model/screen.h"

#include <catch_amalgamated.hpp>

#include "web/model/action.h"
#include "web/model/words.h"

namespace slotwire::web {

TEST_CASE("json_from_screen: what is empty or false is left out", "[web][screen]") {
  Screen screen{.right_to_left = true, .focus = "day:2026-01-06"};
  screen.root.label = "Choose <a> time";
  Node& day = screen.root.add("day:2026-01-06", Kind::gridcell, "6");
  day.look = Look::free;
  day.selected = true;
  day.tabstop = true;
  Node& next = screen.root.add("next-month", Kind::button);
  next.icon = Icon::next;
  next.pressed = false;
  CHECK(json_from_screen(screen) ==
        R"({"dir":"rtl","focus":"day:2026-01-06","root":{"id":"picker","kind":"group","label":"Choose \u003ca\u003e time",)"
        R"("children":[{"id":"day:2026-01-06","kind":"gridcell","text":"6","look":"free","selected":true,"tabstop":true},)"
        R"({"id":"next-month","kind":"button","icon":"next","pressed":false}]}})");
}

TEST_CASE("json_from_actions: each in the form the page reads", "[web][action]") {
  using std::chrono::milliseconds;
  const Day first{std::chrono::days{20458}};  // 2026-01-05
  CHECK(json_from_actions({}) == "[]");
  CHECK(json_from_actions({FetchSlots{7, "30min", {first, first + std::chrono::days{31}}}}) ==
        R"([{"do":"fetch","id":7,"type":"30min","first":"2026-01-05","last":"2026-02-04"}])");
  CHECK(
      json_from_actions(
          {Book{"https://x/", Instant{milliseconds{1767708000000}}, Instant{milliseconds{1767709800000}}, "u", "Intro"},
           FetchTypes{}}) ==
      R"([{"do":"book","url":"https://x/","start":1767708000000,"end":1767709800000,"type":"u","name":"Intro"},{"do":"types"}])");
  CHECK(json_from_actions({FetchSlots{8, "30min", {first, first + std::chrono::days{1}}, true}}) ==
        R"([{"do":"fetch","id":8,"type":"30min","first":"2026-01-05","last":"2026-01-05","fresh":true}])");
  CHECK(json_from_actions({ShowField{}}) == R"([{"do":"field","id":""}])");
}

TEST_CASE("filled: placeholders in any order, hostile text untouched", "[web][words]") {
  CHECK(filled("{1} of {0}", "a", "b") == "b of a");
  CHECK(filled("{0}", "{1}", "no") == "{1}");
  CHECK(filled("{", "a") == "{");
}

}  // namespace slotwire::web
