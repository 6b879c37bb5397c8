#include "proxy/access/jwt_list.h"

#include <algorithm>

#include "proxy/text/utf8.h"
#include "shared/time_between.h"

namespace slotwire::access {
namespace {

using secrets::Claims;
using secrets::Role;

constexpr std::size_t kLongestSubject = 200;
constexpr std::chrono::seconds kBetweenLooks{1};
constexpr std::chrono::seconds kBlindAfter{2};

Error revoked_error() { return {ErrorCode::unauthorized, "This sign-in token was revoked."}; }
Error unlisted_error() {
  return {ErrorCode::unauthorized, "This sign-in token is not on the list, and only listed ones are taken here."};
}
Error unreadable_error() {
  return {ErrorCode::storage_failed,
          "Whether this sign-in token is on the list cannot be said: the database does not answer.",
          {},
          std::chrono::seconds(2)};
}

bool is_the_one_made(const Claims& claims, const store::JwtRecord& record) {
  return claims.subject == record.subject && secrets::name_from_role(claims.role) == record.role &&
         claims.expires == record.expires_at;
}

Error none_of(const JwtChoice& choice) {
  const bool is_by_id = choice.by == JwtChoice::By::id;
  return {ErrorCode::not_found,
          is_by_id ? "No JWT with this id is listed." : "No JWT of this sub is listed that has not ended.",
          {{is_by_id ? "id" : "sub", "is not listed"}}};
}

}  // namespace

std::string_view name_from_state(JwtState state) {
  switch (state) {
    case JwtState::living:
      return "active";
    case JwtState::revoked:
      return "revoked";
    case JwtState::expired:
      return "expired";
    case JwtState::other_secret:
      return "other_secret";
  }
  return "active";
}

Result<Done> check_subject(std::string_view field, std::string_view subject) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (subject.empty() || subject.size() > kLongestSubject || !text::is_utf8(subject) ||
      std::any_of(subject.begin(), subject.end(), is_control)) {
    return bad_input(std::string(field), "must be 1 to 200 bytes of text on one line");
  }
  return Done{};
}

std::string name_of_revocation(const JwtChoice& choice) {
  constexpr std::size_t kIdLength = 24;
  const std::string_view value = choice.value;
  if (choice.by == JwtChoice::By::subject) return check_subject("", value) ? "jwt.revoke of " + choice.value : "jwt.revoke";
  const bool is_id = value.size() == kIdLength && value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_id ? "jwt.revoke " + choice.value : "jwt.revoke";
}

JwtList::JwtList(Parts parts, bool listed_only)
    : parts_(parts),
      listed_only_(listed_only),
      secret_mark_(secrets::mark_of_secret(parts.secret)),
      list_read_at_(parts.clock.tick()) {}

Result<std::unique_ptr<JwtList>> JwtList::open(Parts parts, bool listed_only) {
  std::unique_ptr<JwtList> list(new JwtList(parts, listed_only));
  // Read first, so that anything written after this is seen the next time.
  const Result<std::int64_t> last = parts.store.last_change();
  if (!last) return last.error();
  list->seen_change_ = *last;
  if (const auto read = list->read_list(parts.clock.now()); !read) return read.error();
  return list;
}

Result<Claims> JwtList::admitted(std::string_view authorization) {
  Result<Claims> claims = secrets::claims_from_authorization(authorization, parts_.secret, parts_.clock.now());
  if (!claims || claims->link) return claims;
  const time::Tick now = parts_.clock.tick();
  {
    const std::lock_guard lock(mutex_);
    if (revoked_.contains(claims->id)) return revoked_error();
    const auto known = known_.find(claims->id);
    if (known == known_.end() && listed_only_)
      return time_between(list_read_at_, now) > kBlindAfter ? unreadable_error() : unlisted_error();
    if (known != known_.end() && !is_the_one_made(*claims, known->second)) return unlisted_error();
    // An unknown JWT may have been made a moment ago; if it was not, there is no row to write to.
    if (claims->id.empty()) return claims;
    const auto noted = noted_.find(claims->id);
    if (noted != noted_.end() && time_between(noted->second, now) < kBetweenUses) return claims;
    std::erase_if(noted_, [&](const auto& each) { return time_between(each.second, now) >= kBetweenUses; });
    noted_.emplace(claims->id, now);
  }
  note_use(claims->id);
  return claims;
}

void JwtList::note_use(const std::string& id) {
  parts_.store_workers.post([this, id, now = parts_.clock.now()] {
    // The next use, a minute later, tries again.
    if (const auto noted = parts_.store.note_jwt_used(id, now, kBetweenUses); !noted)
      parts_.log.warn("jwt", "", "the use of " + id + " could not be noted: " + noted.error().detail);
  });
}

bool JwtList::may_be_new(std::string_view authorization) {
  if (!listed_only_) return false;
  const Result<Claims> claims = secrets::claims_from_authorization(authorization, parts_.secret, parts_.clock.now());
  if (!claims || claims->link || claims->id.empty()) return false;
  const time::Tick now = parts_.clock.tick();
  const std::lock_guard lock(mutex_);
  if (known_.contains(claims->id) || revoked_.contains(claims->id)) return false;
  std::erase_if(looked_at_, [&](const auto& looked) { return time_between(looked.second, now) >= kBetweenLooks; });
  return looked_at_.emplace(claims->id, now).second;
}

Result<Done> JwtList::apply_changes() {
  const std::lock_guard taking_up(taking_up_);
  const time::Tick asked_at = parts_.clock.tick();
  const Result<std::vector<store::Change>> changes = parts_.store.changes_since(seen_change_);
  if (!changes) return changes.error();
  // A lost part of the log appears as a change of the account.
  const bool is_ours = std::any_of(changes->begin(), changes->end(), [](const store::Change& change) {
    return change.kind == store::Change::Kind::jwts || change.kind == store::Change::Kind::account;
  });
  if (is_ours) {
    if (const auto read = read_list(parts_.clock.now()); !read) return read.error();
  }
  if (!changes->empty()) seen_change_ = changes->back().id;
  const std::lock_guard lock(mutex_);
  list_read_at_ = asked_at;
  return Done{};
}

Result<Done> JwtList::read_list(Instant now) {
  Result<std::vector<store::JwtRecord>> records = parts_.store.jwts_ending_after(now - secrets::kJwtLeeway);
  if (!records) return records.error();
  std::unordered_map<std::string, store::JwtRecord> known;
  const std::lock_guard lock(mutex_);
  std::erase_if(revoked_, [&](const auto& revoked) { return revoked.second + secrets::kJwtLeeway < now; });
  for (store::JwtRecord& record : *records) {
    if (record.revoked_at) revoked_.emplace(record.id, record.expires_at);
    std::string id = record.id;
    known.emplace(std::move(id), std::move(record));
  }
  known_ = std::move(known);
  return Done{};
}

Result<std::string> JwtList::make(Claims claims, const std::string& made_by) {
  if (const auto checked = check_subject("sub", claims.subject); !checked) return checked.error();
  claims.id = secrets::new_jwt_id();
  claims.expires = std::chrono::floor<std::chrono::seconds>(claims.expires);
  const store::JwtRecord record{claims.id,     claims.subject, std::string(secrets::name_from_role(claims.role)),
                                made_by,       secret_mark_,   parts_.clock.now(),
                                claims.expires};
  if (const auto added = parts_.store.add_jwt(record); !added) return added.error();
  {
    const std::lock_guard lock(mutex_);
    known_.emplace(record.id, record);
  }
  if (changed_) changed_();
  return secrets::jwt_from_claims(claims, parts_.secret);
}

JwtState JwtList::state_of(const store::JwtRecord& record, Instant now) const {
  if (record.revoked_at) return JwtState::revoked;
  if (record.expires_at + secrets::kJwtLeeway < now) return JwtState::expired;
  return record.secret_mark == secret_mark_ ? JwtState::living : JwtState::other_secret;
}

Result<std::vector<ListedJwt>> JwtList::listed(bool with_ended) {
  const Instant now = parts_.clock.now();
  Result<std::vector<store::JwtRecord>> records =
      parts_.store.jwts_ending_after(now - (with_ended ? std::chrono::seconds(kEndedStay) : secrets::kJwtLeeway));
  if (!records) return records.error();
  std::vector<ListedJwt> all;
  for (store::JwtRecord& record : *records) {
    const JwtState state = state_of(record, now);
    all.push_back({std::move(record), state});
  }
  return all;
}

Result<Revoked> JwtList::revoke(const JwtChoice& choice, const std::string& by, Role by_role) {
  const Result<std::vector<ListedJwt>> all = listed(choice.by == JwtChoice::By::id);
  if (!all) return all.error();
  Revoked revoked;
  std::vector<std::string> ids;
  for (const ListedJwt& jwt : *all) {
    if ((choice.by == JwtChoice::By::id ? jwt.record.id : jwt.record.subject) != choice.value) continue;
    const Result<Role> role = secrets::role_from_name(jwt.record.role);
    if (!role || *role > by_role) {
      return Error{ErrorCode::forbidden,
                   "Only a super admin may revoke a super admin's JWT; nothing was revoked.",
                   {{choice.by == JwtChoice::By::id ? "id" : "sub", "is a super admin's"}}};
    }
    ids.push_back(jwt.record.id);
  }
  if (ids.empty()) return none_of(choice);
  const Result<int> count = parts_.store.revoke_jwts(ids, by, parts_.clock.now());
  if (!count) return count.error();
  revoked.now = *count;
  revoked.before = static_cast<int>(ids.size()) - *count;
  // Applied here at once, even if the store cannot be read right after the write.
  {
    const std::lock_guard lock(mutex_);
    for (const ListedJwt& jwt : *all) {
      if (std::find(ids.begin(), ids.end(), jwt.record.id) != ids.end()) revoked_.emplace(jwt.record.id, jwt.record.expires_at);
    }
  }
  if (changed_) changed_();
  return revoked;
}

void JwtList::drop_old() {
  if (const auto dropped = parts_.store.drop_jwts_ended_before(parts_.clock.now() - kEndedStay); !dropped)
    parts_.log.warn("jwt", "", dropped.error().detail);
}

}  // namespace slotwire::access
