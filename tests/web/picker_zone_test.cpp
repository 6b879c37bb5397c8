// The zone in which times are shown: chosen by the visitor, or locked.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
namespace {

struct Zone : Bench {
  Zone() : Bench("2026-01-05T10:00:00Z") {
    free = {at("2026-01-07T14:00:00Z")};
    start();
    answer_all();
  }
  void lock(bool is_locked) {
    picker.set_option("timezone-lock", is_locked ? "true" : "");
    settle();
  }
};

}  // namespace

// For a meeting in a surgery in Boston, Boston's local time counts, whatever the browser's zone is.
TEST_CASE("Zone: locked it is said and not chosen, by press or by key", "[web][zone]") {
  Zone bench;
  REQUIRE(bench.find("zone")->kind == Kind::button);
  const std::string said = bench.find("zone")->text;
  bench.lock(true);
  const Node* zone = bench.find("zone");
  CHECK(zone->kind == Kind::group);
  CHECK(zone->text == said);
  CHECK(zone->label == "Time zone");
  CHECK_FALSE(zone->expanded);
  CHECK_FALSE(is_active(*zone));
  CHECK_FALSE(bench.activate("zone"));
  CHECK_FALSE(bench.activate("zone:Asia/Tokyo"));
  bench.picker.set_focus("zone");
  CHECK_FALSE(bench.press("Enter"));
  CHECK_FALSE(bench.picker.enter_text("zone-search", "Tokyo"));
  CHECK_FALSE(bench.find("zone-dialog"));
  CHECK_FALSE(bench.action<FetchZones>());
  CHECK_FALSE(bench.action<ChangeZone>());
  CHECK(bench.find("hours-12")->kind == Kind::button);
  bench.lock(false);
  CHECK(bench.activate("zone"));
  CHECK(bench.find("zone-dialog"));
  CHECK(bench.words.missing.empty());
}

TEST_CASE("Zone: locked while it is being chosen, the chooser goes and the focus stays in the picker", "[web][zone]") {
  Zone bench;
  bench.picker.set_focus("zone");
  REQUIRE(bench.activate("zone"));
  REQUIRE(bench.picker.screen().focus == "zone-search");
  bench.lock(true);
  CHECK_FALSE(bench.find("zone-dialog"));
  CHECK(bench.find(bench.picker.screen().focus));
  bench.lock(false);
  CHECK_FALSE(bench.find("zone-dialog"));
}

}  // namespace slotwire::web::test
