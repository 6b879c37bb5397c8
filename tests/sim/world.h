#pragma once
// Everything the simulator knows, for those who answer requests.
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

  std::string page_base;  // where the booking pages are, without a slash at the end
  Account first_account;  // what a reset goes back to

  std::mutex mutex;  // guards what follows
  Account account;
  BookingLedger ledger;
};

}  // namespace slotwire::sim
