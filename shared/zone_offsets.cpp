#include "shared/zone_offsets.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace slotwire {
namespace {

using std::chrono::seconds;

auto first_after(const std::vector<ZoneTransition>& transitions, Instant instant) {
  return std::upper_bound(transitions.begin(), transitions.end(), instant,
                          [](Instant at, const ZoneTransition& transition) { return at < transition.at; });
}

}  // namespace

ZoneOffsets::ZoneOffsets(seconds first_offset, std::vector<ZoneTransition> transitions)
    : first_offset_(first_offset), transitions_(std::move(transitions)) {
  assert(std::is_sorted(transitions_.begin(), transitions_.end(),
                        [](const ZoneTransition& a, const ZoneTransition& b) { return a.at < b.at; }));
}

seconds ZoneOffsets::offset_at(Instant instant) const {
  const auto next = first_after(transitions_, instant);
  return next == transitions_.begin() ? first_offset_ : std::prev(next)->offset_after;
}

Day ZoneOffsets::local_day_of(Instant instant) const { return utc_day_of(instant + offset_at(instant)); }

std::chrono::microseconds ZoneOffsets::local_time_of(Instant instant) const {
  const Instant wall = instant + offset_at(instant);
  return wall - Instant{utc_day_of(wall)};
}

bool ZoneOffsets::is_ambiguous(Instant instant) const {
  const Instant wall = instant + offset_at(instant);
  seconds before = first_offset_;
  for (const ZoneTransition& transition : transitions_) {
    // Clocks going back show [at + after, at + before) twice.
    if (transition.at + transition.offset_after <= wall && wall < transition.at + before) return true;
    before = transition.offset_after;
  }
  return false;
}

Instant ZoneOffsets::start_of(Day day) const {
  // Local time only jumps at transitions. So the first instant with local day >= day is midnight in the offset of its stretch, or
  // the moment of a transition that jumps past midnight.
  Instant stretch_begin = Instant::min();
  seconds offset = first_offset_;
  for (const ZoneTransition& transition : transitions_) {
    const Instant midnight = Instant{day} - offset;
    if (stretch_begin != Instant::min() && midnight < stretch_begin) return stretch_begin;
    if (midnight < transition.at) return midnight;
    stretch_begin = transition.at;
    offset = transition.offset_after;
  }
  const Instant midnight = Instant{day} - offset;
  return stretch_begin != Instant::min() ? std::max(midnight, stretch_begin) : midnight;
}

InstantRange ZoneOffsets::instants_of(DayRange days) const { return {start_of(days.begin), start_of(days.end)}; }

std::vector<DaySlots> slots_by_day(std::span<const Slot> slots, const ZoneOffsets& zone) {
  std::vector<DaySlots> days;
  std::size_t first = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    // Where clocks went back across midnight (St. John's until 2011), a day that has begun does not end again; start_of() uses
    // the same rule.
    const Day wall_day = zone.local_day_of(slots[i].start);
    const Day day = days.empty() ? wall_day : std::max(wall_day, days.back().day);
    if (days.empty() || days.back().day != day) {
      days.push_back({day, {}});
      first = i;
    }
    days.back().slots = slots.subspan(first, i - first + 1);
  }
  return days;
}

}  // namespace slotwire
