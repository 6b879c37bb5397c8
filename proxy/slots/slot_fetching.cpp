// The shell of the fetch machine: tells it what happened, and carries out on the workers what it wants done.
#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "proxy/slots/assemble.h"
#include "proxy/slots/request.h"
#include "shared/window_plan.h"

namespace slotwire::proxy {
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
          fresh_until, fresh_until - (fresh_until - cell.fetched_at) / 5,
          window,      std::make_shared<const DaySlots>(std::move(cell.slots)),
          bytes};
}

DayCell day_cell_from(const fetch::Cell& cell) { return {cell.day, cell.fetched_at, slots_of(cell)}; }

std::vector<fetch::Offer> offers_from(std::vector<StoredCell> stored, std::chrono::seconds fresh_for) {
  constexpr std::int64_t kNothingSeen = -1;
  constexpr std::int64_t kAllSeen = std::numeric_limits<std::int64_t>::max();  // when the disk was read; the machine knows when
  std::vector<fetch::Offer> offers;
  for (StoredCell& each : stored) {
    const Day next = each.cell.day + std::chrono::days(1);
    const Instant fresh_until = each.cell.fetched_at + fresh_for;
    const bool is_outdated = each.is_outdated;
    fetch::Offer offer{cell_from(std::move(each.cell), {next - std::chrono::days(1), next}, fresh_until),
                       is_outdated ? kNothingSeen : kAllSeen};
    if (is_outdated) offer.cell.outdate();
    offers.push_back(std::move(offer));
  }
  // The disk does not know which days came by one fetch; neighbours of one age did.
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

void add_offers(std::vector<fetch::Offer>& offers, std::vector<SharedCell> shared, Instant now) {
  for (SharedCell& each : shared) {
    offers.push_back({cell_from(std::move(each.cell), each.window, now + each.fresh_for), each.seen_change});
  }
}

fetch::Failure failure_from(const CallFailure& failure) {
  using Kind = fetch::Failure::Kind;
  // A refused window says something of its dates and nothing of Calendly: a stranger may choose dates that are refused.
  const Kind kind = failure.is_ours ? Kind::ours : failure.status == 400 ? Kind::refused : Kind::trouble;
  return {failure.error, kind, failure.hint(), failure.is_range_complaint};
}

Error broke() { return {ErrorCode::internal, "The proxy failed while it asked Calendly."}; }

std::string account_name(const Account& account) {
  return cluster_account(account.record.user_uri, account.record.connected_at.value_or(Instant()));
}

}  // namespace

SlotService::Step SlotService::take_step() {
  Step step;
  for (fetch::Action& action : machine_.actions()) {
    auto* answer = std::get_if<fetch::Answer>(&action);
    if (!answer) {
      if (std::holds_alternative<fetch::ClockWasSet>(action)) prepared_.clear();
      step.rest.push_back(std::move(action));
      continue;
    }
    const auto found = requests_.find(answer->ask);
    const std::shared_ptr<Request> request = std::move(found->second);
    requests_.erase(found);
    if (const auto same = joinable_.find(request->key); same != joinable_.end() && same->second == request) joinable_.erase(same);
    const std::uint64_t version = machine_.version_of(request->type.uri);
    step.answers.push_back({request, std::move(*answer), version});
  }
  const std::optional<Tick> wake = machine_.next_wake();
  if (wake && (!woken_at_ || *wake < *woken_at_)) {
    woken_at_ = wake;
    const auto wait = std::chrono::ceil<milliseconds>(*wake - parts_.clock.tick());
    parts_.timers.post_after(std::max(milliseconds(0), wait), [this, at = *wake] {
      after([&](const fetch::Moment& now) {
        if (woken_at_ == at) woken_at_.reset();
        machine_.wake(now);
      });
    });
  }
  return step;
}

void SlotService::after(const std::function<void(const fetch::Moment&)>& event) {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    event(moment());
    step = take_step();
  }
  carry_out(std::move(step));
}

void SlotService::carry_out(Step step) {
  for (const Step::Answered& each : step.answers) answer(*each.request, each.answer, each.version);
  for (const fetch::Action& action : step.rest) {
    if (const auto* look = std::get_if<fetch::Look>(&action)) {
      Workers& workers = look->is_background ? parts_.background : parts_.fetchers;
      workers.post([this, claim = look->claim] { this->look(claim); });
    } else if (const auto* send = std::get_if<fetch::Send>(&action)) {
      Workers& workers = send->is_background ? parts_.background : parts_.fetchers;
      workers.post([this, window = send->window] { attempt(window); });
    } else if (const auto* cells = std::get_if<fetch::Remember>(&action)) {
      remember(*cells);
    } else if (const auto* given_up = std::get_if<fetch::Release>(&action)) {
      parts_.background.post([this, given_up = *given_up] {
        parts_.cluster.release(account_name(*parts_.connection.account()), given_up.key, given_up.window);
      });
    } else if (const auto* set = std::get_if<fetch::ClockWasSet>(&action)) {
      parts_.log.warn("slots", "",
                      "the clock was set by " + std::to_string(set->by.count()) + " s; all cached times count as old");
      parts_.background.post([this, now = set->now] {
        if (auto dropped = parts_.store.drop_cells_newer_than(now); !dropped)
          parts_.log.warn("store", "", dropped.error().detail);
      });
    }
  }
}

void SlotService::look(const fetch::Ref& claim) {
  try {
    find_out(claim);
  } catch (const std::exception& exception) {
    parts_.log.error("slots", "", exception.what());
    after([&](const fetch::Moment& now) { machine_.look_failed(claim, broke(), now); });
  }
}

void SlotService::find_out(const fetch::Ref& claim) {
  std::optional<fetch::Looking> looking;
  std::shared_ptr<const Account> account;
  after([&](const fetch::Moment& now) {
    looking = machine_.begin_look(claim, now);
    account = account_;
  });
  if (!looking) return;
  std::vector<fetch::Offer> stored;
  if (looking->disk) {
    // No copies when it fails: the store's own writes will say what is wrong with it.
    auto cells = parts_.store.cells(claim.key, *looking->disk, parts_.clock.now() - settings_.stale_for);
    if (cells) stored = offers_from(std::move(*cells), settings_.fresh_for);
  }
  std::optional<fetch::Claiming> claiming;
  after([&](const fetch::Moment& now) { claiming = machine_.disk_read(claim, std::move(stored), now); });
  if (!claiming) return;
  ClaimTerms terms;
  terms.account = account_name(*account);
  terms.uri = claim.key;
  for (const fetch::WantedDay& day : claiming->days) terms.days.push_back({day.day, day.least_change});
  terms.longest_window = claiming->longest_window;
  terms.seen_change = claiming->seen_change;
  terms.freshness = claiming->takes_aging ? Freshness::fresh : Freshness::not_aging;
  terms.max_age = claiming->max_age;
  Claimed claimed = parts_.cluster.claim(terms);
  fetch::Grant grant{{}, std::move(claimed.windows), std::move(claimed.held)};
  const Instant now = parts_.clock.now();
  add_offers(grant.offers, std::move(claimed.copies), now);
  add_offers(grant.offers, std::move(claimed.known), now);
  after([&](const fetch::Moment& moment) { machine_.claimed(claim, std::move(grant), moment); });
}

void SlotService::attempt(const fetch::Ref& window) {
  std::optional<fetch::Sending> sending;
  std::shared_ptr<const Account> account;
  after([&](const fetch::Moment& now) {
    sending = machine_.begin_send(window, now);
    account = account_;
  });
  if (!sending) return;
  try {
    ask_calendly(window, *sending, account);
  } catch (const std::exception& exception) {
    parts_.log.error("slots", sending->request_id, exception.what());
    after([&](const fetch::Moment& now) { machine_.failed(window, {broke(), fetch::Failure::Kind::ours}, now); });
  }
}

void SlotService::ask_calendly(const fetch::Ref& window, const fetch::Sending& sending,
                               const std::shared_ptr<const Account>& account) {
  const Tick started = parts_.clock.tick();
  if (sending.is_again) parts_.cluster.renew(account_name(*account), window.key, sending.window);
  const std::optional<InstantRange> range = askable_range(sending.window, parts_.clock.now());
  Called<std::vector<Slot>> called = std::vector<Slot>();
  if (range) {
    const CallTerms terms{sending.is_background ? Urgency::background : Urgency::visitor, sending.timeout};
    called = parts_.calendly.available_times(*account->token, window.key, *range, terms);
  }
  if (const auto* failure = std::get_if<CallFailure>(&called)) {
    const ErrorCode code = failure->error.code;
    if (code == ErrorCode::token_rejected || code == ErrorCode::insufficient_scope) {
      parts_.connection.note_problem(account->generation, failure->error);
    }
    if (failure->is_range_complaint) parts_.connection.note_short_windows(account->generation);
    parts_.log.warn("slots", sending.request_id,
                    "window " + text_from_days(sending.window) + " failed: " + failure->error.detail);
    return after([&](const fetch::Moment& now) {
      ++counters_.failed;
      machine_.failed(window, failure_from(*failure), now);
    });
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
  const std::optional<RateState> rate = parts_.calendly.rate_state();
  after([&](const fetch::Moment& now) {
    if (rate) machine_.set_rate_limit(rate->limit);
    machine_.landed(window, std::move(fetched), now);
  });
}

void SlotService::remember(const fetch::Remember& cells) {
  const std::shared_ptr<const Account> account = parts_.connection.account();
  const Instant now = parts_.clock.now();
  std::vector<SharedCell> shared;
  std::vector<DayCell> days;
  for (const fetch::Cell& cell : cells.cells) {
    days.push_back(day_cell_from(cell));
    const auto left = std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(cell.fresh_until - now));
    shared.push_back({days.back(), cells.window, left, cells.seen_change});
  }
  parts_.background.post([this, key = cells.key, account, days = std::move(days), seen = cells.seen_change] {
    if (parts_.connection.account()->generation != account->generation) return;
    if (auto saved = parts_.store.save_cells(key, days, seen); !saved) parts_.log.warn("store", "", saved.error().detail);
  });
  parts_.cluster.land(account_name(*account), cells.key, cells.window, shared);
}

}  // namespace slotwire::proxy
