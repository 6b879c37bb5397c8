#pragma once
// Builds the `detail` of an event as a JSON object. Internal to model/.
#include <cstdint>
#include <string>
#include <string_view>

namespace slotwire::web {

class Detail {
 public:
  Detail& text(std::string_view key, std::string_view value);
  Detail& number(std::string_view key, std::int64_t value);
  [[nodiscard]] std::string done() { return json_ + '}'; }

 private:
  std::string json_ = "{";
};

}  // namespace slotwire::web
