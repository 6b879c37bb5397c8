#pragma once
// What a visitor can pick: a free start of an event type, and the event type itself.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/calendar.h"
#include "shared/time_style.h"

namespace slotwire {

// EventType::place of an event type with several: the visitor chooses when booking.
inline constexpr std::string_view kSeveralPlaces = "several";

// Free by being here: Calendly lists only status "available". A slot has no end of its own: end = start + duration.
struct Slot {
  static constexpr int kMostPlaces = 32'767;  // more are not told apart
  Slot() = default;
  Slot(Instant begin, int places, std::string url, TimeStyle written = {})
      : start(begin), listed_in(written), scheduling_url(std::move(url)) {
    set_places(places);
  }
  void set_places(int places) { invitees_remaining = static_cast<std::int16_t>(std::min(places, kMostPlaces)); }

  Instant start;
  std::int16_t invitees_remaining = 1;
  std::uint16_t of = 0;  // in an answer of several event types: whose it is (SlotsAnswer::types)
  TimeStyle listed_in;   // as Calendly writes the start
  std::string scheduling_url;
  bool operator==(const Slot&) const = default;
};

// The public part of a Calendly event type. Internal notes and owners are never read, so they cannot leak.
struct EventType {
  std::string uri;
  std::string name;
  std::string slug;
  std::chrono::minutes duration{};
  std::vector<std::chrono::minutes> duration_options;  // empty: only `duration`
  std::string description;
  std::string color;  // "#rrggbb" or empty
  std::string kind;   // "solo" or "group"
  std::string locale;
  std::string scheduling_url;
  bool active = true;
  bool secret = false;  // answers by uri or uuid, never listed
  std::string host;     // whose it is, as its booking page says: a person's name or a team's; empty: not said
  std::string place;    // Calendly's kind of its only place ("zoom_conference", "physical" ...); empty: none
  bool operator==(const EventType&) const = default;
};

// The last path segment: "https://api.calendly.com/event_types/ZZZ" -> "ZZZ".
[[nodiscard]] std::string_view uuid_from_uri(std::string_view uri);

}  // namespace slotwire
