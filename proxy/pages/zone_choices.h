#pragma once
// The time zones offered by a page without scripts: one for each set of clock rules that many people use.
#include <span>
#include <string_view>

namespace slotwire::pages {

// IANA names, ascending.
[[nodiscard]] std::span<const std::string_view> zone_choices();

}  // namespace slotwire::pages
