#include "proxy/connection/types_upkeep.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "shared/time_between.h"

namespace slotwire::connection {
namespace {

using fetch::ListClaim;
using std::chrono::milliseconds;

constexpr milliseconds kUntilTakenUp{500};

Error broken() { return {ErrorCode::internal, "The proxy failed while it read the event types."}; }

fetch::Failure failure_from(const calendly::CallFailure& failure) {
  return {failure.error, failure.is_ours ? fetch::Failure::Kind::ours : fetch::Failure::Kind::trouble, failure.hint()};
}

}  // namespace

TypesUpkeep::TypesUpkeep(Parts parts, fetch::ListSettings settings)
    : parts_(std::move(parts)),
      machine_(settings),
      quiet_until_(fetch::Tick::max().time_since_epoch().count()),
      lost_from_(fetch::Tick::max().time_since_epoch().count()) {}

void TypesUpkeep::start() {
  (void)shared_now();
  const std::int64_t seen = parts_.connection.account()->record.types_seen_change;
  after([&](const fetch::Moment& now) {
    is_started_ = true;
    adopt_account(now);
  });
  // Applies changes logged before this server listened.
  const auto changes = parts_.store.changes_since(seen);
  if (!changes) return parts_.log.warn("types", "", changes.error().detail);
  for (const store::Change& change : *changes) note(change);
}

bool TypesUpkeep::when_read(std::function<void()> go_on) {
  bool waits = false;
  if (!is_fresh()) {
    after([&](const fetch::Moment& now) {
      const std::optional<fetch::Id> ask = machine_.ask(now);
      waits = ask.has_value();
      if (waits) waiting_.emplace(*ask, std::move(go_on));
    });
  }
  if (!waits) go_on();
  return waits;
}

std::optional<Error> TypesUpkeep::lost() const {
  if (parts_.clock.tick() < fetch::Tick(fetch::Tick::duration(lost_from_.load()))) return std::nullopt;
  return state().trouble.value_or(
      Error{ErrorCode::calendly_unavailable, "Event types could not be read for too long.", {}, std::chrono::seconds(30)});
}

TypesUpkeep::State TypesUpkeep::state() const {
  const std::lock_guard lock(mutex_);
  // Before start() the age of event types is unknown, and they count as fresh.
  if (!is_started_) return {fetch::ListStanding::fresh, std::nullopt};
  return {machine_.standing(parts_.clock.tick()), machine_.trouble()};
}

void TypesUpkeep::note(const store::Change& change) {
  // If part of the log is lost, that part may have been about event types.
  const bool is_any = change.kind == store::Change::Kind::days && change.days == store::kEveryDay;
  if (change.kind != store::Change::Kind::types && !is_any) return;
  after([&](const fetch::Moment& now) { machine_.outdated(change.id, now); });
}

void TypesUpkeep::account_changed() {
  after([&](const fetch::Moment& now) {
    if (is_started_) adopt_account(now);
  });
}

// ---- The machine, under mutex_ ----

std::optional<milliseconds> TypesUpkeep::age_of(Instant read_at, Instant now) const {
  const auto age = std::chrono::floor<milliseconds>(time_between(read_at, now + std::chrono::microseconds(ahead_us_)));
  // A difference of up to a second between clocks is ignored.
  if (age < -milliseconds(1'000)) return std::nullopt;
  return std::max(age, milliseconds(0));
}

void TypesUpkeep::adopt_account(const fetch::Moment& now) {
  const SharedAccount account = parts_.connection.account();
  if (account->record.mode != ConnectionMode::pat || !account->token) {
    generation_.reset();
    return machine_.end();
  }
  const std::optional<Instant> read_at = parts_.connection.types_read_at();
  const auto age = read_at ? age_of(*read_at, now.wall) : std::nullopt;
  if (std::exchange(generation_, account->generation) != account->generation) {
    machine_.begin(age, account->record.types_seen_change, now);
  } else {
    machine_.read_elsewhere(age, account->record.types_seen_change, now);
  }
}

std::vector<std::function<void()>> TypesUpkeep::take_step() {
  std::vector<std::function<void()>> go_on;
  for (fetch::ListAction& action : machine_.actions()) {
    if (const auto* gone = std::get_if<fetch::GoOn>(&action)) {
      if (const auto found = waiting_.extract(gone->ask)) go_on.push_back(std::move(found.mapped()));
      continue;
    }
    parts_.reader.post([this, action = std::move(action)] {
      try {
        carry_out(action);
      } catch (const std::exception& exception) {
        parts_.log.error("types", "", exception.what());
        broke(action);
      }
    });
  }
  if (is_started_) {
    // Without an account nothing can become old.
    quiet_until_ = (generation_ ? machine_.quiet_until() : fetch::Tick::max()).time_since_epoch().count();
    lost_from_ = (generation_ ? machine_.lost_from() : fetch::Tick::max()).time_since_epoch().count();
  }
  set_timer();
  return go_on;
}

void TypesUpkeep::set_timer() {
  const fetch::Tick now = parts_.clock.tick();
  const std::optional<fetch::Tick> wake = machine_.next_wake(now);
  if (!wake || (woken_at_ && *woken_at_ <= *wake)) return;
  woken_at_ = wake;
  const auto wait = std::chrono::ceil<milliseconds>(time_between(now, *wake));
  parts_.timers.post_after(std::max(milliseconds(0), wait), [this, at = *wake] {
    after([&](const fetch::Moment& moment) {
      if (woken_at_ == at) woken_at_.reset();
      machine_.wake(moment);
    });
  });
}

void TypesUpkeep::after(const std::function<void(const fetch::Moment&)>& event) {
  std::vector<std::function<void()>> go_on;
  {
    const std::lock_guard lock(mutex_);
    event(moment());
    go_on = take_step();
  }
  for (const std::function<void()>& each : go_on) each();
}

// ---- On the reader's thread ----

void TypesUpkeep::carry_out(const fetch::ListAction& action) {
  if (const auto* claimed = std::get_if<fetch::ClaimList>(&action)) return claim(*claimed);
  if (const auto* asked = std::get_if<fetch::AskPage>(&action)) return ask(*asked);
  if (const auto* kept = std::get_if<fetch::KeepList>(&action)) return keep(*kept);
  leave();
}

void TypesUpkeep::broke(const fetch::ListAction& action) {
  after([&](const fetch::Moment& now) {
    if (const auto* claimed = std::get_if<fetch::ClaimList>(&action)) machine_.claim_failed(claimed->turn, broken(), now);
    if (const auto* asked = std::get_if<fetch::AskPage>(&action))
      machine_.page_failed(asked->turn, {broken(), fetch::Failure::Kind::trouble}, now);
    if (const auto* kept = std::get_if<fetch::KeepList>(&action)) machine_.not_kept(kept->turn, broken(), now);
  });
}

Result<Instant> TypesUpkeep::shared_now() {
  const Instant now = parts_.clock.now();
  const Result<std::chrono::microseconds> ahead = parts_.store.clock_ahead(now);
  if (!ahead) return ahead.error();
  ahead_us_ = ahead->count();
  return now + *ahead;
}

void TypesUpkeep::claim(const fetch::ClaimList& wanted) {
  const SharedAccount account = parts_.connection.account();
  const auto failed = [&](const Error& error) {
    after([&](const fetch::Moment& now) { machine_.claim_failed(wanted.turn, error, now); });
  };
  const Result<Instant> now = shared_now();
  if (!now) return failed(now.error());
  const Result<store::TypesClaim> claim = parts_.store.claim_types(
      {parts_.owner, account->record.connected_at, *now, kLease, *now - wanted.max_age, wanted.least_change});
  if (!claim) return failed(claim.error());
  ListClaim told;
  switch (claim->standing) {
    case store::TypesClaim::Standing::ours:
      told.standing = ListClaim::Standing::ours;
      reading_ = {wanted.turn, account, {}, {}};
      reading_.types.began_at = *now;
      reading_.types.seen_change = claim->seen_change;
      break;
    case store::TypesClaim::Standing::held:
      told.held_for = std::chrono::ceil<milliseconds>(time_between(*now, claim->held_until));
      break;
    case store::TypesClaim::Standing::known:
      // What another server read counts here only after it is applied.
      if (!parts_.connection.apply_changes()) {
        told.held_for = kUntilTakenUp;
        break;
      }
      told.standing = ListClaim::Standing::known;
      told.age = age_of(claim->read_at, parts_.clock.now());
      parts_.connection.note_types_read(account->generation, claim->read_at);
      break;
    case store::TypesClaim::Standing::another:
      (void)parts_.connection.apply_changes();
      told.held_for = kUntilTakenUp;
      break;
  }
  told.seen_change = claim->seen_change;
  after([&](const fetch::Moment& moment) { machine_.claimed(wanted.turn, told, moment); });
}

void TypesUpkeep::ask(const fetch::AskPage& asked) {
  Reading& reading = reading_;
  if (reading.turn != asked.turn) return;
  if (asked.page > 0 || asked.is_again) {
    if (const Result<Instant> now = shared_now()) (void)parts_.store.hold_types(parts_.owner, *now + kLease);
  }
  auto called = parts_.calendly.event_types(*reading.account->token, reading.account->record.user_uri, reading.page_token,
                                            {calendly::Urgency::background, asked.timeout});
  if (const auto* failure = std::get_if<calendly::CallFailure>(&called)) {
    const ErrorCode code = failure->error.code;
    if (code == ErrorCode::token_rejected || code == ErrorCode::insufficient_scope)
      parts_.connection.note_problem(reading.account->generation, failure->error);
    if (!failure->is_ours) parts_.log.warn("types", "", "event types could not be read: " + failure->error.detail);
    return after([&](const fetch::Moment& now) { machine_.page_failed(asked.turn, failure_from(*failure), now); });
  }
  const auto next = reading.types.add(std::get<calendly::EventTypesAndForms>(std::move(called)));
  reading.page_token = next.value_or("");
  after([&](const fetch::Moment& now) { machine_.page_came(asked.turn, !next, now); });
}

void TypesUpkeep::keep(const fetch::KeepList& kept) {
  if (reading_.turn != kept.turn) return;
  const Reading reading = std::exchange(reading_, {});
  const std::uint64_t before = parts_.connection.account()->types_version;
  const Result<Done> taken = parts_.connection.take_types(reading.account->generation, reading.types, "");
  leave();
  if (!taken) {
    parts_.log.warn("types", "", "event types were read and could not be kept: " + taken.error().detail);
    return after([&](const fetch::Moment& now) { machine_.not_kept(kept.turn, taken.error(), now); });
  }
  if (parts_.connection.account()->types_version != before)
    parts_.log.info("types", "", "event types have changed at Calendly: " + std::to_string(reading.types.types.size()) + " now");
  after([&](const fetch::Moment& now) { machine_.kept(kept.turn, now); });
}

void TypesUpkeep::leave() {
  if (auto left = parts_.store.hold_types(parts_.owner, Instant()); !left) parts_.log.warn("types", "", left.error().detail);
}

}  // namespace slotwire::connection
