#pragma once
// The cached free slots of one event type, and the windows that still have to be requested from the proxy. Pure: the clock is an
// argument. Days here are UTC days; a day that failed or was never answered is unknown, never "empty".
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/answers.h"
#include "shared/day_cells.h"

namespace slotwire::web {

// Copies older than this are requested again while they are visible; the old ones stay on screen meanwhile.
inline constexpr std::chrono::minutes kRecheckAfter{5};

// Why something could not be loaded. `code` is the API's error code, or "offline" if the network is not available.
struct Failure {
  std::string code;
  std::optional<Instant> retry_at;
  bool operator==(const Failure&) const = default;
};

enum class Knowledge { known, loading, failed, not_requested };

class Availability {
 public:
  struct Window {
    std::uint32_t id;
    DayRange days;
  };

  // Ids start at `first_id`, so that late answers for an earlier event type can be recognised.
  explicit Availability(std::uint32_t first_id = 1) : next_id_(first_id) {}
  [[nodiscard]] std::uint32_t next_id() const { return next_id_; }

  // The fewest windows that cover those of `days` that are not fresh, requested or failed already. They count as requested from
  // now on.
  [[nodiscard]] std::vector<Window> request_days(std::span<const Day> days, Instant now);
  // A window of one day, even if its copy is fresh or has failed; nullopt if it is already requested.
  [[nodiscard]] std::optional<Window> request_again(Day day);
  // Windows of all days in the range that the proxy has answered, even if fresh, except those that are already requested. Windows
  // contain no other day.
  [[nodiscard]] std::vector<Window> request_known_again(DayRange days);
  // Both return false and change nothing if no request with this id is pending (an answer for what is no longer shown).
  bool take_answer(std::uint32_t id, const SlotsAnswer& answer, Instant now);
  bool take_failure(std::uint32_t id, const Failure& failure);
  // Makes failed days requestable again: all, or those whose retry time has come.
  void forget_failures();
  void forget_failures_due(Instant now);

  [[nodiscard]] Knowledge knowledge_of(Day day) const;
  [[nodiscard]] const Failure* failure_of(Day day) const;
  // The oldest fetch time among the days that the proxy answered from stale copies; nullopt if there are none.
  [[nodiscard]] std::optional<Instant> oldest_stale(DayRange days) const;
  [[nodiscard]] const DayCells& cells() const { return cells_; }
  // True while days without any data are being loaded; refreshing known days does not count.
  [[nodiscard]] bool is_waiting() const;
  [[nodiscard]] bool is_waiting_for(Day day) const;
  // When the proxy last answered for this day.
  [[nodiscard]] std::optional<Instant> answered_at(Day day) const;

  // When the next of `days` must be refreshed, or a failed one may be retried.
  [[nodiscard]] std::optional<Instant> next_check(std::span<const Day> days) const;

 private:
  // What the proxy has answered for a day, apart from its slots.
  struct DayStatus {
    Day day;
    std::optional<Failure> failure = {};
    std::optional<Instant> answered_at = {};
    std::optional<Instant> stale_from = {};  // when the stale copy was fetched
  };
  [[nodiscard]] const DayStatus* find_status(Day day) const;
  [[nodiscard]] DayStatus& status_of(Day day);
  Window wait_for(DayRange days);
  // Ends a pending request and returns its days; nullopt if there is no such request.
  [[nodiscard]] std::optional<DayRange> take_waiting(std::uint32_t id);

  DayCells cells_;
  std::vector<Window> waiting_;
  // Sorted vectors: maps would add more code to the widget than they save for a few hundred days.
  std::vector<DayStatus> statuses_;  // ascending
  std::uint32_t next_id_;
};

}  // namespace slotwire::web
