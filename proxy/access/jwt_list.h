#pragma once
// Who may come in: JWTs by their signature, and by the list of those that were made here, on which each can be revoked. The list
// is in the store; what each server knows of it is at most half a second old (take_up_changes).
//
//   not signed by JWT_SECRET, expired, ...            refused (secrets/jwt.h)
//   a sign-in link                                    let through: who asked is told that it is one
//   listed, revoked                                   refused, whatever becomes of the store: once known, for good
//   listed, but of another sub, role or end           refused: not the one that was made
//   listed                                            in
//   not listed (made before there was a list,         in, unless listed_only: then refused, or storage_failed while the
//   by `--unlisted`, or by whoever has JWT_SECRET)    list cannot be read
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proxy/log/log.h"
#include "proxy/secrets/jwt.h"
#include "proxy/secrets/secret_string.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::access {

enum class JwtState { living, revoked, expired, other_secret };
[[nodiscard]] std::string_view name_from_state(JwtState state);

struct ListedJwt {
  store::JwtRecord record;
  JwtState state = JwtState::living;
};

// One by its id, or all of a subject.
struct JwtChoice {
  enum class By { id, subject };
  By by = By::id;
  std::string value;
};

// "jwt.revoke 0f3a...", "jwt.revoke of crm", and without what somebody typed that is neither: for the audit log.
[[nodiscard]] std::string name_of_revocation(const JwtChoice& choice);

struct Revoked {
  int now = 0;     // by this call
  int before = 0;  // were already
};

// How long those that have ended stay on the list.
inline constexpr std::chrono::days kEndedStay{30};
// A use is written down at most so often for each JWT.
inline constexpr std::chrono::seconds kBetweenUses{60};

// Errors: bad_input naming `field` unless it is 1 to 200 bytes of UTF-8 without control characters.
[[nodiscard]] Result<Done> check_subject(std::string_view field, std::string_view subject);

class JwtList {
 public:
  struct Parts {  // all borrowed; must outlive the list. The Workers must be stopped before it goes.
    store::Store& store;
    time::Workers& desk;  // where uses are written down
    const time::Clock& clock;
    log::Log& log;
    const secrets::SecretString& secret;
  };
  // Errors: storage_failed.
  [[nodiscard]] static Result<std::unique_ptr<JwtList>> open(Parts parts, bool listed_only);

  // Who shows this Authorization header; notes the use. Any thread; never blocks for the store. Errors: as in the table above:
  // unauthorized, forbidden, storage_failed.
  [[nodiscard]] Result<secrets::Claims> admitted(std::string_view authorization);
  // Whether it is refused only because it was not heard of: perhaps another program made it a moment ago, and take_up_changes()
  // tells. Asked once a second of each JWT at most.
  [[nodiscard]] bool is_worth_a_look(std::string_view authorization);

  // What others made and revoked counts here when this returns. Blocks for the store. Errors: storage_failed.
  [[nodiscard]] Result<Done> take_up_changes();
  // Called after this program has made or revoked one. Set before use.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  // A JWT that is on the list when this returns, and counts here. Blocks. Errors: bad_input (sub), storage_failed.
  [[nodiscard]] Result<std::string> make(secrets::Claims claims, const std::string& made_by);
  // Newest first; those that have ended when they are asked for. Blocks. Errors: storage_failed.
  [[nodiscard]] Result<std::vector<ListedJwt>> listed(bool with_ended);
  // They are refused here when this returns. Blocks. Errors: not_found; forbidden, and nothing is done, when one of them is of a
  // role above `by_role`; storage_failed.
  [[nodiscard]] Result<Revoked> revoke(const JwtChoice& choice, const std::string& by, secrets::Role by_role);
  // Meant to be called now and then; blocks.
  void drop_old();
  [[nodiscard]] bool is_listed_only() const { return listed_only_; }

 private:
  JwtList(Parts parts, bool listed_only);
  [[nodiscard]] Result<Done> read_list(Instant now);
  [[nodiscard]] JwtState state_of(const store::JwtRecord& record, Instant now) const;
  void note_use(const std::string& id);

  Parts parts_;
  const bool listed_only_;
  const std::string secret_mark_;
  std::function<void()> changed_;
  std::mutex taking_up_;          // held while the change log is read and applied
  std::int64_t seen_change_ = 0;  // with taking_up_
  std::mutex mutex_;
  // With mutex_:
  std::unordered_map<std::string, store::JwtRecord> known_;  // those that have not ended, by id
  std::map<std::string, Instant> revoked_;                   // until they end, whatever the store says later
  std::map<std::string, time::Tick> looked_at_;              // when news were last looked up
  std::map<std::string, time::Tick> noted_;                  // uses of the last kBetweenUses, of JWTs not heard of yet, too
  time::Tick heard_at_;                                      // when the list was last known to be whole
};

}  // namespace slotwire::access
