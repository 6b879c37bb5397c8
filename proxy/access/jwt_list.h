#pragma once
// Decides which JWTs are admitted: by their signature, and by the list of those made by this proxy, on which each can be revoked.
// The list is in the store; each server's copy is at most half a second old (apply_changes).
//
//   not signed by JWT_SECRET, expired, ...            refused (secrets/jwt.h)
//   a sign-in link                                    admitted; the claims say that it is a link
//   listed, revoked                                   refused for good once known, even if the store fails
//   listed, but with another sub, role or end         refused: not the one that was made
//   listed                                            admitted
//   not listed (made before the list existed, by      admitted, unless listed_only: then refused, or storage_failed while
//   `--unlisted`, or by a holder of JWT_SECRET)       the list cannot be read
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

// One JWT by its id, or all of a subject.
struct JwtChoice {
  enum class By { id, subject };
  By by = By::id;
  std::string value;
};

// "jwt.revoke 0f3a...", "jwt.revoke of crm"; without the typed text if it is neither. For the audit log.
[[nodiscard]] std::string name_of_revocation(const JwtChoice& choice);

struct Revoked {
  int now = 0;     // by this call
  int before = 0;  // revoked earlier
};

// How long ended JWTs stay on the list.
inline constexpr std::chrono::days kEndedStay{30};
// A use of each JWT is written to the store at most this often.
inline constexpr std::chrono::seconds kBetweenUses{60};

// Errors: bad_input naming `field` unless it is 1 to 200 bytes of UTF-8 without control characters.
[[nodiscard]] Result<Done> check_subject(std::string_view field, std::string_view subject);

class JwtList {
 public:
  struct Parts {  // all borrowed; must outlive the list. Stop the Workers before destroying it.
    store::Store& store;
    time::Workers& store_workers;  // where uses are written
    const time::Clock& clock;
    log::Log& log;
    const secrets::SecretString& secret;
  };
  // Errors: storage_failed.
  [[nodiscard]] static Result<std::unique_ptr<JwtList>> open(Parts parts, bool listed_only);

  // The claims behind this Authorization header; records the use. Any thread; never blocks for the store. Errors as in the table
  // above: unauthorized, forbidden, storage_failed.
  [[nodiscard]] Result<secrets::Claims> admitted(std::string_view authorization);
  // True when a JWT is refused only because it is unknown: another program may just have made it, and apply_changes() would
  // find it. True at most once a second for each JWT.
  [[nodiscard]] bool may_be_new(std::string_view authorization);

  // Applies what other programs made and revoked. Blocks for the store. Errors: storage_failed.
  [[nodiscard]] Result<Done> apply_changes();
  // `changed` is called after this program has made or revoked a JWT. Set before use.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  // Makes a JWT that is on the list, and admitted here, when this returns. Blocks. Errors: bad_input (sub), storage_failed.
  [[nodiscard]] Result<std::string> make(secrets::Claims claims, const std::string& made_by);
  // Newest first; `with_ended` includes those that have ended. Blocks. Errors: storage_failed.
  [[nodiscard]] Result<std::vector<ListedJwt>> listed(bool with_ended);
  // The chosen JWTs are refused here when this returns. Blocks. Errors: not_found; forbidden when one of them has a role above
  // `by_role`, and then nothing is done; storage_failed.
  [[nodiscard]] Result<Revoked> revoke(const JwtChoice& choice, const std::string& by, secrets::Role by_role);
  // To be called now and then; blocks.
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
  std::map<std::string, Instant> revoked_;                   // until their end, whatever the store says later
  std::map<std::string, time::Tick> looked_at_;              // when each unknown JWT was last looked up
  std::map<std::string, time::Tick> noted_;                  // uses of the last kBetweenUses, including those of unknown JWTs
  time::Tick list_read_at_;                                  // when the list was last known to be complete
};

}  // namespace slotwire::access
