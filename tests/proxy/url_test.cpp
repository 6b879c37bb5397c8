// Parsing web addresses and origins.
#include "proxy/text/url.h"

#include <catch_amalgamated.hpp>

namespace slotwire::tests {

TEST_CASE("url_from_text: every part is a view of the text, and a port is a number", "[proxy][text]") {
  struct Row {
    const char* text;
    const char* scheme;  // nullptr: not an address
    const char* host;
    const char* port;
    const char* rest;
  };
  const auto row = GENERATE(values<Row>({
      {"https://example.com", "https", "example.com", "", ""},
      {"https://example.com:8443/a?b#c", "https", "example.com", ":8443", "/a?b#c"},
      {"HTTP://[::1]:80?x=/", "HTTP", "[::1]", ":80", "?x=/"},
      {"https://[2001:db8::1]", "https", "[2001:db8::1]", "", ""},
      {"https://user@example.com/", "https", "user@example.com", "", "/"},
      {"https:///path", "https", "", "", "/path"},
      {"https://example.com:/", nullptr, "", "", ""},
      {"https://example.com:1:2", nullptr, "", "", ""},
      {"https://example.com:123456", nullptr, "", "", ""},
      {"https://user:word@example.com", nullptr, "", "", ""},
      {"https://[::1", nullptr, "", "", ""},
      {"://example.com", nullptr, "", "", ""},
      {"example.com/a", nullptr, "", "", ""},
      {"", nullptr, "", "", ""},
  }));
  INFO(row.text);
  const std::optional<text::Url> url = text::url_from_text(row.text);
  REQUIRE(url.has_value() == (row.scheme != nullptr));
  if (!url) return;
  CHECK(url->scheme == row.scheme);
  CHECK(url->host == row.host);
  CHECK(url->port == row.port);
  CHECK(url->rest == row.rest);
  CHECK(url->authority == std::string(row.host) + row.port);
}

TEST_CASE("origin_from_text: one form for all spellings of an origin", "[proxy][text]") {
  struct Row {
    const char* text;
    const char* origin;  // empty: none
  };
  const auto row = GENERATE(values<Row>({
      {"https://Shop.Example.org:443/", "https://shop.example.org"},
      {"http://localhost:80", "http://localhost"},
      {"http://localhost:443", "http://localhost:443"},
      {"https://localhost:80", "https://localhost:80"},
      {" https://a.example ", "https://a.example"},
      {"https://a.example/path", ""},
      {"https://a.example?", ""},
      {"https://*.example", ""},
      {"https://u@a.example", ""},
      {"https://", ""},
      {"null", ""},
  }));
  INFO(row.text);
  CHECK(text::origin_from_text(row.text) == row.origin);
}

}  // namespace slotwire::tests
