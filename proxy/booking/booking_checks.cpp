// Decides whether an event type can be booked here and now, and with which form.
#include <algorithm>

#include "proxy/booking/booking_attempt.h"
#include "proxy/booking/booking_rules.h"
#include "proxy/connection/unknown_type.h"
#include "shared/time_between.h"

namespace slotwire::booking {
namespace {

using std::chrono::seconds;

constexpr std::string_view kScope = "scheduled_events:write";

Error nobody_connected() { return {ErrorCode::not_connected, "No Calendly account is connected.", {}, seconds(60)}; }

Error not_usable(const connection::Account& account) {
  return account.problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."});
}

}  // namespace

std::optional<calendly::BookingForm> form_of(const connection::Account& account, const EventType& type) {
  const auto text = account.record.forms.find(type.uri);
  if (text == account.record.forms.end()) return std::nullopt;
  std::optional<calendly::BookingForm> form = calendly::form_from_text(text->second);
  if (form && type.kind == "group") form->most_guests = 0;
  return form;
}

NoBooking BookingService::no_booking(const connection::Account& account, const EventType& type) const {
  if (account.record.mode == ConnectionMode::public_links) return NoBooking::is_public_mode;
  const auto& missing = account.record.missing_scopes;
  if (std::find(missing.begin(), missing.end(), kScope) != missing.end()) return NoBooking::scope;
  const std::optional<calendly::BookingForm> form = form_of(account, type);
  // The database was written by an older version: the next sync reads the form.
  if (!form) return NoBooking::account;
  if (form->is_elsewhere) return NoBooking::event_type;
  const std::lock_guard lock(mutex_);
  const auto is_forbidden = [&](std::string_view uri) {
    const auto found = forbidden_.find(uri);
    return found != forbidden_.end() && found->second.generation == account.generation &&
           parts_.clock.tick() < found->second.until;
  };
  if (is_forbidden(kEveryType)) return NoBooking::account;
  return is_forbidden(type.uri) ? NoBooking::event_type : NoBooking::none;
}

Result<std::string> BookingService::form(std::string_view event_type, bool may_book_from_here) const {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  if (account->record.mode == ConnectionMode::none) return nobody_connected();
  const EventType* type = account->find_type(event_type);
  if (!type) return connection::unknown_type(event_type);
  NoBooking reason = no_booking(*account, *type);
  if (reason == NoBooking::is_public_mode) return data_from_form(*type, {}, reason);
  if (!account->token) return not_usable(*account);
  const std::optional<calendly::BookingForm> form = form_of(*account, *type);
  if (form && !may_book_from_here) reason = NoBooking::origin;
  return data_from_form(*type, form.value_or(calendly::BookingForm()), reason);
}

std::optional<BookingAnswer> BookingService::refusal_by_account(Attempt& attempt) const {
  const BookingWish& wish = attempt.request.wish;
  attempt.account = parts_.connection.account();
  const connection::Account& account = *attempt.account;
  if (account.record.mode == ConnectionMode::none) return BookingAnswer{nobody_connected()};
  const EventType* type = account.find_type(wish.event_type);
  if (!type) return BookingAnswer{connection::unknown_type(wish.event_type)};
  attempt.type = *type;
  const std::string elsewhere = data_from_scheduling_url(booking_page_of(*type, attempt.start));
  if (account.record.mode == ConnectionMode::public_links) return BookingAnswer{booking_not_available(), elsewhere};
  if (!account.token) return BookingAnswer{not_usable(account)};
  const std::optional<calendly::BookingForm> form = form_of(account, *type);
  if (!form) return BookingAnswer{booking_not_available(), elsewhere};
  if (auto problems = problems_with_form(wish, *form, parts_.clock.now()); !problems.empty()) {
    return BookingAnswer{error_from_problems(std::move(problems))};
  }
  if (no_booking(account, *type) != NoBooking::none) return BookingAnswer{booking_not_available(), elsewhere};
  const Result<Usage> used = usage();
  if (!used) return BookingAnswer{used.error()};
  if (used->refused_for) return BookingAnswer{booking_limit(*used->refused_for), elsewhere};
  if (used->counted.wait) return BookingAnswer{booking_limit(*used->counted.wait), elsewhere};
  return std::nullopt;
}

std::optional<BookingAnswer> BookingService::refusal_before_sending(Attempt& attempt) {
  if (std::optional<BookingAnswer> refusal = refusal_by_account(attempt)) return refusal;
  // The last check, so that only bookings that are really sent are counted.
  if (attempt.request.is_admin) return std::nullopt;
  if (const auto wait = parts_.take_one(attempt.request.client)) {
    return BookingAnswer{too_many_bookings(*wait), data_from_scheduling_url(booking_page_of(attempt.type, attempt.start))};
  }
  return std::nullopt;
}

BookingAnswer BookingService::not_here(const BookingWish& wish) const {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  if (account->record.mode == ConnectionMode::none) return {nobody_connected()};
  const EventType* type = account->find_type(wish.event_type);
  // A page that may not book learns nothing about event types that are not listed, not even whether they exist.
  if (!type || type->secret) return {booking_not_available(), data_from_scheduling_url(account->record.scheduling_url)};
  const std::string page = wish.start ? booking_page_of(*type, *wish.start) : type->scheduling_url;
  return {booking_not_available(), data_from_scheduling_url(page)};
}

Result<BookingService::Usage> BookingService::usage() const {
  const Instant now = shared_now();
  const Result<std::vector<Instant>> sent = parts_.store.bookings_sent_since(now - kBookingLimits.back().within);
  if (!sent) return sent.error();
  Usage usage;
  usage.counted = usage_from(*sent, now);
  const std::lock_guard lock(mutex_);
  const time::Tick tick = parts_.clock.tick();
  if (limited_until_ && tick < *limited_until_)
    usage.refused_for = std::chrono::ceil<seconds>(time_between(tick, *limited_until_));
  return usage;
}

}  // namespace slotwire::booking
