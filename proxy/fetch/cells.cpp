#include "proxy/fetch/cells.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace slotwire::fetch {
namespace {

std::size_t bytes_of(const Cell& cell) {
  constexpr std::size_t kBookkeeping = 200;  // map node, shared_ptr's block, the cell itself
  return kBookkeeping + cell.bytes;
}

}  // namespace

void Cells::put(const std::string& key, std::vector<Cell> cells, Instant now) {
  if (cells.empty()) return;
  Key& kept = keys_[key];
  kept.version = ++versions_;
  for (Cell& cell : cells) {
    const auto found = kept.days.find(cell.day);
    if (found != kept.days.end()) {
      const Cell& held = found->second.cell;
      // Freshness before age: after a small correction of the clock, newer data may carry the older date.
      const bool is_better = cell.is_fresh(now) == held.is_fresh(now) ? cell.fetched_at > held.fetched_at : cell.is_fresh(now);
      if (!is_better) continue;
      bytes_ -= bytes_of(held);
      --cell_count_;
    }
    bytes_ += bytes_of(cell);
    ++cell_count_;
    const Day day = cell.day;
    kept.days[day] = {std::move(cell), ++uses_};
  }
  if (bytes_ > max_bytes_) shrink();
}

const Cell* Cells::find(std::string_view key, Day day) {
  const auto kept = keys_.find(key);
  if (kept == keys_.end()) return nullptr;
  const auto found = kept->second.days.find(day);
  if (found == kept->second.days.end()) return nullptr;
  found->second.last_use = ++uses_;
  return &found->second.cell;
}

std::uint64_t Cells::version_of(std::string_view key) const {
  const auto kept = keys_.find(key);
  return kept == keys_.end() ? 0 : kept->second.version;
}

template <class IsGone>
void Cells::erase_where(IsGone is_gone) {
  for (auto key = keys_.begin(); key != keys_.end();) {
    const std::size_t before = key->second.days.size();
    std::erase_if(key->second.days, [&](const auto& entry) {
      if (!is_gone(entry.second)) return false;
      bytes_ -= bytes_of(entry.second.cell);
      --cell_count_;
      return true;
    });
    if (key->second.days.size() != before) key->second.version = ++versions_;
    key = key->second.days.empty() ? keys_.erase(key) : std::next(key);
  }
}

std::vector<std::string> Cells::keys_with_fresh(DayRange days, Instant now) const {
  std::vector<std::string> found;
  for (const auto& [key, kept] : keys_) {
    const auto last = kept.days.lower_bound(days.end);
    const auto is_fresh = [&](const auto& entry) { return entry.second.cell.is_fresh(now); };
    if (std::any_of(kept.days.lower_bound(days.begin), last, is_fresh)) found.push_back(key);
  }
  return found;
}

void Cells::outdate(DayRange days) {
  for (auto& [key, kept] : keys_) {
    const auto first = kept.days.lower_bound(days.begin);
    const auto last = kept.days.lower_bound(days.end);
    if (first == last) continue;
    kept.version = ++versions_;
    for (auto entry = first; entry != last; ++entry) entry->second.cell.outdate();
  }
}

void Cells::drop_fetched_before(Instant oldest) {
  erase_where([&](const Kept& kept) { return kept.cell.fetched_at < oldest; });
}

void Cells::distrust_ages(Instant now) {
  erase_where([&](const Kept& kept) { return kept.cell.fetched_at > now; });
  outdate_all();
}

void Cells::outdate_all() {
  outdate_keys([](const std::string&) { return true; });
}

void Cells::outdate_keys(const std::function<bool(const std::string&)>& is_meant) {
  for (auto& [key, kept] : keys_) {
    if (!is_meant(key)) continue;
    kept.version = ++versions_;
    for (auto& [day, each] : kept.days) each.cell.outdate();
  }
}

// Shrinks to nine tenths of the limit in one pass, so that a full cache does not sort at every put.
void Cells::shrink() {
  std::vector<std::pair<std::uint64_t, std::size_t>> by_use;
  for (const auto& [key, kept] : keys_) {
    for (const auto& [day, each] : kept.days) by_use.emplace_back(each.last_use, bytes_of(each.cell));
  }
  std::sort(by_use.begin(), by_use.end());
  std::size_t left = bytes_;
  std::uint64_t newest_gone = 0;
  std::uint64_t gone = 0;
  for (const auto& [last_use, bytes] : by_use) {
    if (left <= max_bytes_ / 10 * 9) break;
    left -= bytes;
    newest_gone = last_use;
    ++gone;
  }
  evicted_ += gone;
  erase_where([&](const Kept& kept) { return kept.last_use <= newest_gone; });
}

void Cells::drop(std::string_view key, DayRange days) {
  const auto kept = keys_.find(key);
  if (kept == keys_.end()) return;
  const auto first = kept->second.days.lower_bound(days.begin);
  const auto last = kept->second.days.lower_bound(days.end);
  for (auto entry = first; entry != last; ++entry) {
    bytes_ -= bytes_of(entry->second.cell);
    --cell_count_;
  }
  kept->second.days.erase(first, last);
  kept->second.version = ++versions_;
  if (kept->second.days.empty()) keys_.erase(kept);
}

void Cells::clear() {
  keys_.clear();
  bytes_ = cell_count_ = 0;
}

}  // namespace slotwire::fetch
