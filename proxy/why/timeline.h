#pragma once
// A day from its first to its last moment, each stretch with what becomes of it. Pure.
#include <string_view>
#include <vector>

#include "proxy/why/facts.h"

namespace slotwire::why {

enum class Piece {
  past,
  closed,   // outside of the hours
  off,      // within the weekday's hours, which the date's own replace
  booked,   // by Calendly
  busy,     // in a calendar that is checked for conflicts
  buffer,   // around one of these
  open,     // what is left
  unknown,  // what would tell could not be read
};
[[nodiscard]] std::string_view name_from_piece(Piece piece);

struct TimelinePiece {
  InstantRange time;
  Piece piece = Piece::unknown;
  bool operator==(const TimelinePiece&) const = default;
};

// Ascending, without gaps from the day's begin to its end in the zone that was asked for; neighbours differ.
[[nodiscard]] std::vector<TimelinePiece> timeline_of(const Facts& facts);

}  // namespace slotwire::why
