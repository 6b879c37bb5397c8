#pragma once
// The doors that only tests use, under /__sim/: settings, clock, faults, counters. JSON in and out.
//
//   POST   /__sim/reset             everything as it was at the start
//   GET    /__sim/account           settings; POST changes those that are given:
//            plan ("free", "paid"), requests_a_minute, may_book, calendar_trouble, longest_range_days (7, 31), horizon_days,
//            host (see planted.h), edit_event_types ([{"uuid", "name"?, "duration"?, "active"?, and what planted.h says}]);
//            subscribers are told of types that change, unless silently (true); webhook_events_refused ([event]: 400 for
//            subscriptions that ask for one); error_text ("message", "details"), shows_end_edge, timezone, event_types (how
//            many), delete_event_types ([uuid]), tokens ([{"token", "scopes"?: []}]); odd_event_types (true adds them),
//            plain_times (no decimals, no query), times_like (a text of any instant: theirs are written so),
//            books_only_listed_text (start_time as it was listed, not any text of that instant), names_error_codes,
//            refuses_cancel_reasons, lists_page_tokens (false: next_page alone), names_required_scopes, plan_gates ([endpoint]:
//            403 "Please upgrade ..."), books_polls_and_paid
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
