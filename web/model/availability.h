#pragma once
// What the widget knows of one event type's free slots, and which windows it still has to ask the proxy for. Pure: the clock
// is an argument. Days here are UTC days; a day that failed or was never answered is unknown, never "empty".
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/answers.h"
#include "shared/day_cells.h"

namespace slotwire::web {

// Copies older than this are asked for again while they are looked at; the old ones stay on screen meanwhile.
inline constexpr std::chrono::minutes kRecheckAfter{5};

// Why something could not be loaded. `code` is the wire's error code, or "offline" when nothing was reached.
struct Failure {
  std::string code;
  std::optional<Instant> retry_at;
  bool operator==(const Failure&) const = default;
};

enum class Knowledge { known, loading, failed, unasked };

class Availability {
 public:
  struct Window {
    std::uint32_t id;
    DayRange days;
  };

  // Ids count up from `first_id`, so that answers meant for an earlier event type are told apart.
  explicit Availability(std::uint32_t first_id = 1) : next_id_(first_id) {}
  [[nodiscard]] std::uint32_t next_id() const { return next_id_; }

  // The fewest windows that make `days` known, leaving out what is known and fresh, on its way or failed. They count as
  // on their way from now on.
  [[nodiscard]] std::vector<Window> ask_for(std::span<const Day> days, Instant now);
  // One day, however fresh its copy is and whether it failed or not; nullopt while it is on its way already.
  [[nodiscard]] std::optional<Window> ask_again(Day day);
  // Every day of the range that the proxy has spoken of, however fresh its copy is; without those that are on their way.
  // Windows hold no other day.
  [[nodiscard]] std::vector<Window> ask_again_known(DayRange days);
  // Both ignore an id that is not on its way (an answer for what is no longer shown) and return false then.
  bool take_answer(std::uint32_t id, const SlotsAnswer& answer, Instant now);
  bool take_failure(std::uint32_t id, const Failure& failure);
  // Failed days may be asked for again: all, or those whose time to retry has come.
  void forget_failures();
  void forget_failures_due(Instant now);

  [[nodiscard]] Knowledge knowledge_of(Day day) const;
  [[nodiscard]] const Failure* failure_of(Day day) const;
  // The oldest fetch among the days that the proxy answered from old copies; nullopt when there is none.
  [[nodiscard]] std::optional<Instant> oldest_stale(DayRange days) const;
  [[nodiscard]] const DayCells& cells() const { return cells_; }
  // For days of which nothing is known yet; another look at what is known is nobody's wait.
  [[nodiscard]] bool is_waiting() const;
  [[nodiscard]] bool is_waiting_for(Day day) const;
  // When the proxy last spoke of this day.
  [[nodiscard]] std::optional<Instant> answered_at(Day day) const;

  // When the next of `days` is due to be asked for again, or a failed one may be.
  [[nodiscard]] std::optional<Instant> next_check(std::span<const Day> days) const;

 private:
  // What the proxy has said of a day, beside its slots.
  struct Heard {
    Day day;
    std::optional<Failure> failure = {};
    std::optional<Instant> answered_at = {};
    std::optional<Instant> stale_from = {};  // when the old copy was fetched
  };
  [[nodiscard]] const Heard* find_heard(Day day) const;
  [[nodiscard]] Heard& heard_of(Day day);
  Window wait_for(DayRange days);
  // The days of a window that was on its way, and no longer is.
  [[nodiscard]] std::optional<DayRange> take_waiting(std::uint32_t id);

  DayCells cells_;
  std::vector<Window> waiting_;
  // Plain lists: maps would cost the widget more than they save in a few hundred days.
  std::vector<Heard> heard_;  // ascending
  std::uint32_t next_id_;
};

}  // namespace slotwire::web
