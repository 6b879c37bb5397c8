#pragma once
// Quality values in HTTP lists (RFC 9110, 12.4.2): the "q=0.5" in "de;q=0.5". Pure; any thread.
#include <optional>
#include <string_view>

namespace slotwire::text {

struct Weighted {
  std::string_view name;      // without spaces around it
  std::optional<int> weight;  // in thousandths, 0..1000; 1000 without a parameter; nullopt: malformed, ignore the item
};
// Splits one item of a list at its first ';'. Anything behind it but "q=" and a number with at most three decimals is malformed.
[[nodiscard]] Weighted weighted_from_item(std::string_view item);

}  // namespace slotwire::text
