#pragma once
// What the files of BookingService share: one attempt on its way, and what it is known by.
#include <optional>

#include "proxy/booking/booking_service.h"

namespace slotwire::booking {

struct BookingService::Attempt {
  BookingRequest request;
  std::string key;  // digests of what came
  std::string wish;
  Instant start;
  time::Tick begun;
  bool is_claimed = false;
  bool is_looked_at = false;                     // the start is listed, or nobody can say
  std::optional<std::chrono::seconds> look_age;  // how old the free times that are looked at may be; none: as any
  std::optional<Result<slots::SlotReply>> look;
  std::shared_ptr<const connection::Account> account;
  EventType type;
  Instant sent_at;
  std::optional<time::Tick> looking_since;
  std::size_t looks = 0;
  std::vector<BookingDone> dones;  // under the service's lock
};

// How a kept answer ended.
inline constexpr int kBooked = 201;
inline constexpr int kTaken = 409;

// Stands for all event types of an account.
inline constexpr std::string_view kEveryType;

// Under which the answer to a key (a digest) is sealed.
[[nodiscard]] inline std::string identity_of(const std::string& key) { return "booking/" + key; }

// nullopt: nobody has read it, for a version without bookings wrote the database.
[[nodiscard]] std::optional<calendly::BookingForm> form_of(const connection::Account& account, const EventType& type);

}  // namespace slotwire::booking
