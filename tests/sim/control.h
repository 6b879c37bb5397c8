#pragma once
// Calls that only tests use, under /__sim/: settings, clock, faults, counters. JSON in and out.
//
//   POST   /__sim/reset             restores the initial state
//   GET    /__sim/account           settings; POST changes the given ones:
//            plan ("free", "paid"), requests_a_minute, may_book, calendar_trouble, longest_range_days (7, 31), horizon_days,
//            host (see planted.h), edit_event_types ([{"uuid", "name"?, "duration"?, "active"?, and what planted.h says}]);
//            subscribers are notified when types change, unless silently (true); webhook_events_refused ([event]: 400 for
//            subscriptions to one of them); error_text ("message", "details"), shows_end_edge, timezone, event_types (their
//            number), delete_event_types ([uuid]), tokens ([{"token", "scopes"?: []}]); odd_event_types (true adds them),
//            plain_times (no decimals, no query), times_like (example of an instant: times are written in its style),
//            books_only_listed_text (start_time must be the listed text, not another form), names_error_codes,
//            refuses_cancel_reasons, lists_page_tokens (false: only next_page), names_required_scopes, plan_gates ([endpoint]:
//            403 "Please upgrade ..."), books_polls_and_paid
//   POST   /__sim/clock             {"now": RFC 3339} stops it there, {"offset_s": n} shifts it
//   GET    /__sim/counters          calls, in flight, maximum in flight, windows; POST /__sim/counters/reset
//   GET    /__sim/requests          the last 1000
//   GET, POST, DELETE /__sim/faults see faults.h
//   POST   /__sim/take              {"event_type": uuid or slug, "start_time"}: makes that time busy in the host's calendar
#include <httplib.h>

#include "tests/sim/world.h"

namespace slotwire::sim {

void add_control_routes(httplib::Server& server, World& world);

}  // namespace slotwire::sim
