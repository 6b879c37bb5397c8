#pragma once
// What the files of SqliteStore share: errors, times as columns, the lock.
#include <SQLiteCpp/SQLiteCpp.h>

#include "proxy/store/sqlite_store.h"

namespace slotwire::proxy {

// In the words an operator can act on.
[[nodiscard]] Error error_from_sqlite(int code);

[[nodiscard]] inline std::int64_t us_from(Instant instant) { return instant.time_since_epoch().count(); }
[[nodiscard]] inline Instant instant_from(std::int64_t us) { return Instant(std::chrono::microseconds(us)); }

template <class Work>
auto SqliteStore::guarded_by(std::mutex& mutex, Work work) -> decltype(work()) {
  const std::lock_guard lock(mutex);
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return error_from_sqlite(exception.getErrorCode());
  }
}

}  // namespace slotwire::proxy
