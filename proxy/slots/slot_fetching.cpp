// How windows of slots are fetched from Calendly, and exchanged with the disk and other servers; for the shell.
#include <algorithm>
#include <limits>
#include <utility>

#include "proxy/slots/assemble.h"
#include "proxy/slots/request.h"
#include "shared/time_between.h"
#include "shared/window_plan.h"

namespace slotwire::slots {
namespace {

using std::chrono::milliseconds;

std::string text_from_days(DayRange days) {
  return text_from_day(days.begin) + ".." + text_from_day(days.end - std::chrono::days(1));
}

std::size_t bytes_of(const DaySlots& slots) {
  std::size_t bytes = sizeof(DaySlots);
  for (const Slot& slot : slots) bytes += sizeof(Slot) + slot.scheduling_url.capacity();
  return bytes;
}

fetch::Cell cell_from(DayCell cell, DayRange window, Instant fresh_until) {
  const std::size_t bytes = bytes_of(cell.slots);
  return {cell.day,    cell.fetched_at,
          fresh_until, fresh_until - time_between(cell.fetched_at, fresh_until) / 5,
          window,      std::make_shared<const DaySlots>(std::move(cell.slots)),
          bytes};
}

DayCell day_cell_from(const fetch::Cell& cell) { return {cell.day, cell.fetched_at, slots_of(cell)}; }

std::vector<fetch::Offer> offers_from(std::vector<store::StoredCell> stored, std::chrono::seconds fresh_for) {
  constexpr std::int64_t kNothingSeen = -1;
  constexpr std::int64_t kAllSeen = std::numeric_limits<std::int64_t>::max();  // for the disk; the machine knows when it was read
  std::vector<fetch::Offer> offers;
  for (store::StoredCell& each : stored) {
    const Day next = each.cell.day + std::chrono::days(1);
    const Instant fresh_until = each.cell.fetched_at + fresh_for;
    const bool is_outdated = each.is_outdated;
    fetch::Offer offer{cell_from(std::move(each.cell), {next - std::chrono::days(1), next}, fresh_until),
                       is_outdated ? kNothingSeen : kAllSeen};
    if (is_outdated) offer.cell.outdate();
    offers.push_back(std::move(offer));
  }
  // The disk does not record which days came in one fetch; neighbouring days of the same age did.
  for (std::size_t begin = 0; begin < offers.size();) {
    std::size_t end = begin + 1;
    while (end < offers.size() && offers[end].cell.day == offers[end - 1].cell.window.end &&
           offers[end].cell.fetched_at == offers[begin].cell.fetched_at) {
      ++end;
    }
    const DayRange window{offers[begin].cell.window.begin, offers[end - 1].cell.window.end};
    for (; begin < end; ++begin) offers[begin].cell.window = window;
  }
  return offers;
}

void add_offers(std::vector<fetch::Offer>& offers, std::vector<cluster::SharedCell> shared, Instant now) {
  for (cluster::SharedCell& each : shared) {
    offers.push_back({cell_from(std::move(each.cell), each.window, now + each.fresh_for), each.seen_change});
  }
}

fetch::Failure failure_from(const calendly::CallFailure& failure) {
  using Kind = fetch::Failure::Kind;
  // A refused window is about its dates and says nothing about Calendly's health: a stranger may choose dates that are refused.
  const Kind kind = failure.is_ours ? Kind::ours : failure.status == 400 ? Kind::refused : Kind::trouble;
  return {failure.error, kind, failure.hint(), failure.is_range_complaint};
}

std::string account_name(const connection::Account& account) {
  return cluster::cluster_account(account.record.user_uri, account.record.connected_at.value_or(Instant()));
}

}  // namespace

std::function<void()> SlotService::answered(fetch::Answer answer) {
  const auto found = requests_.find(answer.ask);
  std::shared_ptr<Request> request = std::move(found->second);
  requests_.erase(found);
  if (const auto same = joinable_.find(request->key); same != joinable_.end() && same->second == request) joinable_.erase(same);
  const std::uint64_t version = machine_.version_of(request->type.uri);
  return [this, request = std::move(request), answer = std::move(answer), version] { this->answer(*request, answer, version); };
}

void SlotService::release(const fetch::Release& given_up) {
  parts_.background.post(
      [this, given_up] { parts_.cluster.release(account_name(*parts_.connection.account()), given_up.key, given_up.window); });
}

void SlotService::clock_was_set(const fetch::ClockWasSet& set) {
  parts_.log.warn("slots", "", "the clock was set by " + std::to_string(set.by.count()) + " s; all cached times count as old");
  parts_.background.post([this, now = set.now] {
    if (auto dropped = parts_.store.drop_cells_newer_than(now); !dropped) parts_.log.warn("store", "", dropped.error().detail);
  });
}

std::vector<fetch::Offer> SlotService::stored(const std::string& uri, DayRange days) {
  // If reading fails there are no copies; the store reports its problem when it is written.
  auto cells = parts_.store.cells(uri, days, parts_.clock.now() - settings_.stale_for);
  return cells ? offers_from(std::move(*cells), settings_.fresh_for) : std::vector<fetch::Offer>();
}

fetch::Grant SlotService::claim(const std::string& uri, const fetch::Claiming& claiming, const connection::Account& account) {
  cluster::ClaimTerms terms;
  terms.account = account_name(account);
  terms.uri = uri;
  for (const fetch::WantedDay& day : claiming.days) terms.days.push_back({day.day, day.least_change});
  terms.longest_window = claiming.longest_window;
  terms.seen_change = claiming.seen_change;
  terms.freshness = claiming.takes_aging ? cluster::Freshness::fresh : cluster::Freshness::not_aging;
  terms.max_age = claiming.max_age;
  cluster::Claimed claimed = parts_.cluster.claim(terms);
  fetch::Grant grant{{}, std::move(claimed.windows), std::move(claimed.held)};
  const Instant now = parts_.clock.now();
  add_offers(grant.offers, std::move(claimed.copies), now);
  add_offers(grant.offers, std::move(claimed.known), now);
  return grant;
}

fetching::FetchShell::Landing SlotService::send(const std::string& uri, const fetch::Sending& sending,
                                                const SharedAccount& account) {
  const time::Tick started = parts_.clock.tick();
  if (sending.is_again) parts_.cluster.renew(account_name(*account), uri, sending.window);
  const std::optional<InstantRange> range = askable_range(sending.window, parts_.clock.now());
  calendly::Called<std::vector<Slot>> called = std::vector<Slot>();
  if (range) {
    const calendly::CallTerms terms{sending.is_background ? calendly::Urgency::background : calendly::Urgency::visitor,
                                    sending.timeout};
    called = parts_.calendly.available_times(*account->token, uri, *range, terms);
  }
  if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) {
    const ErrorCode code = failure->error.code;
    if (code == ErrorCode::token_rejected || code == ErrorCode::insufficient_scope) {
      parts_.connection.note_problem(account->generation, failure->error);
    }
    if (failure->is_range_complaint) parts_.connection.note_short_windows(account->generation);
    parts_.log.warn("slots", sending.request_id,
                    "window " + text_from_days(sending.window) + " failed: " + failure->error.detail);
    const std::lock_guard lock(mutex_);
    ++counters_.failed;
    return failure_from(*failure);
  }
  std::vector<Slot>& slots = std::get<std::vector<Slot>>(called);
  parts_.connection.note_success(account->generation);
  const auto took = std::chrono::duration_cast<milliseconds>(parts_.clock.tick() - started);
  parts_.log.info("slots", sending.request_id,
                  std::to_string(sending.asked_days.count()) + " days, window " + text_from_days(sending.window) + ": " +
                      std::to_string(slots.size()) + " slots in " + std::to_string(took.count()) + " ms");
  fetch::Machine::Fetched fetched;
  for (DayCell& cell : cells_from_window(sending.window, std::move(slots), Instant())) {
    const std::size_t bytes = bytes_of(cell.slots);
    fetched.emplace_back(std::make_shared<const DaySlots>(std::move(cell.slots)), bytes);
  }
  if (const std::optional<calendly::RateState> rate = parts_.calendly.rate_state()) parts_.shares.set_limit(rate->limit);
  return fetched;
}

TimeStyle SlotService::listed_in(const std::string& uri, Instant start) {
  const Day day = utc_day_of(start);
  const auto style_in = [&](const DaySlots& slots) {
    const auto slot = std::find_if(slots.begin(), slots.end(), [&](const Slot& each) { return each.start == start; });
    return slot == slots.end() ? std::nullopt : std::optional(slot->listed_in);
  };
  {
    const std::lock_guard lock(mutex_);
    const fetch::Cell* cell = machine_.known(uri, day);
    if (const auto style = cell ? style_in(slots_of(*cell)) : std::nullopt) return *style;
  }
  for (const fetch::Offer& copy : stored(uri, {day, day + std::chrono::days(1)})) {
    if (const auto style = style_in(slots_of(copy.cell))) return *style;
  }
  return {};
}

void SlotService::remember(const fetch::Remember& cells) {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  const Instant now = parts_.clock.now();
  std::vector<cluster::SharedCell> shared;
  std::vector<DayCell> days;
  for (const fetch::Cell& cell : cells.cells) {
    days.push_back(day_cell_from(cell));
    const auto left = std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(time_between(now, cell.fresh_until)));
    shared.push_back({days.back(), cells.window, left, cells.seen_change});
  }
  parts_.background.post([this, key = cells.key, account, days = std::move(days), seen = cells.seen_change] {
    if (parts_.connection.account()->generation != account->generation) return;
    if (auto saved = parts_.store.save_cells(key, days, seen); !saved) parts_.log.warn("store", "", saved.error().detail);
  });
  parts_.cluster.land(account_name(*account), cells.key, cells.window, shared);
}

}  // namespace slotwire::slots
