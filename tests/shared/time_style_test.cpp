#include "shared/time_style.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <random>

#include "shared/slot.h"

using namespace slotwire;
using std::chrono::microseconds;

TEST_CASE("style_of: what Calendly was seen to write, and what could be", "[shared][style]") {
  struct Row {
    const char* text;
    TimeStyle style;
  };
  const auto row = GENERATE(values<Row>({{"2026-12-01T20:00:00.000000Z", {}},
                                         {"2026-12-01T20:00:00Z", {0, false, 0}},
                                         {"2026-12-01T20:00:00.000Z", {3, false, 0}},
                                         {"2026-12-01T20:00:00.000000000Z", {9, false, 0}},
                                         {"2026-12-01T20:00:00+00:00", {0, true, 0}},
                                         {"2026-12-01T22:00:00.000+02:00", {3, true, 120}},
                                         {"2026-12-01T10:30:00.000000-09:30", {6, true, -570}},
                                         {"2026-12-02T09:45:00+13:45", {0, true, 825}}}));
  INFO(row.text);
  REQUIRE(style_of(row.text));
  CHECK(*style_of(row.text) == row.style);
  CHECK(text_in_style(instant_from_text("2026-12-01T20:00:00Z").value(), row.style) == row.text);
}

TEST_CASE("style_of: nothing for what no style gives back", "[shared][style]") {
  const auto* text = GENERATE("", "now", "2026-12-01", "2026-12-01T20:00:00", "2026-12-01t20:00:00Z", "2026-12-01T20:00:00z",
                              "2026-12-01 20:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T20:00:00-00:00",
                              "2026-12-01T20:00:00.0000000000Z", "2026-12-01T20:00:00.0000001Z");
  INFO(text);
  CHECK_FALSE(style_of(text));
}

TEST_CASE("style_of: parsed, its style kept and written again, each text is the very same", "[shared][style]") {
  std::mt19937 random{7};
  const auto below = [&](int count) { return std::uniform_int_distribution<int>{0, count - 1}(random); };
  for (int decimals = 0; decimals <= kMostDecimals; ++decimals) {
    for (int offset = -(24 * 60 - 1); offset < 24 * 60; offset += 1 + below(4)) {
      std::int64_t unit = 1;  // in microseconds: the last decimal place
      for (int place = std::min(decimals, 6); place < 6; ++place) unit *= 10;
      const std::int64_t second = 86'400 + 250'000'000'000 / (1 + below(1000));
      const std::int64_t fraction = below(2) == 0 ? 0 : below(1'000'000) / unit * unit;
      const Instant instant{microseconds{second * 1'000'000 + fraction}};
      for (const TimeStyle style : {TimeStyle{static_cast<std::uint8_t>(decimals), true, static_cast<std::int16_t>(offset)},
                                    TimeStyle{static_cast<std::uint8_t>(decimals), false, 0}}) {
        const std::string text = text_in_style(instant, style);
        INFO(text);
        REQUIRE(instant_from_text(text).value() == instant);
        REQUIRE(style_of(text) == style);
      }
    }
  }
}

TEST_CASE("Slot: has room for the style of its start", "[shared][style]") {
  CHECK(sizeof(Slot) <= sizeof(Instant) + sizeof(int) + sizeof(TimeStyle) + sizeof(std::string) + sizeof(int));
  CHECK(sizeof(TimeStyle) == 4);
}
