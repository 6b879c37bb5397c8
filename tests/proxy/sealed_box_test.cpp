#include "proxy/secrets/sealed_box.h"

#include <array>
#include <catch_amalgamated.hpp>
#include <type_traits>

namespace slotwire::tests {
using namespace secrets;
namespace {

const std::string kSecret = "eyJ.marker-token.0123456789";

SealedBox box_with(std::initializer_list<const char*> keys) {
  std::vector<SecretString> secrets;
  for (const char* key : keys) secrets.emplace_back(key);
  return SealedBox(secrets);
}

}  // namespace

TEST_CASE("SealedBox: open gives back what seal was given", "[proxy][secrets]") {
  const SealedBox box = box_with({"a key of at least thirty-two bytes, so"});
  for (const std::string& text : {std::string(), std::string("x"), kSecret, std::string(8192, 'k')}) {
    const auto blob = box.seal(SecretString(text), "record");
    REQUIRE(blob);
    if (text.size() > 8) CHECK(blob->find(text) == std::string::npos);
    const auto opened = box.open(*blob, "record");
    REQUIRE(opened);
    CHECK(opened->reveal() == text);
  }
}

TEST_CASE("SealedBox: equal secrets give different blobs", "[proxy][secrets]") {
  const SealedBox box = box_with({"a key of at least thirty-two bytes, so"});
  CHECK(box.seal(SecretString(kSecret), "record").value() != box.seal(SecretString(kSecret), "record").value());
}

TEST_CASE("SealedBox: no changed byte, lost byte or other record opens", "[proxy][secrets]") {
  const SealedBox box = box_with({"a key of at least thirty-two bytes, so"});
  const std::string blob = box.seal(SecretString(kSecret), "record").value();
  for (std::size_t at = 0; at < blob.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string tampered = blob;
      tampered[at] = static_cast<char>(tampered[at] ^ flip);
      INFO("byte " << at);
      const auto opened = box.open(tampered, "record");
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code == ErrorCode::token_unreadable);
    }
  }
  for (std::size_t length = 0; length < blob.size(); ++length) {
    INFO("first " << length << " bytes");
    CHECK_FALSE(box.open(std::string_view(blob).substr(0, length), "record"));
    CHECK_FALSE(box.open(std::string_view(blob).substr(blob.size() - length), "record"));
  }
  CHECK_FALSE(box.open(blob + '\0', "record"));
  CHECK_FALSE(box.open(blob, "another record"));
}

TEST_CASE("SealedBox: the first key seals, all open, others do not", "[proxy][secrets]") {
  const char* old_key = "the old key, of thirty-two bytes at least";
  const char* new_key = "the new key, of thirty-two bytes at least";
  const std::string old_blob = box_with({old_key}).seal(SecretString(kSecret), "record").value();
  const SealedBox rotating = box_with({new_key, old_key});
  REQUIRE(rotating.open(old_blob, "record"));
  CHECK_FALSE(rotating.is_sealed_by_first_key(old_blob));
  const std::string new_blob = rotating.seal(SecretString(kSecret), "record").value();
  CHECK(rotating.is_sealed_by_first_key(new_blob));
  CHECK(box_with({new_key}).open(new_blob, "record"));
  CHECK_FALSE(box_with({old_key}).open(new_blob, "record"));
}

TEST_CASE("SecretString: moves, never copies, and is not printed", "[proxy][secrets]") {
  STATIC_CHECK_FALSE(std::is_copy_constructible_v<SecretString>);
  STATIC_CHECK_FALSE(std::is_copy_assignable_v<SecretString>);
  std::string source = kSecret;
  SecretString first = SecretString::taken_from(source);
  CHECK(source.empty());
  const SecretString second = std::move(first);
  CHECK(second.reveal() == kSecret);
  CHECK(fingerprint_of(second).size() == 12);
  CHECK(fingerprint_of(second) != fingerprint_of(SecretString("another")));
}

}  // namespace slotwire::tests
