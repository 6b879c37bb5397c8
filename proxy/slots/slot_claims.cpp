// The part of SlotService that finds out who fetches what: copies on disk, cells of other servers, and the windows that are left.
#include <algorithm>

#include "proxy/slots/flight.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;

// A server that lands or gives up says so; this is for words that were lost.
constexpr milliseconds kLookAgain{1'000};

CachedCell cached_from(SharedCell shared, Instant now) {
  const Instant fresh_until = now + shared.fresh_for;
  const Instant refresh_from = fresh_until - (fresh_until - shared.cell.fetched_at) / 5;
  return {std::make_shared<const DayCell>(std::move(shared.cell)), shared.window, fresh_until, refresh_from};
}

}  // namespace

void SlotService::join(const std::shared_ptr<Pending>& pending, const std::shared_ptr<Waited>& waited) {
  if (pending->open.insert(waited.get()).second) waited->waiters.push_back(pending);
}

void SlotService::add_claim(std::shared_ptr<Claim> claim) {
  claim->deadline = parts_.clock.tick() + kCallDeadline;
  claims_.emplace(claim->uri, claim);
  post_look(claim, milliseconds(0));
}

void SlotService::post_look(const std::shared_ptr<Claim>& claim, milliseconds wait) {
  Workers& workers = claim->urgency == Urgency::visitor ? parts_.fetchers : parts_.background;
  workers.post_after(wait, [this, claim, turn = ++claim->turn] {
    {
      const std::lock_guard lock(mutex_);
      if (claim->turn != turn || claim->is_looking) return;
      claim->is_looking = true;
    }
    look(claim);
  });
}

void SlotService::heard_settled(const std::string& event_type_uri, DayRange days) {
  const std::lock_guard lock(mutex_);
  const auto [first, last] = claims_.equal_range(event_type_uri);
  for (auto entry = first; entry != last; ++entry) {
    const std::shared_ptr<Claim>& claim = entry->second;
    if (std::none_of(claim->days.begin(), claim->days.end(), [&](Day day) { return days.contains(day); })) continue;
    if (claim->is_looking) {
      claim->look_again = true;
    } else {
      post_look(claim, milliseconds(0));
    }
  }
}

// The cell, when nobody has to be asked for this day.
const CachedCell* SlotService::fresh_cell(const Claim& claim, Day day) {
  const Instant now = parts_.clock.now();
  const CachedCell* cached = cells_.find(claim.uri, day);
  if (!cached || now >= cached->fresh_until) return nullptr;
  if (claim.urgency == Urgency::background && now >= cached->refresh_from) return nullptr;
  return !claim.max_age || now - cached->cell->fetched_at <= *claim.max_age ? cached : nullptr;
}

void SlotService::look(const std::shared_ptr<Claim>& claim) {
  Result<std::vector<StoredCell>> stored = std::vector<StoredCell>();
  std::int64_t seen_before = 0;
  {
    const std::lock_guard lock(mutex_);
    seen_before = seen_change_;
  }
  if (!claim->has_read_disk) {
    const DayRange days{*claim->days.begin(), *claim->days.rbegin() + std::chrono::days(1)};
    // No copies when it fails: the store's own writes will say what is wrong with it.
    stored = parts_.store.cells(claim->uri, days, parts_.clock.now() - settings_.stale_for);
  }
  ClaimTerms terms;
  Finished finished;
  {
    const std::lock_guard lock(mutex_);
    claim->has_read_disk = true;
    if (claim->account->generation == generation_ && stored) {
      // What changed while the disk was read is not in what it said.
      for (StoredCell& each : *stored) each.is_outdated |= least_change(each.cell.day) > seen_before;
      take_copies(claim->uri, std::move(*stored));
    }
    settle_fresh(claim, finished);
    terms.account = cluster_account(claim->account->record.user_uri, claim->account->record.connected_at.value_or(Instant()));
    terms.uri = claim->uri;
    terms.longest_window = window_of(*claim->account);
    terms.seen_change = seen_change_;
    terms.freshness = claim->urgency == Urgency::visitor ? Freshness::fresh : Freshness::not_aging;
    terms.max_age = claim->max_age;
    for (const Day day : claim->days) terms.days.push_back({day, least_change(day)});
  }
  Claimed claimed;
  if (!terms.days.empty()) claimed = parts_.cluster.claim(terms);
  {
    const std::lock_guard lock(mutex_);
    claim->is_looking = false;
    const auto [first, last] = claims_.equal_range(claim->uri);
    const bool is_current = std::any_of(first, last, [&](const auto& entry) { return entry.second == claim; });
    if (is_current) {
      take_shared(claim->uri, std::move(claimed.copies));
      take_shared(claim->uri, std::move(claimed.known));
      settle_fresh(claim, finished);
      fly(claim, claimed.windows);
      const bool is_waiting = !claim->days.empty();
      if (!is_waiting || claim->urgency == Urgency::background) {
        end_claim(claim, finished);
      } else if (parts_.clock.tick() >= claim->deadline) {
        const Error error{
            ErrorCode::calendly_unavailable, "Another server did not get an answer in time.", {}, std::chrono::seconds(1)};
        for (const auto& pending : claim->waiters) {
          settle_days(*pending, *claim, {*claim->days.begin(), *claim->days.rbegin() + std::chrono::days(1)}, error, true);
        }
        end_claim(claim, finished);
      } else {
        // What is left and not held became known too late, or too old for somebody who joined: asked for again at once.
        const bool is_held = std::all_of(claim->days.begin(), claim->days.end(), [&](Day day) {
          return std::binary_search(claimed.held.begin(), claimed.held.end(), day);
        });
        post_look(claim, is_held && !claim->look_again ? kLookAgain : milliseconds(0));
      }
      claim->look_again = false;
    }
  }
  finish(finished);
}

// Days whose cell will do are settled for all who wait, and are the claim's no longer.
void SlotService::settle_fresh(const std::shared_ptr<Claim>& claim, Finished& finished) {
  std::erase_if(claim->days, [&](Day day) {
    const CachedCell* cached = fresh_cell(*claim, day);
    if (!cached) return false;
    for (const auto& pending : claim->waiters) {
      if (pending->has_left || !pending->days.contains(day) || pending->outcomes.contains(day)) continue;
      pending->outcomes[day] = {WindowSource::cache, *cached, std::nullopt};
    }
    return true;
  });
  if (claim->days.empty()) end_claim(claim, finished);
}

void SlotService::fly(const std::shared_ptr<Claim>& claim, const std::vector<DayRange>& windows) {
  auto batch = std::make_shared<Batch>();
  for (const DayRange window : windows) {
    auto flight = std::make_shared<Flight>();
    static_cast<Waited&>(*flight) = *claim;
    flight->waiters.clear();
    flight->window = window;
    flight->cluster_account =
        cluster_account(claim->account->record.user_uri, claim->account->record.connected_at.value_or(Instant()));
    flight->batch = batch;
    for (const auto& pending : claim->waiters) {
      const auto is_lacked = [&](Day day) {
        return window.contains(day) && pending->days.contains(day) && !pending->outcomes.contains(day);
      };
      if (!pending->has_left && std::any_of(claim->days.begin(), claim->days.end(), is_lacked)) join(pending, flight);
    }
    std::erase_if(claim->days, [&](Day day) { return window.contains(day); });
    flights_.emplace(flight->uri, flight);
    batch->waiting.push_back(std::move(flight));
  }
  launch_next(batch);
}

void SlotService::end_claim(const std::shared_ptr<Claim>& claim, Finished& finished) {
  std::erase_if(claims_, [&](const auto& entry) { return entry.second == claim; });
  ++claim->turn;
  for (const auto& pending : claim->waiters) {
    pending->open.erase(claim.get());
    leave_if_settled(pending, finished);
  }
  claim->waiters.clear();
}

void SlotService::take_copies(const std::string& uri, std::vector<StoredCell> stored) {
  const Instant now = parts_.clock.now();
  std::vector<CachedCell> cells;
  for (StoredCell& each : stored) {
    const Instant fetched_at = each.cell.fetched_at;
    if (fetched_at > now) continue;  // the clock was set back since: of unknown age
    if (const CachedCell* held = cells_.find(uri, each.cell.day); held && held->cell->fetched_at >= fetched_at) continue;
    const Day next = each.cell.day + std::chrono::days(1);
    CachedCell cached{std::make_shared<const DayCell>(std::move(each.cell)),
                      {next - std::chrono::days(1), next},
                      fetched_at + settings_.fresh_for,
                      fetched_at + settings_.fresh_for * 4 / 5};
    if (each.is_outdated) cached.fresh_until = cached.refresh_from = Instant::min();
    cells.push_back(std::move(cached));
  }
  if (cells.empty()) return;
  // The disk does not know which days came by one fetch; neighbours of one age did.
  for (std::size_t begin = 0; begin < cells.size();) {
    std::size_t end = begin + 1;
    while (end < cells.size() && cells[end].cell->day == cells[end - 1].window.end &&
           cells[end].cell->fetched_at == cells[begin].cell->fetched_at) {
      ++end;
    }
    const DayRange window{cells[begin].window.begin, cells[end - 1].window.end};
    for (; begin < end; ++begin) cells[begin].window = window;
  }
  cells_.put(uri, std::move(cells));
}

void SlotService::take_shared(const std::string& uri, std::vector<SharedCell> shared) {
  const Instant now = parts_.clock.now();
  std::vector<CachedCell> cells;
  for (SharedCell& each : shared) {
    const Day day = each.cell.day;
    const bool is_outdated = each.seen_change < least_change(day);
    const CachedCell* held = cells_.find(uri, day);
    if (held && (now < held->fresh_until || is_outdated) && held->cell->fetched_at >= each.cell.fetched_at) continue;
    CachedCell cached = cached_from(std::move(each), now);
    if (is_outdated) cached.fresh_until = cached.refresh_from = Instant::min();
    cells.push_back(std::move(cached));
  }
  if (!cells.empty()) cells_.put(uri, std::move(cells));
}

}  // namespace slotwire::proxy
