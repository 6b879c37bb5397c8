#pragma once
// Day cells in memory under a cap: least recently used ones go first. Not thread-safe; the owner locks.
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/day_cells.h"

namespace slotwire::proxy {

struct CachedCell {
  std::shared_ptr<const DayCell> cell;  // outlives its place in the cache
  DayRange window;                      // the fetch it came from
  Instant fresh_until;
  Instant refresh_from;  // the last fifth of its life begins
};

class CellCache {
 public:
  explicit CellCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Takes each cell unless a newer one of its day is there.
  void put(const std::string& event_type_uri, std::vector<CachedCell> cells);
  // nullptr when unknown; valid until the next call. Counts as a use.
  [[nodiscard]] const CachedCell* find(std::string_view event_type_uri, Day day);
  // Changes whenever a cell of this event type comes or goes.
  [[nodiscard]] std::uint64_t version_of(std::string_view event_type_uri) const;
  // The event types of which a cell of these days is fresh.
  [[nodiscard]] std::vector<std::string> types_with_fresh(DayRange days, Instant now) const;
  // Slots of these days changed: cells of any event type count as too old.
  void expire(DayRange days);
  void drop_fetched_before(Instant oldest);
  // The wall clock was set: no age is known any more. Cells from after `now` go, all others count as too old.
  void distrust_ages(Instant now);
  void clear();

  [[nodiscard]] std::size_t cell_count() const { return cell_count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

 private:
  struct Kept {
    CachedCell cached;
    std::uint64_t last_use = 0;
  };
  struct Type {
    std::map<Day, Kept> days;
    std::uint64_t version = 0;
  };
  template <class IsGone>
  void erase_where(IsGone is_gone);
  void shrink();

  std::size_t max_bytes_;
  std::map<std::string, Type, std::less<>> types_;
  std::size_t bytes_ = 0;
  std::size_t cell_count_ = 0;
  std::uint64_t uses_ = 0;
  std::uint64_t versions_ = 0;  // never reused, so that a type that went and came back has a new one
  std::uint64_t evicted_ = 0;
};

}  // namespace slotwire::proxy
