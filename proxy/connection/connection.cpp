#include "proxy/connection/connection.h"

#include <algorithm>
#include <utility>

#include "proxy/connection/connection_detail.h"
#include "proxy/connection/scheduling_link.h"

namespace slotwire::connection {

using store::ConnectionRecord;
using store::Wiped;

namespace {

constexpr std::string_view kTokenIdentity = "connection/1/token";
constexpr std::chrono::days kShortWindow{7};

// The connection is deleted, but an admin who relies on the deletion of its bytes has to know this.
constexpr std::string_view kOutOfReach =
    "the token is deleted; the database may keep its sealed bytes in its log and backups, where only another "
    "CALENDLY_ENCRYPTION_KEY makes them worthless";

Error bytes_left() {
  return {ErrorCode::storage_failed,
          "Disconnected, but another program is reading the database, and the old bytes could not be overwritten: end that "
          "program and disconnect once more."};
}

}  // namespace

const EventType* Account::find_type(std::string_view key) const {
  const auto& types = record.types;
  const auto found = std::find_if(types.begin(), types.end(), [&](const EventType& type) {
    if (!type.active) return false;
    if (type.uri == key || uuid_from_uri(type.uri) == key) return true;
    return !type.secret && !key.empty() && type.slug == key;  // a type may have no slug
  });
  return found == types.end() ? type_behind_link(types, key) : &*found;
}

std::optional<std::vector<EventType>> Account::types_of(std::string_view owner_link) const {
  std::vector<EventType> under = types_under_link(record.types, owner_link);
  std::erase_if(under, [](const EventType& type) { return type.secret; });
  const std::string link = comparable_link(owner_link);
  if (under.empty() && (link.empty() || link != comparable_link(record.scheduling_url))) return std::nullopt;
  return under;
}

Connection::Connection(Parts parts) : parts_(std::move(parts)), account_(std::make_shared<const Account>()) {}

Result<std::unique_ptr<Connection>> Connection::open(Parts parts) {
  std::unique_ptr<Connection> connection(new Connection(std::move(parts)));
  const Result<std::int64_t> last_change = connection->parts_.store.last_change();
  if (!last_change) return last_change.error();
  connection->seen_change_ = *last_change;
  Result<std::optional<ConnectionRecord>> stored = connection->parts_.store.connection();
  if (!stored) return stored.error();
  if (!stored->has_value()) return connection;
  Account account = connection->account_from(std::move(**stored));
  account.generation = 1;
  connection->types_read_at_ = account.record.last_synced_at;
  connection->account_ = std::make_shared<const Account>(std::move(account));
  return connection;
}

Account Connection::account_from(ConnectionRecord record) {
  Account account;
  account.record = std::move(record);
  const std::string sealed = std::exchange(account.record.sealed_token, {});
  if (account.record.mode != ConnectionMode::pat) return account;
  Result<secrets::SecretString> token = parts_.box.open(sealed, kTokenIdentity);
  if (token) {
    account.token = std::make_shared<const secrets::SecretString>(std::move(token).value());
  } else {
    account.problem = token.error();
    parts_.log.error("connection", "", token.error().detail);
  }
  return account;
}

bool Connection::apply_changes() {
  const std::unique_lock changing(changes_, std::try_to_lock);
  return changing.owns_lock() && take_up_stored();
}

Result<Done> Connection::take_up_stored() {
  // Read first, so that anything written after this is seen the next time.
  const Result<std::vector<store::Change>> changes = parts_.store.changes_since(seen_change_);
  if (!changes) return changes.error();
  if (changes->empty()) return Done{};
  const std::int64_t seen_before = std::exchange(seen_change_, changes->back().id);
  const auto is_ours = [](const store::Change& change) { return change.kind == store::Change::Kind::account; };
  if (std::none_of(changes->begin(), changes->end(), is_ours)) return Done{};
  Result<std::optional<ConnectionRecord>> stored = parts_.store.connection();
  if (!stored) {
    seen_change_ = seen_before;  // read again the next time
    parts_.log.warn("connection", "", stored.error().detail);
    return stored.error();
  }
  const std::shared_ptr<const Account> before = account();
  Account after = stored->has_value() ? account_from(std::move(**stored)) : Account();
  const ConnectionRecord& was = before->record;
  const ConnectionRecord& is = after.record;
  const bool is_same_token = was.mode == is.mode && was.token_fingerprint == is.token_fingerprint;
  const bool needs_token = is.mode == ConnectionMode::pat && !before->token;
  if (is_same_token && !needs_token && is_same_list(was, is) && was.connected_at == is.connected_at &&
      was.longest_window == is.longest_window && was.webhook == is.webhook && was.timezone == is.timezone) {
    const std::lock_guard lock(mutex_);
    note_read(is.last_synced_at);
    return Done{};  // sealed again, or something else was written: audit, cells
  }
  if (is_same_token && before->token) {
    // The stored token may be sealed with a key newer than our start; the one in memory works.
    after.token = before->token;
    after.problem = before->problem;
  }
  after.generation = before->generation + (is_same_token && was.connected_at == is.connected_at ? 0 : 1);
  const std::string what = std::string(name_from_mode(is.mode)) + ", " + std::to_string(is.types.size()) + " event types";
  publish(std::move(after));
  // Logged last, so that readers of this line may rely on the change.
  parts_.log.info("connection", "", "the connection was changed from outside: " + what);
  return Done{};
}

std::shared_ptr<const Account> Connection::account() const {
  const std::lock_guard lock(mutex_);
  return account_;
}

void Connection::publish(Account account) {
  if (account.record.token_fingerprint != this->account()->record.token_fingerprint) parts_.calendly.forget_limits();
  {
    const std::lock_guard lock(mutex_);
    if (account.generation != account_->generation) types_read_at_.reset();
    note_read(account.record.last_synced_at);
    account.types_version = account_->types_version + (is_same_list(account.record, account_->record) ? 0 : 1);
    account_ = std::make_shared<const Account>(std::move(account));
  }
  if (changed_) changed_();
}

Result<Done> Connection::save_and_publish(Account account) {
  if (account.token) {
    Result<std::string> sealed = parts_.box.seal(*account.token, kTokenIdentity);
    if (!sealed) return sealed.error();
    account.record.sealed_token = std::move(*sealed);
  }
  if (auto saved = parts_.store.save_connection(account.record); !saved) return saved.error();
  account.record.sealed_token.clear();
  publish(std::move(account));
  return Done{};
}

Result<Done> Connection::save_unless_changed(Account account, std::string sealed_token) {
  account.record.sealed_token = std::move(sealed_token);
  const Result<bool> saved = parts_.store.save_connection_unless_changed(account.record, seen_change_);
  if (!saved) return saved.error();
  if (!*saved) return changed_under_way();
  account.record.sealed_token.clear();
  publish(std::move(account));
  return Done{};
}

Result<Done> Connection::save_with_stored_seal(Account account) {
  Result<std::optional<ConnectionRecord>> stored = parts_.store.connection();
  if (!stored) return stored.error();
  if (!stored->has_value() || (*stored)->token_fingerprint != account.record.token_fingerprint) return changed_under_way();
  // Another server may have read the event types meanwhile, and found no difference.
  ConnectionRecord& record = account.record;
  if ((*stored)->last_synced_at && (!record.last_synced_at || *record.last_synced_at < *(*stored)->last_synced_at)) {
    record.last_synced_at = (*stored)->last_synced_at;
    record.last_validated_at = (*stored)->last_validated_at;
  }
  record.types_seen_change = std::max(record.types_seen_change, (*stored)->types_seen_change);
  return save_unless_changed(std::move(account), std::move((*stored)->sealed_token));
}

Result<Done> Connection::set_token(secrets::SecretString token, std::string_view by, std::string_view request_id) {
  if (auto checked = check_token_text(token.reveal()); !checked) return checked.error();
  const std::lock_guard changing(changes_);
  (void)take_up_stored();
  const Result<CalendlyUser> found = reader(calendly::Urgency::trial).user(token);
  if (!found) return for_admin(found.error());
  const CalendlyUser& user = *found;

  const Result<TypesRead> began = begin_types();
  if (!began) return began.error();
  Result<TypesRead> read = reader(calendly::Urgency::trial).event_types(token, user.uri);
  if (!read) return for_admin(read.error());

  // Reading slots needs a scope of its own. This checks it now, so that the admin learns of a missing scope before any visitor
  // does.
  const auto probed = parts_.calendly.probe_availability(token, user.uri, {calendly::Urgency::trial});
  if (const auto* failure = std::get_if<calendly::CallFailure>(&probed);
      failure && failure->error.code == ErrorCode::insufficient_scope && !failure->error.details.empty()) {
    return for_admin(failure->error);
  }

  const Instant now = parts_.clock.now();
  Account after;
  ConnectionRecord& record = after.record;
  record.mode = ConnectionMode::pat;
  record.token_fingerprint = secrets::fingerprint_of(token);
  record.user_uri = user.uri;
  record.user_name = user.name;
  record.timezone = user.timezone;
  record.organization_uri = user.organization_uri;
  record.scheduling_url = user.scheduling_url;
  record.connected_by = by;
  record.connected_at = now;
  record.last_synced_at = record.last_validated_at = began->began_at;
  record.types_seen_change = began->seen_change;
  record.types = std::move(read->types);
  record.forms = std::move(read->forms);
  record.left_out = std::move(read->left_out);
  record.granted_scopes = {"users:read", "event_types:read", "availability:read"};
  for (const std::string_view scope : calendly::kProbedScopes) {
    switch (parts_.calendly.ask_for_scope(token, scope, user.uri, {calendly::Urgency::trial})) {
      case calendly::ScopeAnswer::granted:
        record.granted_scopes.emplace_back(scope);
        break;
      case calendly::ScopeAnswer::missing:
        record.missing_scopes.emplace_back(scope);
        break;
      case calendly::ScopeAnswer::beyond_plan:
        record.beyond_plan.emplace_back(scope);
        break;
      case calendly::ScopeAnswer::unknown:
        break;
    }
  }
  // A new token of the same user keeps the existing subscription.
  const std::shared_ptr<const Account> before = account();
  if (before->record.user_uri == record.user_uri && before->record.organization_uri == record.organization_uri) {
    record.webhook = before->record.webhook;
  }
  const std::size_t count = record.types.size();
  const std::vector<std::string> left_out = record.left_out;
  after.generation = before->generation + 1;
  after.token = std::make_shared<const secrets::SecretString>(std::move(token));
  auto saved = save_and_publish(std::move(after));
  if (saved) parts_.log.info("connection", request_id, "token set, " + std::to_string(count) + " event types");
  if (saved) log_left_out(left_out, request_id);
  return saved;
}

Result<Done> Connection::configure_public(std::string_view calendly_username, const std::vector<PublicEventType>& types,
                                          std::string_view by) {
  Result<ConnectionRecord> record = record_from_public(calendly_username, types, by);
  if (!record) return record.error();
  const std::lock_guard changing(changes_);
  (void)take_up_stored();
  record->connected_at = parts_.clock.now();
  // An existing token is erased, from the file's bytes too, before the new mode is written.
  Wiped left = Wiped::every_byte;
  if (account()->record.mode == ConnectionMode::pat) {
    const Result<Wiped> wiped = parts_.store.wipe_connection();
    if (!wiped) return wiped.error();
    left = wiped.value();
  }
  Account after;
  after.generation = account()->generation + 1;
  after.record = std::move(*record);
  auto saved = save_and_publish(std::move(after));
  if (saved && left == Wiped::not_every_byte) return bytes_left();
  if (saved && left == Wiped::out_of_reach) parts_.log.warn("connection", "", std::string(kOutOfReach));
  return saved;
}

Result<BookingsRead> Connection::bookings(InstantRange range) {
  const std::shared_ptr<const Account> current = account();
  if (current->record.mode != ConnectionMode::pat) return not_connected();
  if (!current->token) return current->problem.value_or(not_connected());
  Result<BookingsRead> read = reader().bookings(*current->token, current->record.user_uri, range);
  if (!read && read.error().code == ErrorCode::token_rejected) note_problem(current->generation, read.error());
  return read;
}

Result<Done> Connection::disconnect() {
  const std::lock_guard changing(changes_);
  (void)take_up_stored();
  const Result<Wiped> wiped = parts_.store.wipe_connection();
  if (!wiped) return wiped.error();
  Account nobody;
  nobody.generation = account()->generation + 1;
  publish(std::move(nobody));
  if (wiped.value() == Wiped::not_every_byte) return bytes_left();
  if (wiped.value() == Wiped::out_of_reach) parts_.log.warn("connection", "", std::string(kOutOfReach));
  return Done{};
}

Result<bool> Connection::reseal() {
  const std::lock_guard changing(changes_);
  (void)take_up_stored();
  const std::shared_ptr<const Account> before = account();
  if (before->record.mode != ConnectionMode::pat) return not_connected();
  if (!before->token) return before->problem.value_or(not_connected());
  const Result<std::optional<ConnectionRecord>> stored = parts_.store.connection();
  if (!stored) return stored.error();
  Account after = *before;
  ConnectionRecord& record = after.record;
  const bool is_token_done = stored->has_value() && parts_.box.is_sealed_by_first_key((*stored)->sealed_token);
  if (is_token_done && (!record.webhook || parts_.box.is_sealed_by_first_key(record.webhook->sealed_key))) return false;
  if (record.webhook) {
    const Result<secrets::SecretString> key = parts_.box.open(record.webhook->sealed_key, kWebhookKeyIdentity);
    if (!key) return key.error();
    Result<std::string> sealed = parts_.box.seal(*key, kWebhookKeyIdentity);
    if (!sealed) return sealed.error();
    record.webhook->sealed_key = std::move(*sealed);
  }
  Result<std::string> sealed = parts_.box.seal(*before->token, kTokenIdentity);
  if (!sealed) return sealed.error();
  const Result<Done> saved = save_unless_changed(std::move(after), std::move(*sealed));
  if (!saved) return saved.error();
  return true;
}

Result<Done> Connection::save_webhook(std::uint64_t generation, std::optional<store::Webhook> webhook) {
  const std::lock_guard changing(changes_);
  (void)take_up_stored();
  const std::shared_ptr<const Account> before = account();
  if (before->generation != generation || !before->token) return changed_under_way();
  Account after = *before;
  after.record.webhook = std::move(webhook);
  return save_with_stored_seal(std::move(after));
}

void Connection::note_problem(std::uint64_t generation, const Error& problem) {
  const std::lock_guard lock(mutex_);
  if (account_->generation != generation || (account_->problem && account_->problem->code == problem.code)) return;
  Account changed = *account_;
  changed.problem = problem;
  account_ = std::make_shared<const Account>(std::move(changed));
  parts_.log.error("connection", "", problem.detail);
}

void Connection::note_success(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (account_->generation != generation || !account_->problem) return;
  Account changed = *account_;
  changed.problem.reset();
  account_ = std::make_shared<const Account>(std::move(changed));
  parts_.log.info("connection", "", "the connection works again");
}

void Connection::note_short_windows(std::uint64_t generation) {
  std::string fingerprint;
  {
    const std::lock_guard lock(mutex_);
    if (account_->generation != generation || account_->record.longest_window == kShortWindow) return;
    Account changed = *account_;
    changed.record.longest_window = kShortWindow;
    fingerprint = changed.record.token_fingerprint;
    account_ = std::make_shared<const Account>(std::move(changed));
  }
  parts_.log.warn("connection", "", "Calendly limits this account to ranges of 7 days; windows are shortened");
  if (auto saved = parts_.store.save_longest_window(fingerprint, kShortWindow); !saved) {
    parts_.log.warn("store", "", saved.error().detail);
  }
}

}  // namespace slotwire::connection
