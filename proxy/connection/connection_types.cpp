// Connection: reading the event types, and applying the result.
#include <algorithm>
#include <mutex>
#include <utility>

#include "proxy/connection/connection.h"
#include "proxy/connection/connection_detail.h"

namespace slotwire::connection {

using store::ConnectionRecord;

void Connection::note_read(const std::optional<Instant>& read_at) {
  if (read_at && (!types_read_at_ || *types_read_at_ < *read_at)) types_read_at_ = read_at;
}

std::optional<Instant> Connection::types_read_at() const {
  const std::lock_guard lock(mutex_);
  return types_read_at_;
}

void Connection::note_types_read(std::uint64_t generation, Instant read_at) {
  const std::lock_guard lock(mutex_);
  if (account_->generation == generation) note_read(read_at);
}

Result<Done> Connection::sync(std::string_view request_id, calendly::Urgency urgency) {
  std::unique_lock changing(changes_);
  (void)take_up_stored();
  const std::shared_ptr<const Account> before = account();
  if (before->record.mode != ConnectionMode::pat) return not_connected();
  if (!before->token) return before->problem.value_or(not_connected());
  // This takes seconds, or longer when Calendly hangs, so other programs' changes are applied meanwhile.
  changing.unlock();
  const Result<TypesRead> began = begin_types();
  if (!began) return began.error();
  Result<TypesRead> read = reader(urgency).event_types(*before->token, before->record.user_uri);
  if (!read) {
    Error error = for_admin(read.error());
    if (error.code == ErrorCode::invalid_token)
      error = {ErrorCode::token_rejected, "Calendly no longer accepts the access token."};
    if (error.code == ErrorCode::token_rejected || error.code == ErrorCode::insufficient_scope) {
      note_problem(before->generation, error);
    }
    return error;
  }
  // The account's time zone is only updated when an admin asks. The request was for event types, so a failure of this part is
  // ignored.
  if (urgency == calendly::Urgency::reserved) {
    if (const auto user = reader(urgency).user(*before->token)) read->timezone = user->timezone;
  }
  read->began_at = began->began_at;
  read->seen_change = began->seen_change;
  auto taken = take_types(before->generation, *read, request_id);
  if (taken) parts_.log.info("connection", request_id, std::to_string(read->types.size()) + " event types synced");
  return taken;
}

Result<TypesRead> Connection::begin_types() const {
  const Instant now = parts_.clock.now();
  const Result<std::chrono::microseconds> ahead = parts_.store.clock_ahead(now);
  if (!ahead) return ahead.error();
  const Result<std::int64_t> last_change = parts_.store.last_change();
  if (!last_change) return last_change.error();
  TypesRead read;
  read.began_at = now + *ahead;
  read.seen_change = *last_change;
  return read;
}

Result<Done> Connection::take_types(std::uint64_t generation, const TypesRead& read, std::string_view request_id) {
  const std::lock_guard changing(changes_);
  Result<Done> saved = changed_under_way();
  constexpr int kMostTries = 3;
  for (int tries = 0; tries < kMostTries; ++tries) {
    (void)take_up_stored();
    // Another account may have been connected meanwhile, or this one disconnected.
    const std::shared_ptr<const Account> current = account();
    if (current->generation != generation || !current->token) return changed_under_way();
    if (const auto known = types_read_at(); known && *known > read.began_at) return Done{};
    Account after = *current;
    ConnectionRecord& record = after.record;
    record.last_synced_at = record.last_validated_at = read.began_at;
    record.types_seen_change = std::max(record.types_seen_change, read.seen_change);
    record.types = read.types;
    record.forms = read.forms;
    record.left_out = read.left_out;
    if (!read.timezone.empty()) record.timezone = read.timezone;
    if (is_same_list(record, current->record) && record.timezone == current->record.timezone) {
      const Result<bool> noted = parts_.store.note_types_read(record);
      if (!noted) return noted.error();
      if (!*noted) continue;
      note_types_read(generation, read.began_at);
      note_success(generation);
      return Done{};
    }
    after.problem.reset();
    saved = save_with_stored_seal(std::move(after));
    if (saved) log_left_out(read.left_out, request_id);
    if (saved || saved.error().code != ErrorCode::not_connected) break;
  }
  return saved;
}

void Connection::log_left_out(const std::vector<std::string>& left_out, std::string_view request_id) {
  for (const std::string& each : left_out) parts_.log.warn("connection", request_id, "an event type is left out: " + each);
}

}  // namespace slotwire::connection
