#pragma once
// Shared by the files of BookingService: one attempt to book, and the names it is known by.
#include <optional>

#include "proxy/booking/booking_service.h"

namespace slotwire::booking {

struct BookingService::Attempt {
  BookingRequest request;
  std::string key;  // digest of the request's key; `wish` is one too
  std::string wish;
  Instant start;
  time::Tick begun;
  bool is_claimed = false;
  bool is_looked_at = false;                     // the start is listed, or that cannot be found out
  std::optional<std::chrono::seconds> look_age;  // how old the checked free times may be; none: any age
  std::optional<Result<slots::SlotReply>> look;
  std::shared_ptr<const connection::Account> account;
  EventType type;
  Instant sent_at;
  std::optional<time::Tick> looking_since;
  std::size_t looks = 0;
  std::vector<BookingDone> callbacks;  // under the service's lock
};

// The status of a stored answer.
inline constexpr int kBooked = 201;
inline constexpr int kTaken = 409;

// Stands for all event types of an account.
inline constexpr std::string_view kEveryType;

// The identity under which the answer to a key (a digest) is sealed.
[[nodiscard]] inline std::string identity_of(const std::string& key) { return "booking/" + key; }

// nullopt: the form was never read, because a version without bookings wrote the database.
[[nodiscard]] std::optional<calendly::BookingForm> form_of(const connection::Account& account, const EventType& type);

}  // namespace slotwire::booking
