#include "proxy/net/addresses.h"

#include <catch_amalgamated.hpp>

using namespace slotwire;
using namespace slotwire::net;

TEST_CASE("address_range_from_text: IPv4 and IPv6, and what is neither", "[http][addresses]") {
  struct Row {
    const char* range;
    const char* address;
    bool expected;
  };
  const auto row = GENERATE(values<Row>({
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"127.0.0.1", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.2", false},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"fd00::/8", "fdff::1", true},
      {"fd00::/8", "fe80::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "2001:db8::1", true},
      {"::1", "::1", true},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
  }));
  INFO(row.range << " " << row.address);
  const auto range = address_range_from_text(row.range);
  REQUIRE(range.has_value());
  CHECK(range->contains(address_from_text(row.address).value()) == row.expected);

  for (const char* bad : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "::/129", "host",
                          "1.2.3.4/8/9", "10.0.0.0 /8"}) {
    INFO(bad);
    CHECK_FALSE(address_range_from_text(bad).has_value());
  }
}

TEST_CASE("client_address: only trusted hops are stepped over", "[http][addresses]") {
  const std::vector<AddressRange> trusted{address_range_from_text("10.0.0.0/8").value(),
                                          address_range_from_text("fd00::/8").value()};
  struct Row {
    const char* peer;
    const char* forwarded_for;
    const char* expected;
  };
  const auto row = GENERATE(values<Row>({
      {"203.0.113.1", "198.51.100.1", "203.0.113.1"},
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
      {"10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"},
      {"10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
      {"10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"},
      {"10.0.0.1", "6.6.6.6, unknown", "10.0.0.1"},
      {"10.0.0.1", "\", 198.51.100.1", "198.51.100.1"},
      {"10.0.0.1", "198.51.100.1:4711", "198.51.100.1"},
      {"fd00::1", "2001:db8::7", "2001:db8::7"},
      {"fd00::1", "[2001:db8::7]", "2001:db8::7"},
      {"::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"},
  }));
  INFO(row.peer << " < " << row.forwarded_for);
  CHECK(text_from_address(client_address(address_from_text(row.peer).value(), row.forwarded_for, trusted)) == row.expected);
}

// A load balancer included the port of IPv6 clients: all such visitors counted as the balancer.
TEST_CASE("client_address: an address of the forwarded list may have its port", "[http][addresses]") {
  const Address peer = address_from_text("10.0.0.1").value();
  const AddressRange trusted = address_range_from_text("10.0.0.0/8").value();
  for (const char* hop : {"[2001:db8::1]:4711", "[2001:db8::1]", "2001:db8::1"}) {
    CHECK(text_from_address(client_address(peer, hop, std::span(&trusted, 1))) == "2001:db8::1");
  }
  CHECK(text_from_address(client_address(peer, "192.0.2.1:4711", std::span(&trusted, 1))) == "192.0.2.1");
}

TEST_CASE("limit_key_of: an IPv6 client is its /64", "[http][addresses]") {
  const auto key = [](const char* text) { return limit_key_of(address_from_text(text).value()); };
  CHECK(key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9"));
  CHECK_FALSE(key("2001:db8:1:2::1") == key("2001:db8:1:3::1"));
  CHECK_FALSE(key("192.0.2.1") == key("192.0.2.2"));
}
