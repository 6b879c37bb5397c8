#pragma once
// What the files of PostgresStore share: the change log.
#include "proxy/store/postgres_store.h"

namespace slotwire::proxy {

// First in a transaction that logs a change, or right after what decides whether there is one: the counter's row is held until
// the commit, so ids come in the order of commits, without gaps, and nobody who has read up to N will ever find a smaller one.
// Returns the change's id.
std::int64_t log_change(PgConnection& connection, Change::Kind kind, DayRange days = {});

}  // namespace slotwire::proxy
