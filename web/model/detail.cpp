#include "web/model/detail.h"

#include "shared/json_text.h"

namespace slotwire::web {

Detail& Detail::text(std::string_view key, std::string_view value) {
  append_json_field(json_, key, value);
  return *this;
}

Detail& Detail::number(std::string_view key, std::int64_t value) {
  append_json_field(json_, key, value);
  return *this;
}

}  // namespace slotwire::web
