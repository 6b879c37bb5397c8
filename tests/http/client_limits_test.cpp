#include "proxy/http/client_limits.h"

#include <catch_amalgamated.hpp>

using namespace slotwire;
using namespace slotwire::http;
using namespace std::chrono_literals;

TEST_CASE("rate_from_text: count, slash, time", "[http][limits]") {
  struct Row {
    const char* text;
    int at_once;
    std::chrono::milliseconds refill;
  };
  const auto row = GENERATE(values<Row>({
      {"600/30s", 600, 30s},
      {"20/1h", 20, 1h},
      {"60/1m", 60, 1min},
      {"5/500ms", 5, 500ms},
      {"0", 0, 0ms},
  }));
  INFO(row.text);
  CHECK(rate_from_text(row.text).value() == Rate{row.at_once, row.refill});
  for (const char* bad : {"", "600", "600/", "600/30", "/30s", "600/0s", "0/30s", "-1/30s", "600/30 s", "600/2d", "600/25h",
                          "600/99999999999s", "9999999/1s", "1.5/1s", "0x"}) {
    INFO(bad);
    CHECK_FALSE(rate_from_text(bad).has_value());
  }
}

TEST_CASE("client limits: so many at once, then as they refill", "[http][limits]") {
  ClientLimits limits(Rate{.at_once = 3, .refill = 30s});
  ClientLimits::Time now{};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(limits.take("192.0.2.1", now).has_value());
  CHECK(limits.take("192.0.2.1", now) == 10s);
  CHECK_FALSE(limits.take("192.0.2.2", now).has_value());
  now += 4s;
  CHECK(limits.take("192.0.2.1", now) == 6s);
  now += 6s;
  CHECK_FALSE(limits.take("192.0.2.1", now).has_value());
  CHECK(limits.take("192.0.2.1", now).has_value());
  now += 1h;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(limits.take("192.0.2.1", now).has_value());
  CHECK(limits.take("192.0.2.1", now).has_value());
}

TEST_CASE("client limits: over any stretch nobody gets more than the bucket and its refill", "[http][limits]") {
  ClientLimits limits(Rate{.at_once = 10, .refill = 1s});
  ClientLimits::Time now{};
  int taken = 0;
  for (int ms = 0; ms <= 10'000; ms += 7, now += 7ms) {
    if (!limits.take("192.0.2.1", now)) ++taken;
  }
  CHECK(taken <= 10 + 100 + 1);
  CHECK(taken >= 10 + 100 - 1);
}

TEST_CASE("client limits: memory is bounded, the longest unseen goes first", "[http][limits]") {
  ClientLimits limits(Rate{.at_once = 1, .refill = 1h}, 100);
  ClientLimits::Time now{};
  static_cast<void>(limits.take("keeps.coming", now));
  for (int i = 0; i < 10'000; ++i) {
    static_cast<void>(limits.take("client-" + std::to_string(i), now));
    CHECK(limits.take("keeps.coming", now).has_value());
  }
  CHECK(limits.client_count() == 100);
}

TEST_CASE("client limits: an IPv6 network is one client, and zero is no limit", "[http][limits]") {
  ClientLimits limits(Rate{.at_once = 1, .refill = 1h});
  CHECK_FALSE(limits.take("2001:db8::1", {}).has_value());
  CHECK(limits.take("2001:db8::2", {}).has_value());
  ClientLimits none(Rate{});
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(none.take("192.0.2.1", {}).has_value());
  CHECK(none.client_count() == 0);
}
