#pragma once
// A whole day, divided into ranges with their state. Pure.
#include <string_view>
#include <vector>

#include "proxy/why/facts.h"

namespace slotwire::why {

enum class Piece {
  past,
  closed,   // outside of the hours
  off,      // within the weekday's hours, which an exception for this date replaces
  booked,   // by Calendly
  busy,     // in a calendar that is checked for conflicts
  buffer,   // around booked or busy time
  open,     // the rest
  unknown,  // the fact that would decide could not be read
};
[[nodiscard]] std::string_view name_from_piece(Piece piece);

struct TimelinePiece {
  InstantRange time;
  Piece piece = Piece::unknown;
  bool operator==(const TimelinePiece&) const = default;
};

// Ascending, without gaps, from the day's begin to its end in the requested zone; adjacent pieces differ.
[[nodiscard]] std::vector<TimelinePiece> timeline_of(const Facts& facts);

}  // namespace slotwire::why
