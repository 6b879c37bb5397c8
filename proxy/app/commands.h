#pragma once
// The commands besides `serve`. Each returns the process's exit code and has said on standard error what went wrong.
#include <chrono>
#include <optional>
#include <string>

#include "proxy/access/jwt_list.h"
#include "proxy/secrets/jwt.h"
#include "proxy/settings/settings.h"
#include "shared/result.h"

namespace slotwire::app {

// The exit code for what was typed wrongly, by whichever program: 1 is for what went wrong.
inline constexpr int kWrongUse = 2;

// One sentence on standard error, and whatever its details add. Returns the exit code for it.
[[nodiscard]] int failed(const Error& error);

// Prints every problem, one a line; 0 when there is none.
[[nodiscard]] int check_config(const settings::Read& read);
// Reads the token from standard input, validates it with Calendly and stores it.
[[nodiscard]] int token_set(const settings::Settings& settings);
// Seals the stored token anew with the first key.
[[nodiscard]] int token_rotate(const settings::Settings& settings);
// Prints a JWT and lists it; to a person at a terminal also a link to the admin page that signs in with it, unless `quiet`.
struct JwtAsked {
  secrets::Role role = secrets::Role::admin;
  std::chrono::seconds lifetime{};
  std::string subject;
  bool quiet = false;
  bool unlisted = false;  // no database is asked; it cannot be revoked
};
[[nodiscard]] int admin_jwt(const settings::Settings& settings, const JwtAsked& asked);
struct JwtsShown {
  bool all = false;  // those that have ended, too
  bool json = false;
};
[[nodiscard]] int jwt_list(const settings::Settings& settings, const JwtsShown& shown);
// The JWT with this id, or all of whom it names.
[[nodiscard]] int jwt_revoke(const settings::Settings& settings, const access::JwtChoice& choice);
// Asks Calendly to tell the proxy at this public address of bookings; and to stop; and how that stands.
[[nodiscard]] int webhook_subscribe(const settings::Settings& settings, const std::string& public_url);
[[nodiscard]] int webhook_unsubscribe(const settings::Settings& settings);
[[nodiscard]] int webhook_status(const settings::Settings& settings);
[[nodiscard]] int show_status(const settings::Settings& settings);
struct SlotsAsked {
  std::string event_type;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> timezone;
  std::optional<std::string> locale;  // of a mail
  std::optional<std::string> mail;    // "html" or "text": not a table, but a block for a mail
};
// A table of free slots, by day.
[[nodiscard]] int show_slots(const settings::Settings& settings, const SlotsAsked& asked);

}  // namespace slotwire::app
