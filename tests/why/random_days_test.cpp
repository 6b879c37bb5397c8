// Random hosts and days by seed, including clock changes, with invariants that always hold.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <random>

#include "proxy/why/judge.h"
#include "proxy/why/starts.h"
#include "tests/environment.h"
#include "tests/why/host.h"

namespace slotwire::tests {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using why::Cause;

// SLOTWIRE_SIMULATION_SEEDS=n: so many days.
const auto kSeeds = static_cast<unsigned>(number_in_environment("SLOTWIRE_SIMULATION_SEEDS", 600));

struct Case {
  Host host;
  Day asked;
  std::string zone;
};

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  int from(int least, int most) { return std::uniform_int_distribution<int>(least, most)(engine_); }
  bool one_in(int n) { return from(1, n) == 1; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all.at(static_cast<std::size_t>(from(0, static_cast<int>(all.size()) - 1)));
  }

 private:
  std::minstd_rand engine_;
};

std::vector<sim::WallSpan> random_spans(Chance& chance) {
  std::vector<sim::WallSpan> spans;
  minutes at(0);
  for (int i = chance.from(0, 3); i > 0; --i) {
    const minutes from = at + minutes(15 * chance.from(0, 28));
    const minutes to = std::min<minutes>(hours(24), from + minutes(15 * chance.from(1, 20)));
    if (from >= to) break;
    spans.push_back({from, to});
    at = to;
  }
  return spans;
}

Case random_case(unsigned seed) {
  Chance chance(seed);
  const std::vector<std::string> zones = {"UTC",
                                          "Europe/Berlin",
                                          "America/New_York",
                                          "Asia/Kolkata",
                                          "Pacific/Auckland",
                                          "Australia/Lord_Howe",
                                          "America/St_Johns",
                                          "Pacific/Kiritimati"};
  // Dates near the clock changes of these zones, and some others.
  const std::vector<std::string> dates = {"2026-03-08", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-04",
                                          "2026-10-25", "2026-11-01", "2026-06-17", "2026-12-31", "2026-02-28"};
  Case made;
  Host& host = made.host;
  made.zone = chance.of(zones);
  made.asked = day(chance.of(dates)) + days(chance.from(-1, 1));
  host.account.timezone = chance.one_in(2) ? made.zone : chance.of(zones);
  for (auto& weekday : host.account.hours.weekly) weekday = random_spans(chance);
  if (chance.one_in(3))
    host.account.hours.dates[made.asked] = chance.one_in(2) ? std::vector<sim::WallSpan>() : random_spans(chance);
  host.type.duration_min = 15 * chance.from(1, 8);
  if (chance.one_in(2)) host.type.increment_min = chance.of(std::vector<int>{10, 15, 20, 30, 45, 60});
  if (chance.one_in(3)) host.type.before_buffer_min = chance.of(std::vector<int>{5, 15, 60, 180});
  if (chance.one_in(3)) host.type.after_buffer_min = chance.of(std::vector<int>{5, 15, 60, 180});
  if (chance.one_in(4)) host.type.seats = chance.from(2, 3);
  sim::EventTypeRecord& other = host.account.event_types.at(1);
  other.duration_min = 15 * chance.from(1, 6);
  other.after_buffer_min = chance.of(std::vector<int>{0, 0, 10, 90});
  host.account.event_types.at(0) = host.type;

  const Instant begin(made.asked);
  const int before = chance.from(-26, 24 * 9);
  host.now = begin - hours(before) + minutes(chance.from(0, 59));
  for (int i = chance.from(0, 3); i > 0; --i) {
    const Instant from = begin + minutes(15 * chance.from(-60, 140));
    host.account.busy.push_back({from, from + minutes(15 * chance.from(1, chance.one_in(4) ? 96 : 12))});
  }
  for (int i = chance.from(0, 3); i > 0; --i) host.book(other, begin + minutes(15 * chance.from(-60, 140)));
  const why::Facts facts = host.facts(made.asked, made.zone);
  const auto starts = why::starts_of(facts, facts.zone->instants_of({made.asked, made.asked + days(1)}));
  for (int i = chance.from(0, 2); i > 0 && !starts.empty(); --i)
    host.book(host.type, chance.of(starts).at, chance.from(1, host.type.seats));
  if (chance.one_in(5)) host.account.limits.daily = chance.from(1, 3);
  if (chance.one_in(8)) host.account.limits.weekly = chance.from(1, 5);
  if (chance.one_in(8)) host.account.limits.monthly = chance.from(1, 5);
  return made;
}

InstantRange range_of(const why::Facts& facts) { return facts.zone->instants_of({facts.day, facts.day + days(1)}); }

std::string told(const why::Verdict& verdict) {
  std::string text;
  for (const why::Reason& reason : verdict.reasons) {
    text += std::string(name_from_cause(reason.cause)) + ' ' + std::string(name_from_certainty(reason.certainty)) + ' ' +
            std::to_string(reason.starts) + ": " + reason.message + ' ' + reason.action + '\n';
  }
  for (const why::TimelinePiece& piece : verdict.timeline) {
    text += text_from_instant(piece.time.begin) + ' ' + std::string(name_from_piece(piece.piece)) + '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("random days: the timeline covers the day, without gaps, and neighbours differ", "[why][random]") {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const Case made = random_case(seed);
    const why::Facts facts = made.host.facts(made.asked, made.zone);
    const auto pieces = why::timeline_of(facts);
    REQUIRE(!pieces.empty());
    CHECK(pieces.front().time.begin == range_of(facts).begin);
    CHECK(pieces.back().time.end == range_of(facts).end);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      CHECK(pieces[i].time.begin < pieces[i].time.end);
      if (i == 0) continue;
      CHECK(pieces[i - 1].time.end == pieces[i].time.begin);
      CHECK(pieces[i - 1].piece != pieces[i].piece);
    }
  }
}

TEST_CASE("random days: what hours, calendars, buffers and limits leave is what the simulator lists", "[why][random]") {
  std::size_t free_days = 0;
  std::size_t free_starts = 0;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const Case made = random_case(seed);
    const why::Facts facts = made.host.facts(made.asked, made.zone);
    std::vector<Instant> left;
    const auto pieces = why::timeline_of(facts);
    for (const why::Start& start : why::starts_of(facts, range_of(facts))) {
      if (!start.taken_by.empty()) continue;
      left.push_back(start.at);
      // A group event with places left keeps the host busy, and is still offered.
      const Instant end = start.at + minutes(made.host.type.duration_min);
      for (const why::TimelinePiece& piece : pieces) {
        if (piece.time.begin < end && start.at < piece.time.end) CHECK(piece.piece == why::Piece::open);
      }
    }
    CHECK(left == made.host.free_in(range_of(facts)));
    free_days += left.empty() ? 0 : 1;
    free_starts += left.size();
  }
  CHECK(free_days > kSeeds / 5);  // neither all empty nor all free, otherwise this would prove nothing
  CHECK(free_days < kSeeds * 9 / 10);
  CHECK(free_starts > 1000);
}

TEST_CASE("random days: an empty day has a reason that holds, and a free one has none", "[why][random]") {
  std::set<Cause> seen;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const Case made = random_case(seed);
    const why::Facts facts = made.host.facts(made.asked, made.zone);
    const why::Verdict verdict = judged(facts);
    CHECK(verdict.free == made.host.free_in(range_of(facts)));
    CHECK(verdict.reasons.empty() == !verdict.free.empty());
    CHECK(verdict.unread.empty());
    for (const why::Reason& reason : verdict.reasons) {
      INFO(reason.message);
      // All causes can be read, so every reason must be certain.
      CHECK(reason.certainty == why::Certainty::certain);
      CHECK(reason.cause <= Cause::buffers);
      CHECK(reason.message.ends_with('.'));
      CHECK(!reason.action.empty());
      seen.insert(reason.cause);
    }
  }
  for (const Cause cause : {Cause::day_over, Cause::no_hours, Cause::override_off, Cause::hours_too_short, Cause::daily_limit,
                            Cause::past, Cause::all_booked, Cause::group_full, Cause::busy, Cause::buffers}) {
    INFO(name_from_cause(cause));
    CHECK(seen.contains(cause));
  }
}

TEST_CASE("random days: the order in which facts come changes nothing", "[why][random]") {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const Case made = random_case(seed);
    why::Facts facts = made.host.facts(made.asked, made.zone);
    const std::string before = told(judged(facts));
    std::minstd_rand engine(seed);
    std::shuffle((*facts.busy)->begin(), (*facts.busy)->end(), engine);
    std::shuffle((*facts.bookings)->begin(), (*facts.bookings)->end(), engine);
    CHECK(told(judged(facts)) == before);
  }
}

TEST_CASE("random days: whatever fact is missing, an empty day has a reason, and what is missing is said", "[why][random]") {
  const Error why_not{ErrorCode::calendly_unavailable, "Calendly did not answer in time."};
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    Chance chance(seed + 77);
    const Case made = random_case(seed);
    why::Facts facts = made.host.facts(made.asked, made.zone);
    std::size_t missing = 0;
    const auto lose = [&](auto& fact) {
      if (!chance.one_in(3)) return;
      fact = why_not;
      ++missing;
    };
    lose(facts.type);
    lose(facts.hours);
    lose(facts.busy);
    lose(facts.limits);
    lose(facts.bookings);
    lose(facts.shown);
    const why::Verdict verdict = judged(facts);
    CHECK(verdict.reasons.empty() == !verdict.free.empty());
    CHECK(verdict.unread.size() == missing);
    if (facts.shown && !*facts.shown) CHECK(verdict.free.empty());
    CHECK(!verdict.timeline.empty());
    if (!why::known(facts.hours) || !why::known(facts.busy)) {
      for (const why::TimelinePiece& piece : verdict.timeline) CHECK(piece.piece != why::Piece::open);
    }
    (void)days_to_probe(facts);
  }
}

}  // namespace slotwire::tests
