#include "proxy/why/timeline.h"

#include <algorithm>
#include <set>

#include "proxy/why/starts.h"

namespace slotwire::why {
namespace {

bool covers(const std::vector<InstantRange>& ranges, Instant instant) {
  return std::any_of(ranges.begin(), ranges.end(), [&](InstantRange range) { return range.contains(instant); });
}

struct Grounds {
  std::vector<InstantRange> open;
  std::vector<InstantRange> weekly;
  std::vector<Kept> kept;
};

Piece piece_at(const Facts& facts, const Grounds& grounds, Instant instant) {
  if (instant < facts.now) return Piece::past;
  const bool knows_hours = known(facts.hours) != nullptr;
  if (knows_hours && !covers(grounds.open, instant)) return covers(grounds.weekly, instant) ? Piece::off : Piece::closed;
  std::optional<Piece> taken;
  for (const Kept& kept : grounds.kept) {
    std::optional<Piece> by;
    if (kept.buffered.contains(instant)) by = Piece::buffer;
    if (kept.time.contains(instant)) by = kept.is_booking ? Piece::booked : Piece::busy;
    if (by && (!taken || *by < *taken)) taken = by;
  }
  if (taken) return *taken;
  return knows_hours && known(facts.busy) ? Piece::open : Piece::unknown;
}

}  // namespace

std::string_view name_from_piece(Piece piece) {
  switch (piece) {
    case Piece::past:
      return "past";
    case Piece::closed:
      return "closed";
    case Piece::off:
      return "off";
    case Piece::booked:
      return "booked";
    case Piece::busy:
      return "busy";
    case Piece::buffer:
      return "buffer";
    case Piece::open:
      return "open";
    case Piece::unknown:
      return "unknown";
  }
  return "unknown";
}

std::vector<TimelinePiece> timeline_of(const Facts& facts) {
  const InstantRange day = facts.zone->instants_of({facts.day, facts.day + std::chrono::days(1)});
  Grounds grounds;
  if (const auto* hours = known(facts.hours)) {
    grounds.open = open_hours(*hours, day, Reading::as_set);
    grounds.weekly = open_hours(*hours, day, Reading::without_dates);
  }
  grounds.kept = kept_times(facts);

  std::set<Instant> edges = {day.begin, day.end, facts.now};
  const auto add = [&](InstantRange range) { edges.insert({range.begin, range.end}); };
  for (const InstantRange& range : grounds.open) add(range);
  for (const InstantRange& range : grounds.weekly) add(range);
  for (const Kept& kept : grounds.kept) {
    add(kept.time);
    add(kept.buffered);
  }
  std::vector<TimelinePiece> pieces;
  for (auto edge = edges.lower_bound(day.begin); edge != edges.end() && *edge < day.end; ++edge) {
    const Piece piece = piece_at(facts, grounds, *edge);
    const Instant end = *std::next(edge);
    if (!pieces.empty() && pieces.back().piece == piece) {
      pieces.back().time.end = end;
    } else {
      pieces.push_back({{*edge, end}, piece});
    }
  }
  return pieces;
}

}  // namespace slotwire::why
