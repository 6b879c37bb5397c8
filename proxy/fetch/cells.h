#pragma once
// The cached days of each key, up to a size limit; least recently used cells are evicted first. Pure; not thread-safe.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::fetch {

// One UTC day as fetched. The payload's type is known only to its owner.
struct Cell {
  Day day;
  Instant fetched_at;
  Instant fresh_until;   // never after fetched_at in an outdated cell
  Instant refresh_from;  // start of the last fifth of its life
  DayRange window;       // the window of the fetch it came from
  std::shared_ptr<const void> payload = nullptr;
  std::size_t bytes = 0;  // of the payload

  [[nodiscard]] bool is_fresh(Instant now) const { return now < fresh_until && !is_outdated(); }
  [[nodiscard]] bool is_outdated() const { return fresh_until <= fetched_at; }
  // Turns the cell into an outdated copy.
  void outdate() { fresh_until = refresh_from = fetched_at; }
};

class Cells {
 public:
  explicit Cells(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Stores each cell unless a better one of its day is stored: one that is fresh at `now`, or otherwise a newer one.
  void put(const std::string& key, std::vector<Cell> cells, Instant now);
  // nullptr when unknown; valid until the next call. Counts as a use.
  [[nodiscard]] const Cell* find(std::string_view key, Day day);
  // Changes whenever a cell of this key is added, removed or outdated.
  [[nodiscard]] std::uint64_t version_of(std::string_view key) const;
  // The keys that have a fresh cell within these days.
  [[nodiscard]] std::vector<std::string> keys_with_fresh(DayRange days, Instant now) const;
  // These days changed: their cells become copies, under every key.
  void outdate(DayRange days);
  void outdate_all();
  void outdate_keys(const std::function<bool(const std::string&)>& is_meant);
  void drop(std::string_view key, DayRange days);
  void drop_fetched_before(Instant oldest);
  // The wall clock was set, so ages are no longer reliable. Cells dated after `now` are dropped; all others become copies.
  void distrust_ages(Instant now);
  void clear();

  [[nodiscard]] std::size_t cell_count() const { return cell_count_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

 private:
  struct Kept {
    Cell cell;
    std::uint64_t last_use = 0;
  };
  struct Key {
    std::map<Day, Kept> days;
    std::uint64_t version = 0;
  };
  template <class IsGone>
  void erase_where(IsGone is_gone);
  void shrink();

  std::size_t max_bytes_;
  std::map<std::string, Key, std::less<>> keys_;
  std::size_t bytes_ = 0;
  std::size_t cell_count_ = 0;
  std::uint64_t uses_ = 0;
  std::uint64_t versions_ = 0;  // never reused, so a key that was dropped and came back has a new version
  std::uint64_t evicted_ = 0;
};

}  // namespace slotwire::fetch
