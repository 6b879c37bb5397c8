#pragma once
// A few connections to PostgreSQL for many threads. When it is gone, one caller at a time finds that out; the others are told
// at once, so that no thread of a visitor stands still for it.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "proxy/store/pg_connection.h"

namespace slotwire::store {

class PgPool {
 public:
  explicit PgPool(secrets::SecretString url) : url_(std::move(url)) {}

  // Runs `work(PgConnection&)`, which gives a Result, with two seconds for all of it. Errors: what `work` gives, and
  // storage_failed for whatever PostgreSQL said or did not say.
  // One statement; run again on a new connection when the kept one turns out to be closed. Reads only.
  template <class Work>
  auto reading(Work work) -> decltype(work(std::declval<PgConnection&>())) {
    return guarded([&](PgConnection& connection) { return work(connection); });
  }
  // One transaction. When the answer to its end does not come, nobody knows whether it was made: whoever tries again must
  // be able to do so without harm.
  template <class Work>
  auto writing(Work work) -> decltype(work(std::declval<PgConnection&>())) {
    bool has_begun = false;
    return guarded(
        [&](PgConnection& connection) {
          connection.run("BEGIN");
          has_begun = true;
          auto result = work(connection);
          connection.run(result ? "COMMIT" : "ROLLBACK");
          return result;
        },
        &has_begun);
  }

 private:
  using Owned = std::unique_ptr<PgConnection>;

  template <class Work>
  auto guarded(Work work, const bool* has_begun = nullptr) -> decltype(work(std::declval<PgConnection&>())) {
    const Deadline deadline = std::chrono::steady_clock::now() + PgConnection::kMostTime;
    Owned connection;
    // Not a finding of this caller's: to note it once more would put off the next look for ever.
    try {
      connection = taken(deadline);
    } catch (const PgFailure& known) {
      return known.error;
    }
    try {
      const Returned returned{*this, connection};
      const bool was_kept = connection != nullptr;
      if (!was_kept) connection = PgConnection::open(url_, deadline);
      connection->keep_to(deadline);
      try {
        auto result = work(*connection);
        note_answer();
        return result;
      } catch (const PgFailure& failure) {
        // Closed while it was idle, by a restart for one: nothing has happened yet, and a new connection tells.
        const bool may_repeat = was_kept && failure.kind == PgFailure::Kind::unreachable && !(has_begun && *has_begun) &&
                                std::chrono::steady_clock::now() < deadline;
        if (!may_repeat) throw;
      }
      drop_idle();
      connection = PgConnection::open(url_, deadline);
      auto result = work(*connection);
      note_answer();
      return result;
    } catch (const PgFailure& failure) {
      note_failure(failure);
      return failure.error;
    }
  }

  // Gives the place back, and the connection when it is good.
  struct Returned {
    PgPool& pool;
    Owned& connection;
    ~Returned() { pool.give_back(std::move(connection)); }
  };
  // A kept connection, or null for the right to open one. Throws when none comes free in time, or when PostgreSQL is known
  // to be gone and somebody else is finding out whether it is back.
  [[nodiscard]] Owned taken(Deadline deadline);
  void give_back(Owned connection);
  void drop_idle();
  void note_answer();
  void note_failure(const PgFailure& failure);

  const secrets::SecretString url_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Owned> idle_;
  int in_use_ = 0;
  std::optional<PgFailure> gone_;  // while it is: what everybody is told
  Deadline next_look_{};
};

}  // namespace slotwire::store
