#include "proxy/pages/times.h"

#include <algorithm>

#include "proxy/pages/words.h"

namespace slotwire::pages {

Times times_from(const SlotsAnswer& answer, const ZoneOffsets& zone, Instant now, const Language& language, const Links& links) {
  Times times{.zone = answer.timezone, .days = answer.days, .free = {}, .is_complete = answer.complete};
  for (const DaySlots& day : slots_by_day(answer.slots, zone)) {
    FreeDay free{.day = day.day, .times = {}};
    for (const Slot& slot : day.slots) {
      free.times.push_back({clock_text(language, slot.start, zone), text_from_instant(slot.start),
                            links.to(slot.scheduling_url, answer.timezone, day.day), slot.invitees_remaining});
    }
    times.free.push_back(std::move(free));
  }
  if (answer.stale && answer.fetched_at)
    times.age = std::chrono::floor<std::chrono::seconds>(std::max(now - *answer.fetched_at, Instant::duration::zero()));
  return times;
}

}  // namespace slotwire::pages
