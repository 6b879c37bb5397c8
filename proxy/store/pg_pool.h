#pragma once
// A few connections to PostgreSQL, shared by many threads. When PostgreSQL is gone, only one caller at a time waits to find out
// whether it is back; all others get an error at once, so that no visitor's thread is blocked.
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

  // Runs `work(PgConnection&)`, which returns a Result, within two seconds in total. Errors: those of `work`, and storage_failed
  // for every failure of PostgreSQL. For one statement that only reads; it runs again on a new connection if the kept connection
  // was closed.
  template <class Work>
  auto reading(Work work) -> decltype(work(std::declval<PgConnection&>())) {
    return guarded([&](PgConnection& connection) { return work(connection); });
  }
  // For one transaction. If the answer to its COMMIT is lost, its outcome is unknown, so a retry by the caller must be harmless.
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
    // This caller did not find it out itself: noting the failure again would postpone the next look for ever.
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
        // The kept connection was closed while idle, for example by a restart. Nothing has happened yet, and a new connection may
        // work.
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

  // Returns the place to the pool, and the connection if it still works.
  struct Returned {
    PgPool& pool;
    Owned& connection;
    ~Returned() { pool.give_back(std::move(connection)); }
  };
  // A kept connection, or null for permission to open one. Throws when none becomes free in time, or when PostgreSQL is known to
  // be gone and another caller is checking whether it is back.
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
  std::optional<PgFailure> gone_;  // while PostgreSQL is gone: the error for all callers
  Deadline next_look_{};
};

}  // namespace slotwire::store
