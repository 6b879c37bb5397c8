#pragma once
// Sample values for the store tests, with every byte, quote and letter that a store might handle wrongly.
#include <string>
#include <vector>

#include "proxy/store/store.h"

namespace slotwire::tests {

[[nodiscard]] Instant at(int second);
[[nodiscard]] Day on(int day);
[[nodiscard]] Slot slot_on(Day day, int hour);
[[nodiscard]] std::string every_byte();
[[nodiscard]] store::ConnectionRecord sample();
// All cells that the store has of an event type.
[[nodiscard]] std::vector<store::StoredCell> cells_of(store::Store& store, const std::string& uri = "uri");

}  // namespace slotwire::tests
