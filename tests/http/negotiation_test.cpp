#include "proxy/http/negotiation.h"

#include <array>
#include <catch_amalgamated.hpp>

using namespace slotwire;
using namespace slotwire::http;

TEST_CASE("encoding_for: weights decide, then the order of what is offered", "[http][negotiation]") {
  struct Row {
    const char* accept;
    Encoding expected;
  };
  const auto row = GENERATE(values<Row>({
      {"", Encoding::identity},
      {"gzip", Encoding::gzip},
      {"gzip, deflate, br, zstd", Encoding::brotli},
      {"BR", Encoding::brotli},
      {"br;q=0.5, gzip;q=0.8", Encoding::gzip},
      {"br;q=0, gzip", Encoding::gzip},
      {"br; q=0.000, gzip ;q=0", Encoding::identity},
      {"*", Encoding::brotli},
      {"*;q=0, gzip;q=0.1", Encoding::gzip},
      {"br;q=0, *", Encoding::gzip},
      {"identity, gzip;q=0.5", Encoding::identity},
      {"identity;q=0.5, gzip;q=1.000", Encoding::gzip},
      {"identity;q=0", Encoding::identity},
      {"gzip;q=2, br;q=nan", Encoding::identity},
      {"gzip;q=0.0001", Encoding::identity},
      {"gzipped", Encoding::identity},
      {"x-gzip", Encoding::gzip},
      {",,;q=1, ,gzip", Encoding::gzip},
  }));
  INFO(row.accept);
  CHECK(encoding_for(row.accept, std::array{Encoding::brotli, Encoding::gzip}) == row.expected);
}

TEST_CASE("encoding_for: never gives what is not offered", "[http][negotiation]") {
  CHECK(encoding_for("br, gzip", {}) == Encoding::identity);
  CHECK(encoding_for("br, gzip;q=0.1", std::array{Encoding::gzip}) == Encoding::gzip);
}

TEST_CASE("has_matching_etag: weak comparison over a list", "[http][negotiation]") {
  struct Row {
    const char* header;
    const char* etag;
    bool expected;
  };
  const auto row = GENERATE(values<Row>({
      {"\"a\"", "\"a\"", true},
      {"W/\"a\"", "\"a\"", true},
      {"\"a\"", "W/\"a\"", true},
      {"\"b\", W/\"a\"", "\"a\"", true},
      {"\"b,\", \"a\"", "\"a\"", true},
      {"\"x,y\"", "\"x,y\"", true},
      {" * ", "\"a\"", true},
      {"", "\"a\"", false},
      {"\"b\"", "\"a\"", false},
      {"a", "\"a\"", false},
      {"w/\"a\"", "\"a\"", false},
  }));
  INFO(row.header << " against " << row.etag);
  CHECK(has_matching_etag(row.header, row.etag) == row.expected);
}
