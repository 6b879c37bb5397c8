#pragma once
// Why a day is empty, as JSON for admins: times and counts, no guest's name.
#include <string>

#include "proxy/why/why_service.h"

namespace slotwire::routes {

[[nodiscard]] std::string json_from_why(const why::WhyAnswer& answer);
// "No free times on 2026-01-06: ...", or how many there are.
[[nodiscard]] std::string sentence_from_why(const why::WhyAnswer& answer);

}  // namespace slotwire::routes
