#pragma once
// A simulated host, and the facts that can be read about it. The judgement must find from these facts what the simulator knows
// from its whole state.
#include <string>

#include "proxy/time/zones.h"
#include "proxy/why/facts.h"
#include "tests/sim/availability.h"

namespace slotwire::tests {

inline Day day(std::string_view text) { return day_from_text(text).value(); }
inline Instant instant(std::string_view text) { return instant_from_text(text).value(); }

struct Host {
  sim::Account account;
  sim::BookingLedger ledger;
  sim::EventTypeRecord type;
  Instant now = instant("2026-01-05T10:00:00Z");

  // Works every day from nine to twelve UTC, and has no hidden settings.
  Host();
  void book(const sim::EventTypeRecord& booked, Instant start, int guests = 1);
  [[nodiscard]] std::vector<Instant> free_in(InstantRange range) const;
  // The facts as a caller reads them who asks about this day in this zone.
  [[nodiscard]] why::Facts facts(Day day, const std::string& zone) const;
  [[nodiscard]] why::Shown shown(DayRange days, const ZoneOffsets& zone) const;
};

[[nodiscard]] std::shared_ptr<const ZoneOffsets> zone_of(const std::string& name);

}  // namespace slotwire::tests
