#include "proxy/slots/cell_cache.h"

#include <algorithm>

namespace slotwire::proxy {
namespace {

std::size_t bytes_of(const DayCell& cell) {
  constexpr std::size_t kBookkeeping = 160;  // map node, shared_ptr's block, the cell itself
  std::size_t bytes = kBookkeeping;
  for (const Slot& slot : cell.slots) bytes += sizeof(Slot) + slot.scheduling_url.capacity();
  return bytes;
}

}  // namespace

void CellCache::put(const std::string& event_type_uri, std::vector<CachedCell> cells) {
  Type& type = types_[event_type_uri];
  type.version = ++versions_;
  for (CachedCell& cached : cells) {
    const Day day = cached.cell->day;
    const auto found = type.days.find(day);
    if (found != type.days.end()) {
      if (found->second.cached.cell->fetched_at > cached.cell->fetched_at) continue;
      bytes_ -= bytes_of(*found->second.cached.cell);
      --cell_count_;
    }
    bytes_ += bytes_of(*cached.cell);
    ++cell_count_;
    type.days[day] = {std::move(cached), ++uses_};
  }
  if (bytes_ > max_bytes_) shrink();
}

const CachedCell* CellCache::find(std::string_view event_type_uri, Day day) {
  const auto type = types_.find(event_type_uri);
  if (type == types_.end()) return nullptr;
  const auto found = type->second.days.find(day);
  if (found == type->second.days.end()) return nullptr;
  found->second.last_use = ++uses_;
  return &found->second.cached;
}

std::uint64_t CellCache::version_of(std::string_view event_type_uri) const {
  const auto type = types_.find(event_type_uri);
  return type == types_.end() ? 0 : type->second.version;
}

template <class IsGone>
void CellCache::erase_where(IsGone is_gone) {
  for (auto type = types_.begin(); type != types_.end();) {
    const std::size_t before = type->second.days.size();
    std::erase_if(type->second.days, [&](const auto& entry) {
      if (!is_gone(entry.second)) return false;
      bytes_ -= bytes_of(*entry.second.cached.cell);
      --cell_count_;
      return true;
    });
    if (type->second.days.size() != before) type->second.version = ++versions_;
    type = type->second.days.empty() ? types_.erase(type) : std::next(type);
  }
}

std::vector<std::string> CellCache::types_with_fresh(DayRange days, Instant now) const {
  std::vector<std::string> uris;
  for (const auto& [uri, type] : types_) {
    const auto last = type.days.lower_bound(days.end);
    const auto is_fresh = [&](const auto& entry) { return now < entry.second.cached.fresh_until; };
    if (std::any_of(type.days.lower_bound(days.begin), last, is_fresh)) uris.push_back(uri);
  }
  return uris;
}

void CellCache::expire(DayRange days) {
  for (auto& [uri, type] : types_) {
    const auto first = type.days.lower_bound(days.begin);
    const auto last = type.days.lower_bound(days.end);
    if (first == last) continue;
    type.version = ++versions_;
    for (auto entry = first; entry != last; ++entry) {
      entry->second.cached.fresh_until = entry->second.cached.refresh_from = Instant::min();
    }
  }
}

void CellCache::drop_fetched_before(Instant oldest) {
  erase_where([&](const Kept& kept) { return kept.cached.cell->fetched_at < oldest; });
}

void CellCache::distrust_ages(Instant now) {
  erase_where([&](const Kept& kept) { return kept.cached.cell->fetched_at > now; });
  for (auto& [uri, type] : types_) {
    type.version = ++versions_;
    for (auto& [day, kept] : type.days) kept.cached.fresh_until = kept.cached.refresh_from = Instant::min();
  }
}

// To nine tenths of the cap in one sweep, so that a full cache does not sort itself at every put.
void CellCache::shrink() {
  std::vector<std::pair<std::uint64_t, std::size_t>> by_use;
  for (const auto& [uri, type] : types_) {
    for (const auto& [day, kept] : type.days) by_use.emplace_back(kept.last_use, bytes_of(*kept.cached.cell));
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

void CellCache::clear() {
  types_.clear();
  bytes_ = cell_count_ = 0;
}

}  // namespace slotwire::proxy
