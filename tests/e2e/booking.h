#pragma once
// Shared by tests of bookings: the body that a page would send, and sending it to a proxy.
#include <string>

#include "tests/e2e/stack.h"

namespace slotwire::e2e {

inline constexpr char kBookings[] = "/api/app/calendly/bookings";
inline constexpr char kInterview[] = "KKKKKKKKKKKKKKKK";  // an event type with every kind of question

[[nodiscard]] Json wish_for(const std::string& start, const std::string& event_type = "30min");
// An empty key: the Idempotency-Key header is left out.
[[nodiscard]] Reply book(const Proxy& proxy, const Json& wish, const std::string& key, Fields headers = {});
// The start of the n-th free slot, from tomorrow on.
[[nodiscard]] std::string free_start(const Proxy& proxy, std::size_t n = 0, const std::string& event_type = "30min");
[[nodiscard]] bool is_free(const Proxy& proxy, const std::string& start, const std::string& event_type = "30min");
// Names of the fields that the answer's error names, in order.
[[nodiscard]] std::vector<std::string> fields_in_error(const Reply& reply);

}  // namespace slotwire::e2e
