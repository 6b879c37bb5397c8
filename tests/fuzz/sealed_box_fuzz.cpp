// Sealed blobs: what was sealed opens for its own record, and nothing else opens.
#include <string>
#include <vector>

#include "proxy/secrets/sealed_box.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(sealed_box) {
  using namespace slotwire;
  using fuzz::holds;
  using secrets::SecretString;
  static const std::vector<SecretString> keys = [] {
    std::vector<SecretString> all;
    all.emplace_back("first key of at least thirty-two bytes");
    all.emplace_back("second key of at least thirty-two bytes");
    return all;
  }();
  static const secrets::SealedBox box(keys);
  static const secrets::SealedBox old_box(std::span(keys).subspan(1));

  holds(!box.open(bytes, "record"), "what nobody sealed does not open");
  (void)box.is_sealed_by_first_key(bytes);

  fuzz::Input input(bytes);
  const std::size_t at = input.up_to(1'000);
  const std::uint8_t change = input.byte();
  const std::string identity(input.line());
  const std::string_view secret = input.rest();
  const secrets::SealedBox& seals = change % 2 == 0 ? box : old_box;
  auto sealed = seals.seal(SecretString(secret), identity);
  holds(sealed.has_value() && sealed->size() == secret.size() + 40, "a secret is sealed");
  const auto opened = box.open(*sealed, identity);
  holds(opened && opened->reveal() == secret, "and opens as it was");
  holds(box.is_sealed_by_first_key(*sealed) == (change % 2 == 0), "by the key that sealed it");
  holds(!box.open(*sealed, identity + "x"), "for no other record");
  // Behind magic, key id and nonce: the fuzzer found a secret that was the key's id.
  constexpr std::size_t kTextAt = 24;
  if (secret.size() >= 8) holds(sealed->find(secret, kTextAt) == sealed->npos, "no secret stands in its blob");

  std::string forged = *sealed;
  const std::size_t place = at % forged.size();
  forged[place] = static_cast<char>(forged[place] ^ (change == 0 ? 1 : change));
  const auto refused = box.open(forged, identity);
  holds(!refused, "a changed byte is noticed");
  holds(refused.error().code == ErrorCode::token_unreadable, "and said");
  holds(!box.open(forged.substr(0, place), identity) && !box.open(*sealed + "x", identity),
        "as is one that is missing, or too many");
}
