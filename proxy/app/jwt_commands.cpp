// admin-jwt, jwt list, jwt revoke.
#include <algorithm>
#include <array>
#include <iostream>
#include <unistd.h>

#include "proxy/app/commands.h"
#include "proxy/app/operator.h"
#include "proxy/routes/jwt_json.h"

namespace slotwire::app {

using settings::Settings;

namespace {

// The address of the pages for a browser on this machine.
std::string page_origin(const Settings& settings) {
  std::string host = settings.host;
  if (host == "0.0.0.0" || host == "::") host = "localhost";
  if (host.find(':') != std::string::npos) host = '[' + host + ']';
  return (settings.tls_certificate_path.empty() ? "http://" : "https://") + host + ':' + std::to_string(settings.port);
}

Result<std::string> jwt_as_asked(const Settings& settings, const JwtAsked& asked, Instant now) {
  const secrets::Claims claims{asked.subject, asked.role, now + asked.lifetime};
  if (asked.unlisted) return secrets::jwt_from_claims(claims, settings.jwt_secret);
  auto core = quiet_core(settings);
  if (!core) {
    Error error = core.error();
    error.detail += " A JWT is listed there, so that it can be revoked; --unlisted makes one that cannot.";
    return error;
  }
  Result<std::string> made = (*core)->jwts->make(claims, std::string(kOperator));
  record_action(**core, "jwt.make", made);
  return made;
}

using Line = std::array<std::string, 7>;

// Counts characters, not bytes: a subject may be in any script.
std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

void print_lines(const std::vector<Line>& lines) {
  std::array<std::size_t, std::tuple_size_v<Line>> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths.at(i) = std::max(widths.at(i), letters_in(line.at(i)));
  }
  for (const Line& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line.at(i);
      if (i + 1 < line.size()) text.append(widths.at(i) - letters_in(line.at(i)) + 2, ' ');
    }
    std::cout << text << '\n';
  }
}

std::string state_text(const access::ListedJwt& jwt) {
  switch (jwt.state) {
    case access::JwtState::living:
      return "active";
    case access::JwtState::revoked:
      return "revoked " + text_or_dash(jwt.record.revoked_at) + " by " + jwt.record.revoked_by;
    case access::JwtState::expired:
      return "expired";
    case access::JwtState::other_secret:
      return "refused: signed with another JWT_SECRET";
  }
  return "active";
}

}  // namespace

int admin_jwt(const Settings& settings, const JwtAsked& asked) {
  if (const auto checked = access::check_subject("--sub", asked.subject); !checked) return failed(checked.error());
  const Instant now = time::SystemClock().now();
  const Result<std::string> jwt = jwt_as_asked(settings, asked, now);
  if (!jwt) return failed(jwt.error());
  std::cout << *jwt << '\n';
  // A script that reads the JWT gets nothing else. The token comes after a #, so no server logs it. A reader has no page.
  if (!asked.quiet && asked.role != secrets::Role::reader && isatty(STDOUT_FILENO) != 0 && settings.port != 0) {
    const secrets::Claims link = secrets::claims_of_link(asked.subject, asked.role, asked.lifetime, now);
    std::cout << "\nOr open this link, which signs you in once, within " << secrets::kLinkLifetime.count() << " minutes:\n"
              << page_origin(settings) << "/admin#once=" << secrets::jwt_from_claims(link, settings.jwt_secret) << '\n';
  }
  return 0;
}

int jwt_list(const Settings& settings, const JwtsShown& shown) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto listed = (*core)->jwts->listed(shown.all);
  if (!listed) return failed(listed.error());
  if (shown.json) {
    std::cout << routes::json_from_jwts(*listed, "", settings.listed_jwts_only) << '\n';
    return 0;
  }
  if (listed->empty()) {
    std::cout << "No JWT is listed. Those that were made before there was a list, or with --unlisted, are not.\n";
    return 0;
  }
  std::vector<Line> lines = {{"ID", "FOR", "ROLE", "MADE", "EXPIRES", "LAST USED", "STATE"}};
  for (const access::ListedJwt& jwt : *listed) {
    const store::JwtRecord& record = jwt.record;
    lines.push_back({record.id, record.subject, record.role, text_or_dash(record.made_at), text_or_dash(record.expires_at),
                     text_or_dash(record.last_used_at), state_text(jwt)});
  }
  print_lines(lines);
  return 0;
}

int jwt_revoke(const Settings& settings, const access::JwtChoice& choice) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto revoked = (*core)->jwts->revoke(choice, std::string(kOperator), secrets::Role::super_admin);
  record_action(**core, access::name_of_revocation(choice), revoked);
  if (!revoked) return failed(revoked.error());
  std::cout << routes::sentence_from(*revoked) << ". Servers that are running refuse it within a second.\n";
  return 0;
}

}  // namespace slotwire::app
