#include "web/platform/page_words.h"

#include "web/platform/abi.h"

namespace slotwire::web {
namespace {

// Calls once with a buffer that nearly every text fits in, and again only if the page needs more.
template <class Ask>
std::string asked(Ask ask) {
  std::string text(128, '\0');
  std::uint32_t length = ask(text.data(), static_cast<std::uint32_t>(text.size()));
  if (length > text.size()) {
    text.resize(length);
    length = ask(text.data(), length);
  }
  text.resize(length);
  return text;
}

}  // namespace

std::string PageWords::formatted(Format kind, double a, double b) const {
  return asked(
      [&](char* out, std::uint32_t capacity) { return page_words(static_cast<std::int32_t>(kind), a, b, out, capacity); });
}

std::string PageWords::message(std::string_view key) const {
  return asked([&](char* out, std::uint32_t capacity) {
    return page_message(key.data(), static_cast<std::uint32_t>(key.size()), out, capacity);
  });
}

}  // namespace slotwire::web
