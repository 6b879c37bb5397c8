#pragma once
// The simulator's whole state, for the request handlers.
#include <mutex>
#include <string>

#include "tests/sim/account.h"
#include "tests/sim/booking_ledger.h"
#include "tests/sim/clock.h"
#include "tests/sim/counters.h"
#include "tests/sim/faults.h"
#include "tests/sim/rate_meter.h"
#include "tests/sim/webhook_deliveries.h"

namespace slotwire::sim {

struct World {
  Clock clock;
  Counters counters;
  Faults faults;
  RateMeter rate;
  WebhookDeliveries deliveries;

  std::string page_base;  // address of the booking pages, without a trailing slash
  Account first_account;  // restored by a reset

  std::mutex mutex;  // guards the members below
  Account account;
  BookingLedger ledger;
};

}  // namespace slotwire::sim
