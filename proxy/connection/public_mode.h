#pragma once
// A connection without a token: links to the booking pages that an admin has entered. Pure.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/store.h"

namespace slotwire::connection {

struct PublicEventType {
  std::string name;
  std::string slug;
  std::chrono::minutes duration{};
};

// Everything but the time. Errors: bad_input with the field.
[[nodiscard]] Result<store::ConnectionRecord> record_from_public(std::string_view calendly_username,
                                                                 const std::vector<PublicEventType>& types, std::string_view by);

}  // namespace slotwire::connection
