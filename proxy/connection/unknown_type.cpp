#include "proxy/connection/unknown_type.h"

#include <algorithm>

#include "shared/utf8.h"

namespace slotwire::connection {
namespace {

constexpr std::size_t kLongestName = 200;

std::string shown_name(std::string_view name) {
  std::string shown;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = std::max<std::size_t>(utf8_length_at(name, at), 1);
    if (at + length > kLongestName) break;
    const std::string_view character = name.substr(at, length);
    // U+0080 to U+009F are control characters too.
    const bool is_plain =
        length == 1 ? static_cast<unsigned char>(character[0]) >= 0x20 && static_cast<unsigned char>(character[0]) < 0x7f
                    : character[0] != '\xc2' || static_cast<unsigned char>(character[1]) >= 0xa0;
    if (is_plain) {
      shown += character;
    } else {
      shown += '?';
    }
    at += length;
  }
  return shown;
}

}  // namespace

Error unknown_type(std::string_view name, std::string_view field) {
  const std::string shown = shown_name(name);
  if (shown.empty())
    return {ErrorCode::event_type_not_found, "There is no such event type.", {{std::string(field), "is not known"}}};
  return {
      ErrorCode::event_type_not_found, "There is no such event type: " + shown, {{std::string(field), shown + " is not known"}}};
}

}  // namespace slotwire::connection
