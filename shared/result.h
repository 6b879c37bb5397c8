#pragma once
// A value or an Error, for code built without exceptions. Codes say what a caller can do and are the error codes of the API.
#include <cassert>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace slotwire {

// Every code a slotwire answer may carry; the wire name is the enumerator's own spelling (name_from_code).
enum class ErrorCode {
  bad_input,
  invalid_date_range,
  event_type_not_found,
  not_connected,
  token_rejected,
  token_unreadable,
  invalid_token,
  insufficient_scope,
  calendly_rate_limited,
  calendly_unavailable,
  calendar_error,
  too_many_requests,
  unauthorized,
  forbidden,
  not_found,
  method_not_allowed,
  payload_too_large,
  unsupported_media_type,
  slot_taken,
  booking_not_available,
  booking_unknown,
  booking_limit,
  idempotency_conflict,
  bad_signature,
  storage_failed,
  stopping,
  internal,
};

[[nodiscard]] std::string_view name_from_code(ErrorCode code);
// Unknown names give ErrorCode::internal: a newer proxy may send codes that an older widget does not have.
[[nodiscard]] ErrorCode code_from_name(std::string_view name);

// `field` names the input that is wrong, empty when none is.
struct ErrorDetail {
  std::string field;
  std::string message;
  bool operator==(const ErrorDetail&) const = default;
};

// `detail` is one sentence for a person and safe to show to anyone: never a token, key, upstream body or file path.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;
  std::vector<ErrorDetail> details = {};
  std::optional<std::chrono::seconds> retry_after = {};
};

[[nodiscard]] Error bad_input(std::string field, std::string message);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  [[nodiscard]] T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value.
struct Done {};

}  // namespace slotwire
