#include "web/model/words.h"

namespace slotwire::web {

std::string filled(std::string_view pattern, std::string_view first, std::string_view second) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern.compare(i, 3, "{0}") == 0) {
      out += first;
      i += 2;
    } else if (pattern.compare(i, 3, "{1}") == 0) {
      out += second;
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace slotwire::web
