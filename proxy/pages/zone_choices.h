#pragma once
// The time zones that a page without scripts offers: one for each way of keeping time that many people live by.
#include <span>
#include <string_view>

namespace slotwire::pages {

// IANA names, ascending.
[[nodiscard]] std::span<const std::string_view> zone_choices();

}  // namespace slotwire::pages
