#pragma once
// What a visitor can choose: a free start time of an event type, and the event type itself.
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

// EventType::place of an event type with several places: the visitor chooses one when booking.
inline constexpr std::string_view kSeveralPlaces = "several";

// A free time: every Slot is free, since only entries with status "available" are kept. It has no end: end = start + duration.
struct Slot {
  static constexpr int kMostPlaces = 32'767;  // larger numbers are cut to this one
  Slot() = default;
  Slot(Instant begin, int places, std::string url, TimeStyle written = {})
      : start(begin), listed_in(written), scheduling_url(std::move(url)) {
    set_places(places);
  }
  void set_places(int places) { invitees_remaining = static_cast<std::int16_t>(std::min(places, kMostPlaces)); }

  Instant start;
  std::int16_t invitees_remaining = 1;
  std::uint16_t of = 0;  // in an answer of several event types: index into SlotsAnswer::types
  TimeStyle listed_in;   // how Calendly wrote the start
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
  bool secret = false;  // readable by uri or uuid, never listed
  std::string host;     // the owner named on its booking page: a person or a team; empty: unknown
  std::string place;    // Calendly's kind of location, if there is one ("zoom_conference", "physical" ...); empty: none
  bool operator==(const EventType&) const = default;
};

// The last path segment: "https://api.calendly.com/event_types/ZZZ" -> "ZZZ".
[[nodiscard]] std::string_view uuid_from_uri(std::string_view uri);

}  // namespace slotwire
