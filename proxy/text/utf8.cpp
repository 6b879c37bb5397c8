#include "proxy/text/utf8.h"

#include <array>

namespace slotwire::text {

bool is_utf8(std::string_view bytes) {
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at++]);
    if (lead < 0x80) continue;
    const std::size_t more = lead >= 0xf0 && lead < 0xf8   ? 3
                             : lead >= 0xe0 && lead < 0xf0 ? 2
                             : lead >= 0xc0 && lead < 0xe0 ? 1
                                                           : 0;
    if (more == 0 || bytes.size() - at < more) return false;
    char32_t point = lead & (0x3fU >> more);
    for (std::size_t i = 0; i < more; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[at++]);
      if ((byte & 0xc0U) != 0x80) return false;
      point = (point << 6U) | (byte & 0x3fU);
    }
    const bool is_surrogate = point >= 0xd800 && point < 0xe000;
    if (point < kLeast.at(more) || point > 0x10ffff || is_surrogate) return false;
  }
  return true;
}

}  // namespace slotwire::text
