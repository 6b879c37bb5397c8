#pragma once
// Texts from the page (its Intl and its translation table), through the imports of abi.h.
#include "web/model/words.h"

namespace slotwire::web {

class PageWords : public Words {
 public:
  [[nodiscard]] std::string formatted(Format kind, double a, double b) const override;
  [[nodiscard]] std::string message(std::string_view key) const override;
};

}  // namespace slotwire::web
