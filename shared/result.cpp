#include "shared/result.h"

#include <array>
#include <cstddef>

namespace slotwire {
namespace {

constexpr std::array<std::string_view, 27> kNames = {
    "bad_input",
    "invalid_date_range",
    "event_type_not_found",
    "not_connected",
    "token_rejected",
    "token_unreadable",
    "invalid_token",
    "insufficient_scope",
    "calendly_rate_limited",
    "calendly_unavailable",
    "calendar_error",
    "too_many_requests",
    "unauthorized",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "payload_too_large",
    "unsupported_media_type",
    "slot_taken",
    "booking_not_available",
    "booking_unknown",
    "booking_limit",
    "idempotency_conflict",
    "bad_signature",
    "storage_failed",
    "stopping",
    "internal",
};
static_assert(kNames.size() == static_cast<std::size_t>(ErrorCode::internal) + 1);

}  // namespace

std::string_view name_from_code(ErrorCode code) { return kNames[static_cast<std::size_t>(code)]; }

ErrorCode code_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::internal;
}

Error bad_input(std::string field, std::string message) {
  std::string detail = field + ": " + message;
  return Error{ErrorCode::bad_input, std::move(detail), {{std::move(field), std::move(message)}}};
}

}  // namespace slotwire
