// Which cells are kept, and which are evicted when the memory limit is reached.
#include "proxy/fetch/cells.h"

#include <catch_amalgamated.hpp>

namespace slotwire::fetch {
namespace {

const Instant kNow = Instant(Day(std::chrono::days(20'000)));

Cell cell_of(std::size_t bytes, Day day = Day(std::chrono::days(20'000))) {
  const DayRange one{day, day + std::chrono::days(1)};
  return {day, kNow, kNow + std::chrono::seconds(300), kNow + std::chrono::seconds(240), one, nullptr, bytes};
}

}  // namespace

TEST_CASE("Cells: least recently used ones go first, and a cap is a cap", "[fetch][cells]") {
  Cells cells(20'000);
  const Day day = cell_of(0).day;
  for (const char* key : {"a", "b", "c"}) cells.put(key, {cell_of(6'000)}, kNow);
  REQUIRE(cells.find("a", day));
  cells.put("d", {cell_of(6'000)}, kNow);
  CHECK(cells.find("b", day) == nullptr);
  CHECK(cells.find("a", day));
  CHECK(cells.bytes() <= 20'000);
  CHECK(cells.evicted() >= 1);
  cells.put("huge", {cell_of(30'000)}, kNow);
  CHECK(cells.cell_count() == 0);
  CHECK(cells.bytes() == 0);
}

TEST_CASE("Cells: what is dropped is counted off, and seen in the key's version", "[fetch][cells]") {
  Cells cells(20'000);
  const Day day = cell_of(0).day;
  const Day next = day + std::chrono::days(1);
  cells.put("a", {cell_of(1'000, day), cell_of(2'000, next)}, kNow);
  const std::uint64_t version = cells.version_of("a");
  cells.drop("a", {day, next});
  CHECK(cells.find("a", day) == nullptr);
  CHECK(cells.find("a", next));
  CHECK(cells.version_of("a") != version);
  cells.drop("a", {next, next + std::chrono::days(1)});
  cells.drop("nobody", {day, next});
  CHECK(cells.bytes() == 0);
  CHECK(cells.cell_count() == 0);
  CHECK(cells.version_of("a") == 0);
}

TEST_CASE("Cells: keys that are meant become copies, others stay fresh", "[fetch][cells]") {
  Cells cells(20'000);
  const Day day = cell_of(0).day;
  for (const char* key : {"a", "b"}) cells.put(key, {cell_of(1'000)}, kNow);
  cells.outdate_keys([](const std::string& key) { return key == "a"; });
  CHECK_FALSE(cells.find("a", day)->is_fresh(kNow));
  CHECK(cells.find("b", day)->is_fresh(kNow));
}

}  // namespace slotwire::fetch
