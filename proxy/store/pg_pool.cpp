#include "proxy/store/pg_pool.h"

#include <utility>

namespace slotwire::store {
namespace {

constexpr int kMostConnections = 6;
constexpr std::chrono::milliseconds kBetweenLooks{500};

}  // namespace

PgPool::Owned PgPool::taken(Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (gone_) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) throw *gone_;
    next_look_ = now + PgConnection::kMostTime + kBetweenLooks;  // this caller checks; for the others it stays gone
  }
  if (!freed_.wait_until(lock, deadline, [this] { return in_use_ < kMostConnections; })) {
    throw PgFailure{PgFailure::Kind::statement,
                    {ErrorCode::storage_failed, "The database is too busy; try again.", {}, std::chrono::seconds(2)}};
  }
  ++in_use_;
  if (idle_.empty()) return nullptr;
  Owned connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void PgPool::give_back(Owned connection) {
  if (connection && !connection->is_broken() && connection->is_in_transaction()) {
    // A statement failed inside a transaction. A connection that cannot roll back is unusable.
    try {
      connection->run("ROLLBACK");
    } catch (const PgFailure&) {
      connection.reset();
    }
  }
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && !connection->is_broken() && !gone_) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

void PgPool::drop_idle() {
  std::vector<Owned> dropped;  // closed without the lock
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

void PgPool::note_answer() {
  const std::lock_guard lock(mutex_);
  gone_.reset();
}

void PgPool::note_failure(const PgFailure& failure) {
  if (failure.kind == PgFailure::Kind::statement) return;
  std::vector<Owned> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);  // after a failover all of them go to the old server
  gone_ = failure;
  next_look_ = std::chrono::steady_clock::now() + kBetweenLooks;
}

}  // namespace slotwire::store
