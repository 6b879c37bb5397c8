// Single days with a known cause: what is named first, how certain it is, and what visitors may be told.
#include "proxy/why/judge.h"

#include <catch_amalgamated.hpp>

#include "proxy/why/hours.h"
#include "tests/why/host.h"

namespace slotwire::tests {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using why::Cause;
using why::Certainty;

const Day kTuesday = day("2026-01-06");
const Day kSunday = day("2026-01-11");

Instant at(Day of, int hour, int minute = 0) { return Instant(of) + hours(hour) + minutes(minute); }

std::vector<Cause> causes(const why::Verdict& verdict) {
  std::vector<Cause> found;
  for (const why::Reason& reason : verdict.reasons) found.push_back(reason.cause);
  return found;
}

const Error kNoAnswer{ErrorCode::calendly_unavailable, "Calendly did not answer in time."};

struct Planted {
  const char* name;
  void (*plant)(Host& host);
  std::vector<Cause> wanted;
  Certainty certainty;
  const char* message;  // part of the first reason's message
  const char* for_visitors = "";
  Day asked = kTuesday;
};

const std::vector<Planted> kPlanted = {
    {"no hours on the weekday",
     [](Host& host) { host.account.hours.weekly[2] = {}; },
     {Cause::no_hours},
     Certainty::certain,
     "no hours on Tuesdays",
     "There are no times on Tuesdays."},
    {"off on the date",
     [](Host& host) { host.account.hours.dates[kTuesday] = {}; },
     {Cause::override_off},
     Certainty::certain,
     "other hours for this date",
     "There are no times on this day."},
    {"hours that are too short",
     [](Host& host) {
       host.account.hours.weekly[2] = {{hours(9), hours(9) + minutes(20)}};
     },
     {Cause::hours_too_short},
     Certainty::certain,
     "shorter than the 30 minutes"},
    {"busy",
     [](Host& host) {
       host.account.busy = {{at(kTuesday, 0), at(kTuesday, 24)}};
     },
     {Cause::busy},
     Certainty::certain,
     "busy for all 6 starts"},
    {"booked",
     [](Host& host) {
       for (int i = 0; i < 6; ++i) host.book(host.type, at(kTuesday, 9, 30 * i));
     },
     {Cause::all_booked},
     Certainty::certain,
     "take all 6 starts"},
    {"buffers",
     [](Host& host) {
       host.type.before_buffer_min = host.type.after_buffer_min = 180;
       host.account.event_types.at(0) = host.type;
       host.book(host.account.event_types.at(1), at(kTuesday, 10));
     },
     {Cause::buffers, Cause::all_booked},
     Certainty::certain,
     "Buffers around other meetings take 5 of the 6 starts"},
    {"a group's places",
     [](Host& host) {
       host.type.seats = 2;
       for (int i = 0; i < 6; ++i) host.book(host.type, at(kTuesday, 9, 30 * i), 2);
     },
     {Cause::group_full},
     Certainty::certain,
     "All places are taken"},
    {"the limit of a day",
     [](Host& host) {
       host.account.limits.daily = 1;
       host.book(host.account.event_types.at(1), at(kTuesday, 15));
     },
     {Cause::daily_limit},
     Certainty::certain,
     "limit of 1 meeting a day"},
    {"the limit of a week, reached on another day",
     [](Host& host) {
       host.account.limits.weekly = 2;
       for (const int hour : {15, 16}) host.book(host.account.event_types.at(1), at(kTuesday + days(2), hour));
     },
     {Cause::weekly_limit},
     Certainty::certain,
     "a week (from Sunday)"},
    {"the limit of a month",
     [](Host& host) {
       host.account.limits.monthly = 1;
       host.book(host.account.event_types.at(1), at(day("2026-01-30"), 15));
     },
     {Cause::monthly_limit},
     Certainty::certain,
     "a month"},
    {"a notice of two days",
     [](Host& host) { host.type.notice_min = 2 * 24 * 60; },
     {Cause::minimum_notice},
     Certainty::likely,
     "10:30 on 2026-01-07"},
    {"the event type's own limit",
     [](Host& host) {
       host.type.daily_limit = 1;
       host.book(host.type, at(kTuesday + days(2), 9));
     },
     {Cause::type_limit, Cause::all_booked},
     Certainty::likely,
     "its own limit a day",
     "",
     kTuesday + days(2)},
    {"the end of the days that may be booked",
     [](Host& host) { host.account.horizon_days = 3; },
     {Cause::booking_horizon},
     Certainty::likely,
     "further ahead than may be booked",
     "",
     day("2026-01-09")},
    {"a day that is over",
     [](Host&) {},
     {Cause::day_over},
     Certainty::certain,
     "over in UTC",
     "This day is over.",
     day("2026-01-04")},
    {"a day whose last start is over",
     [](Host& host) { host.now = at(day("2026-01-05"), 13); },
     {Cause::past},
     Certainty::certain,
     "has passed",
     "",
     day("2026-01-05")},
    {"a poll",
     [](Host& host) {
       host.type.is_poll = true;
       host.account.busy = {{at(kTuesday, 0), at(kTuesday, 24)}};
     },
     {Cause::busy, Cause::meeting_poll},
     Certainty::certain,
     "busy"},
    {"off on the date, and busy",
     [](Host& host) {
       host.account.hours.dates[kTuesday] = {};
       host.account.busy = {{at(kTuesday, 0), at(kTuesday, 24)}};
     },
     {Cause::override_off, Cause::busy},
     Certainty::certain,
     "other hours for this date",
     "There are no times on this day."},
    {"busy in the morning, booked afterwards",
     [](Host& host) {
       host.account.busy = {{at(kTuesday, 9), at(kTuesday, 11)}};
       for (const int minute : {0, 30}) host.book(host.type, at(kTuesday, 11, minute));
     },
     {Cause::busy, Cause::all_booked},
     Certainty::certain,
     "busy for 4 of the 6 starts"},
};

}  // namespace

TEST_CASE("judged: each planted cause is named first, and two of them both", "[why]") {
  for (const Planted& planted : kPlanted) {
    INFO(planted.name);
    Host host;
    planted.plant(host);
    const why::Verdict verdict = judged(host.facts(planted.asked, "UTC"));
    CHECK(verdict.free.empty());
    REQUIRE(!verdict.reasons.empty());
    const why::Reason& first = verdict.reasons.front();
    INFO(first.message);
    CHECK(causes(verdict) == planted.wanted);
    CHECK(first.certainty == planted.certainty);
    CHECK(first.message.find(planted.message) != std::string::npos);
    CHECK(verdict.for_visitors == planted.for_visitors);
  }
}

TEST_CASE("judged: clocks that skip the day's only hour are the cause, and only on that day", "[why]") {
  Host host;
  host.account.timezone = "Europe/Berlin";
  for (auto& weekday : host.account.hours.weekly) weekday = {{hours(2), hours(3)}};
  host.now = instant("2026-03-25T10:00:00Z");
  const why::Verdict verdict = judged(host.facts(day("2026-03-29"), "Europe/Berlin"));
  CHECK(causes(verdict) == std::vector{Cause::clock_change});
  CHECK(verdict.reasons.at(0).certainty == Certainty::certain);
  REQUIRE(verdict.timeline.size() == 1);
  CHECK(verdict.timeline[0].time.end - verdict.timeline[0].time.begin == hours(23));
  CHECK(judged(host.facts(day("2026-03-28"), "Europe/Berlin")).reasons.empty());
  CHECK(judged(host.facts(day("2026-03-30"), "Europe/Berlin")).reasons.empty());
}

TEST_CASE("instant_at: times that are skipped, and times that come twice", "[why]") {
  const auto berlin = zone_of("Europe/Berlin");
  CHECK(why::instant_at(*berlin, day("2026-03-29"), hours(1)) == instant("2026-03-29T00:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-03-29"), hours(2)) == instant("2026-03-29T01:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-03-29"), hours(2) + minutes(30)) == instant("2026-03-29T01:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-03-29"), hours(3)) == instant("2026-03-29T01:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-10-25"), hours(2)) == instant("2026-10-25T00:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-10-25"), hours(3)) == instant("2026-10-25T02:00:00Z"));
  CHECK(why::instant_at(*berlin, day("2026-10-25"), hours(24)) == instant("2026-10-25T23:00:00Z"));
  const auto far = zone_of("Pacific/Kiritimati");
  CHECK(why::instant_at(*far, day("2026-06-01"), hours(0)) == instant("2026-05-31T10:00:00Z"));
}

TEST_CASE("judged: what stands between visitors and Calendly comes before the day's own causes", "[why]") {
  struct Case {
    const char* name;
    void (*plant)(why::Facts& facts);
    std::vector<Cause> wanted;
  };
  const std::vector<Case> cases = {
      {"nothing connected", [](why::Facts& facts) { facts.mode = ConnectionMode::none; }, {Cause::not_connected}},
      {"public mode", [](why::Facts& facts) { facts.mode = ConnectionMode::public_links; }, {Cause::public_mode}},
      {"no key fits the token",
       [](why::Facts& facts) {
         facts.shown = facts.problem = Error{ErrorCode::token_unreadable, "no"};
       },
       {Cause::token_unreadable, Cause::no_hours}},
      {"a token that was revoked",
       [](why::Facts& facts) {
         facts.shown = facts.problem = Error{ErrorCode::token_rejected, "no"};
       },
       {Cause::token_rejected, Cause::no_hours}},
      {"a scope that is missing",
       [](why::Facts& facts) {
         facts.shown = Error{ErrorCode::insufficient_scope, "no", {{"accessToken", "is missing the scope availability:read"}}};
       },
       {Cause::scope_missing, Cause::no_hours}},
      {"an unknown event type",
       [](why::Facts& facts) {
         facts.is_type_known = false;
         facts.shown = Error{ErrorCode::event_type_not_found, "no"};
         facts.type.reset();
       },
       {Cause::event_type_not_found}},
      {"a deleted event type",
       [](why::Facts& facts) {
         facts.type = Error{ErrorCode::event_type_not_found, "no"};
       },
       {Cause::event_type_deleted}},
      {"one that is switched off",
       [](why::Facts& facts) { (*facts.type)->is_active = false; },
       {Cause::event_type_inactive, Cause::no_hours}},
      {"one that is switched off, and has hours",
       [](why::Facts& facts) {
         (*facts.type)->is_active = false;
         (*facts.hours)->front().schedule.weekly[2] = {{hours(9), hours(12)}};
       },
       {Cause::event_type_inactive}},
      {"one that was off when last read, and cannot be read now",
       [](why::Facts& facts) {
         facts.is_listed_active = false;
         facts.type = kNoAnswer;
       },
       {Cause::event_type_inactive}},
      {"one that was off when last read, and is on by now",
       [](why::Facts& facts) { facts.is_listed_active = false; },
       {Cause::event_type_inactive, Cause::no_hours}},
      {"no calls left",
       [](why::Facts& facts) {
         facts.shown = Error{ErrorCode::calendly_rate_limited, "no"};
       },
       {Cause::budget_spent, Cause::no_hours}},
      {"a copy, since Calendly fails",
       [](why::Facts& facts) { (*facts.shown)->is_copy_because = ErrorCode::calendly_unavailable; },
       {Cause::copy_stale, Cause::calendly_unavailable, Cause::no_hours}},
      {"a copy, since no calls are left",
       [](why::Facts& facts) { (*facts.shown)->is_copy_because = ErrorCode::calendly_rate_limited; },
       {Cause::budget_spent, Cause::copy_stale, Cause::no_hours}},
      {"no copy, and Calendly fails",
       [](why::Facts& facts) { facts.shown = kNoAnswer; },
       {Cause::calendly_unavailable, Cause::no_hours}},
      {"the host's calendar cannot be read",
       [](why::Facts& facts) {
         facts.shown = Error{ErrorCode::calendar_error, "no"};
       },
       {Cause::calendar_unreadable, Cause::no_hours}},
  };
  for (const Case& each : cases) {
    INFO(each.name);
    Host host;
    host.account.hours.weekly[2] = {};
    why::Facts facts = host.facts(kTuesday, "UTC");
    each.plant(facts);
    const why::Verdict verdict = judged(facts);
    CHECK(causes(verdict) == each.wanted);
    CHECK(verdict.reasons.front().certainty == Certainty::certain);
    CHECK(!verdict.reasons.front().message.empty());
    CHECK(!verdict.reasons.front().action.empty());
  }
  // Named, so that the admin knows which box to tick.
  Host host;
  why::Facts facts = host.facts(kTuesday, "UTC");
  facts.shown = Error{ErrorCode::insufficient_scope, "no", {{"accessToken", "is missing the scope availability:read"}}};
  CHECK(judged(facts).reasons.front().message.find("missing: availability:read.") != std::string::npos);
}

// Calendly was not called after many failures, nothing could be read, and the answer was "unexplained, likely".
TEST_CASE("judged: what could not be read is the reason where nothing else is known", "[why]") {
  const std::vector<std::pair<ErrorCode, Cause>> cases = {
      {ErrorCode::calendly_unavailable, Cause::calendly_unavailable},
      {ErrorCode::calendly_rate_limited, Cause::budget_spent},
      {ErrorCode::token_rejected, Cause::token_rejected},
      {ErrorCode::insufficient_scope, Cause::scope_missing},
  };
  for (const auto& [code, cause] : cases) {
    why::Facts facts = Host().facts(kTuesday, "UTC");
    (*facts.shown)->starts.clear();
    const Error error{code, "no", {{"accessToken", "is missing the scope availability:read"}}};
    facts.type = error;
    facts.hours = error;
    facts.busy = error;
    facts.limits = error;
    const why::Verdict verdict = judged(facts);
    CHECK(causes(verdict) == std::vector{cause});
    CHECK(verdict.reasons.front().certainty == Certainty::certain);
    CHECK(verdict.unread.size() == 4);
  }
  why::Facts facts = Host().facts(kTuesday, "UTC");
  (*facts.shown)->starts.clear();
  facts.busy = Error{ErrorCode::insufficient_scope, "no", {{"accessToken", "is missing the scope availability:read"}}};
  CHECK(judged(facts).reasons.front().message ==
        "The access token may not read what would say why. It is missing: availability:read.");
}

// A Saturday without hours: "copy_stale, certain: a copy that is 3 minutes old" came first, although visitors were shown the same
// copy as fresh.
TEST_CASE("judged: a copy that is still fresh is no reason, though no younger one could be had", "[why]") {
  Host host;
  host.account.hours.weekly[2] = {};
  why::Facts facts = host.facts(kTuesday, "UTC");
  (*facts.shown)->is_newer_missing_by = ErrorCode::calendly_unavailable;
  CHECK(causes(judged(facts)) == std::vector{Cause::no_hours});
  // With working hours, Calendly may list more than the copy has by now, so nothing is concluded from it.
  why::Facts open = Host().facts(kTuesday, "UTC");
  (*open.shown)->starts.clear();
  (*open.shown)->is_newer_missing_by = ErrorCode::calendly_rate_limited;
  const why::Verdict verdict = judged(open);
  CHECK(causes(verdict) == std::vector{Cause::budget_spent});
  CHECK(verdict.reasons.front().certainty == Certainty::likely);
  CHECK_FALSE(days_to_probe(open));
}

// The text was "a copy that is 1 minutes old".
TEST_CASE("judged: one minute is one minute", "[why]") {
  why::Facts facts = Host().facts(kTuesday, "UTC");
  (*facts.shown)->starts.clear();
  (*facts.shown)->is_copy_because = ErrorCode::calendly_unavailable;
  for (const auto& [age, text] : {std::pair(1, "a copy that is 1 minute old"), std::pair(2, "a copy that is 2 minutes old")}) {
    (*facts.shown)->fetched_at = facts.now - minutes(age);
    CHECK(judged(facts).reasons.front().message.find(text) != std::string::npos);
  }
}

TEST_CASE("judged: what other hosts might offer makes nothing certain", "[why]") {
  Host host;
  host.type.pooling_type = "round_robin";
  host.account.hours.weekly[2] = {};
  const why::Verdict verdict = judged(host.facts(kTuesday, "UTC"));
  CHECK(causes(verdict) == std::vector{Cause::no_hours});
  CHECK(verdict.reasons.front().certainty == Certainty::likely);
  CHECK(verdict.for_visitors.empty());

  Host own;
  own.account.hours.weekly[2] = {};
  why::Facts usual = own.facts(kTuesday, "UTC");
  usual.are_hours_of_type = false;
  CHECK(judged(usual).reasons.front().certainty == Certainty::likely);
}

TEST_CASE("judged: where nothing explains it, that is said, with where to look", "[why]") {
  Host host;
  why::Facts facts = host.facts(kTuesday + days(2), "UTC");
  (*facts.shown)->starts = {at(kTuesday, 9), at(kTuesday + days(3), 9)};  // on both neighbouring days, and none on the day
  const why::Verdict verdict = judged(facts);
  CHECK(causes(verdict) == std::vector{Cause::unexplained});
  CHECK(verdict.reasons.front().starts == 6);
  CHECK(verdict.reasons.front().action.find("troubleshooting") != std::string::npos);
}

TEST_CASE("days_to_probe: asked for only when they would tell", "[why]") {
  Host host;
  host.account.horizon_days = 20;
  why::Facts far = host.facts(kTuesday + days(40), "UTC");
  REQUIRE(days_to_probe(far));
  CHECK(*days_to_probe(far) == DayRange{day("2026-01-05"), day("2026-01-11")});
  CHECK(causes(judged(far)) == std::vector{Cause::unexplained});
  far.probe = host.shown(*days_to_probe(far), *far.zone);
  CHECK(causes(judged(far)) == std::vector{Cause::booking_horizon});
  CHECK_FALSE(days_to_probe(far));

  // A minimum notice longer than the days that are known.
  host.account.horizon_days = 60;
  host.type.notice_min = 8 * 24 * 60;
  why::Facts near = host.facts(kTuesday, "UTC");
  REQUIRE(days_to_probe(near));
  CHECK(*days_to_probe(near) == DayRange{day("2026-01-11"), day("2026-01-17")});
  near.probe = host.shown(*days_to_probe(near), *near.zone);
  CHECK(causes(judged(near)) == std::vector{Cause::minimum_notice});

  host.type.notice_min = 0;
  CHECK_FALSE(days_to_probe(host.facts(kTuesday, "UTC")));
  host.account.busy = {{at(kTuesday, 0), at(kTuesday + days(30), 0)}};
  CHECK_FALSE(days_to_probe(host.facts(kTuesday, "UTC")));
  why::Facts blind = host.facts(kSunday, "UTC");
  blind.busy = kNoAnswer;
  CHECK_FALSE(days_to_probe(blind));
}

}  // namespace slotwire::tests
