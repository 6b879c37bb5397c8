#pragma once
// The commands besides `serve`. Each returns the process's exit code, and reports errors on standard error.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/access/jwt_list.h"
#include "proxy/secrets/jwt.h"
#include "proxy/settings/settings.h"
#include "shared/result.h"

namespace slotwire::app {

// The exit code for wrong arguments, in all our programs; 1 means that something failed.
inline constexpr int kWrongUse = 2;

// The flag for a setting: CALENDLY_RATE_LIMIT -> --rate-limit
[[nodiscard]] std::string flag_from_name(std::string_view name);

// Prints the error's sentence and its details to standard error. Returns the exit code for it.
[[nodiscard]] int failed(const Error& error);

// Prints every problem, one per line: of the settings, or else of the files and folders that they name. Returns 0 when there is
// none.
[[nodiscard]] int check_config(const settings::Read& read);
// Reads the token from standard input, which at a terminal is asked for and not shown, validates it with Calendly and stores it.
[[nodiscard]] int token_set(const settings::Settings& settings);
// Seals the stored token again with the first key. Returns 1 when it was and there is no other key, since a change of keys was
// meant.
[[nodiscard]] int token_rotate(const settings::Settings& settings);
// Prints a JWT and puts it on the list. At a terminal it also prints a link that signs in to the admin page, unless `quiet`.
struct JwtAsked {
  secrets::Role role = secrets::Role::admin;
  std::chrono::seconds lifetime{};
  std::string subject;
  bool quiet = false;
  bool unlisted = false;  // without the database; it cannot be revoked
};
[[nodiscard]] int admin_jwt(const settings::Settings& settings, const JwtAsked& asked);
struct JwtsShown {
  bool all = false;  // includes those that have ended
  bool json = false;
};
[[nodiscard]] int jwt_list(const settings::Settings& settings, const JwtsShown& shown);
// Revokes the JWT with this id, or all of a subject.
[[nodiscard]] int jwt_revoke(const settings::Settings& settings, const access::JwtChoice& choice);
// Subscribes to Calendly's webhook for the proxy at this public address; ends the subscription; shows its state.
[[nodiscard]] int webhook_subscribe(const settings::Settings& settings, const std::string& public_url);
[[nodiscard]] int webhook_unsubscribe(const settings::Settings& settings);
[[nodiscard]] int webhook_status(const settings::Settings& settings);
// Returns 1 while the stored token cannot be used, so that it can serve as a health check; 0 when nothing is connected.
[[nodiscard]] int show_status(const settings::Settings& settings);
struct SlotsAsked {
  std::string event_type;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> timezone;
  std::optional<std::string> locale;  // for a mail
  std::optional<std::string> mail;    // "html" or "text": prints a block for a mail instead of a table
};
// Prints a table of free slots, by day.
[[nodiscard]] int show_slots(const settings::Settings& settings, const SlotsAsked& asked);

}  // namespace slotwire::app
