#include "shared/slot.h"

namespace slotwire {

std::string_view uuid_from_uri(std::string_view uri) {
  const std::size_t slash = uri.rfind('/');
  return slash == std::string_view::npos ? uri : uri.substr(slash + 1);
}

}  // namespace slotwire
