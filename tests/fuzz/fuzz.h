#pragma once
// What a fuzz target is made of: bytes of a stranger's in, and claims about what a reader makes of them.
//
//   FUZZ_TARGET(percent) { ... holds(decoded(encoded(bytes)) == bytes, "what is encoded is decoded again"); }
//
// Each *_fuzz.cpp is a fuzzer of its own, named after its file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace slotwire::fuzz {

// Ends the program, and says what did not hold, when a claim is wrong: that is what fuzzers look for.
inline void holds(bool claim, const char* what) {
  if (claim) return;
  std::fprintf(stderr, "This does not hold: %s\n", what);
  std::abort();
}

// Choices that an input makes, taken from its end, so that what stands before them stays readable text. When there are no bytes
// left, every choice is 0.
class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto last = static_cast<std::uint8_t>(bytes_.back());
    bytes_.remove_suffix(1);
    return last;
  }
  // 0 to `most`.
  [[nodiscard]] std::size_t up_to(std::size_t most) {
    const std::size_t high = byte();
    return (high * 256 + byte()) % (most + 1);
  }
  [[nodiscard]] bool flip() { return (byte() & 1U) != 0; }
  // What stands before the first '\n', which goes with it; all of it when there is none.
  [[nodiscard]] std::string_view line() {
    const std::size_t end = std::min(bytes_.find('\n'), bytes_.size());
    const std::string_view taken = bytes_.substr(0, end);
    bytes_.remove_prefix(std::min(end + 1, bytes_.size()));
    return taken;
  }
  [[nodiscard]] std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace slotwire::fuzz

#define FUZZ_TARGET(name)                                                             \
  static void fuzz_##name(std::string_view bytes);                                    \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    fuzz_##name(std::string_view(reinterpret_cast<const char*>(data), size));         \
    return 0;                                                                         \
  }                                                                                   \
  static void fuzz_##name(std::string_view bytes)
