#include "shared/proof_of_work.h"

#include <catch_amalgamated.hpp>
#include <string>

#include "shared/sha256.h"

using namespace slotwire;

namespace {

std::string hex_of(std::string_view text) {
  Sha256 hash;
  hash.feed(text);
  std::string hex;
  for (const std::uint8_t byte : hash.digest()) {
    for (const int digit : {byte >> 4, byte & 15}) hex += "0123456789abcdef"[digit];
  }
  return hex;
}

}  // namespace

TEST_CASE("Sha256: the digests of the standard's examples", "[shared][proof]") {
  // The examples of FIPS 180-4, and one that fills its block.
  CHECK(hex_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex_of(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("Sha256: fed in pieces, and by a copy, it is the same", "[shared][proof]") {
  std::string text;
  for (int length = 0; length < 200; ++length) {
    for (int cut = 0; cut <= length; cut += 7) {
      Sha256 hash;
      hash.feed(std::string_view(text).substr(0, static_cast<std::size_t>(cut)));
      Sha256 copy = hash;
      copy.feed(std::string_view(text).substr(static_cast<std::size_t>(cut)));
      hash.feed("something else");
      Sha256 whole;
      whole.feed(text);
      REQUIRE(copy.digest() == whole.digest());
    }
    text += static_cast<char>(length);
  }
}

TEST_CASE("proof_among: what it finds is the first proof, for that text and no other", "[shared][proof]") {
  int others = 0;
  for (int seed = 0; seed < 40; ++seed) {
    const std::string text = "v1.1800000000.10.0123456789abcdef." + std::to_string(seed);
    INFO(text);
    const std::optional<std::uint32_t> found = proof_among(text, 10, 0, 100'000);
    REQUIRE(found);
    CHECK(is_proof(text, *found, 10));
    CHECK(is_proof(text, *found, 1));
    // In slices, as in a page that must stay responsive.
    std::optional<std::uint32_t> sliced;
    for (std::uint32_t from = 0; !sliced; from += 50) sliced = proof_among(text, 10, from, 50);
    CHECK(sliced == found);
    CHECK_FALSE(proof_among(text, 10, 0, *found));
    others += is_proof(text + "1", *found, 10);
  }
  CHECK(others <= 2);
}

TEST_CASE("proof_among: the last number ends the search", "[shared][proof]") {
  CHECK_FALSE(proof_among("text", 200, 4'294'967'290U, 1000));
  CHECK_FALSE(is_proof("text", 1, 257));
}
