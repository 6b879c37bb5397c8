#pragma once
// The doors that only tests use, under /__sim/: settings, clock, faults, counters. JSON in and out.
//
//   POST   /__sim/reset             everything as it was at the start
//   GET    /__sim/account           settings; POST changes those that are given:
//            plan ("free", "paid"), requests_a_minute, may_book, calendar_trouble, longest_range_days (7, 31), horizon_days,
//            error_text ("message", "details"), shows_end_edge, timezone, event_types (how many), delete_event_types ([uuid]),
//            tokens ([{"token", "scopes"?: []}])
//   POST   /__sim/clock             {"now": RFC 3339} holds it, {"offset_s": n} lets it run
//   GET    /__sim/counters          calls, in flight, most in flight, windows; POST /__sim/counters/reset
//   GET    /__sim/requests          the last 1000
//   GET, POST, DELETE /__sim/faults see faults.h
//   POST   /__sim/take              {"event_type": uuid or slug, "start_time"}: the host's calendar fills that time
#include <httplib.h>

#include "tests/sim/world.h"

namespace slotwire::sim {

void add_control_routes(httplib::Server& server, World& world);

}  // namespace slotwire::sim
