// slotwire: the program. Parses the command line and runs the command.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <vector>

#include "proxy/app/commands.h"
#include "proxy/app/demo.h"
#include "proxy/app/mcp_command.h"
#include "proxy/app/serve.h"
#include "proxy/app/stop_signals.h"
#include "proxy/app/version.h"
#include "proxy/app/why_command.h"
#include "proxy/pages/language.h"
#include "proxy/settings/settings_file.h"
#include "proxy/text/nearest_word.h"

namespace {

using namespace slotwire;
using namespace slotwire::app;

int refused(const std::vector<settings::Problem>& problems) {
  std::cerr << "slotwire: the configuration has problems:\n";
  for (const settings::Problem& problem : problems) std::cerr << "  " << problem.name << ' ' << problem.what << '\n';
  return 2;
}

// The library only says that a command is required, so we find the unknown word. nullopt when no such word was typed.
std::optional<std::string> unknown_command(const CLI::App& app) {
  const CLI::App* last = &app;  // the innermost command that was understood
  std::string so_far;
  while (!last->get_subcommands().empty()) {
    last = last->get_subcommands().front();
    so_far += last->get_name() + ' ';
  }
  const std::vector<const CLI::App*> commands = last->get_subcommands([](const CLI::App*) { return true; });
  if (commands.empty()) return std::nullopt;
  const std::vector<std::string> words = app.remaining(true);
  const auto word = std::find_if(words.begin(), words.end(), [](const std::string& text) { return !text.starts_with('-'); });
  if (word == words.end()) return std::nullopt;
  std::vector<std::string> names;
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  std::string sentence = "there is no command \"" + so_far + *word + "\".";
  if (const auto meant = text::nearest_word(*word, names)) return sentence + " Did you mean \"" + so_far + *meant + "\"?";
  sentence += " There is:";
  for (const std::string& name : names) sentence += ' ' + name;
  return sentence;
}

int run(int argc, char** argv) {
  CLI::App app{
      "slotwire: free Calendly slots for any web page. Settings come from the environment, and from\n/etc/slotwire/slotwire.env "
      "beneath it; flags override both."};
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("slotwire ") + kVersion + ", commit " + kCommit, "Print version and commit");
  std::map<std::string, std::string> flags;
  std::string secrets;
  for (const settings::SettingInfo& setting : settings::all_settings()) {
    if (setting.is_secret) {
      secrets += "\n  " + std::string(setting.name) + ": " + std::string(setting.help);
      continue;
    }
    const std::string name(setting.name);
    app.add_option_function<std::string>(
        flag_from_name(setting.name), [&flags, name](const std::string& value) { flags[name] = value; },
        std::string(setting.help) + " [" + name + "]");
  }
  app.footer(
      "Secrets come from the environment only:" + secrets +
      "\n\nAny secret may come as NAME_FILE, the path of a file that holds it: JWT_SECRET_FILE=/run/secrets/jwt-secret. So may\n"
      "CALENDLY_DATABASE_URL, since it may hold a password. SLOTWIRE_SETTINGS_FILE names another file of NAME=value lines than\n"
      "/etc/slotwire/slotwire.env; empty, none is read.");

  CLI::App* serve_command = app.add_subcommand("serve", "Answer browsers until SIGTERM or SIGINT");
  CLI::App* check_command = app.add_subcommand("check-config", "Print every problem of the configuration");
  CLI::App* token_command = app.add_subcommand("token", "The Calendly access token");
  token_command->require_subcommand(1);
  CLI::App* set_command = token_command->add_subcommand(
      "set", "Read a token from standard input, or ask for it at a terminal, validate and store it");
  CLI::App* rotate_command = token_command->add_subcommand("rotate", "Seal the stored token with the first of several keys");
  CLI::App* jwt_command = app.add_subcommand(
      "admin-jwt", "Print a token: for a program that reads, or to sign in with (at a terminal with a link that does)");
  std::string role = "admin";
  std::string lifetime = "1h";
  std::string subject = "command line";
  jwt_command->add_option("--role", role, "reader, admin or super_admin (admin)");
  jwt_command->add_option("--ttl", lifetime, "seconds, or 15m, 8h (1h)");
  bool quiet = false;
  bool unlisted = false;
  jwt_command->add_flag("--quiet", quiet, "only the token, at a terminal too");
  jwt_command->add_option("--sub", subject, "who it is for; stands in the audit log");
  jwt_command->add_flag("--unlisted", unlisted, "needs JWT_SECRET alone and no database; nobody can revoke it");
  CLI::App* jwts_command = app.add_subcommand("jwt", "The JWTs that were made here: list, revoke");
  jwts_command->require_subcommand(1);
  CLI::App* jwt_list_command = jwts_command->add_subcommand("list", "Who has one, which role, until when, last used when");
  JwtsShown shown;
  jwt_list_command->add_flag("--all", shown.all, "those of the last 30 days that have ended, too");
  jwt_list_command->add_flag("--json", shown.json, "as JSON");
  CLI::App* jwt_revoke_command = jwts_command->add_subcommand("revoke", "Refuse one from now on, on every server; for good");
  std::string jwt_id;
  std::string jwt_subject;
  auto* id_option = jwt_revoke_command->add_option("id", jwt_id, "its id, as jwt list shows it");
  jwt_revoke_command->add_option("--sub", jwt_subject, "all of this one instead")->excludes(id_option);
  CLI::App* webhook_command =
      app.add_subcommand("webhook", "Hear of bookings at once, so that open widgets show them within seconds");
  webhook_command->require_subcommand(1);
  CLI::App* subscribe_command = webhook_command->add_subcommand("subscribe", "Ask Calendly to tell this proxy of bookings");
  std::string public_url;
  subscribe_command->add_option("url", public_url, "the proxy's address as the internet sees it, https://...")->required();
  CLI::App* unsubscribe_command = webhook_command->add_subcommand("unsubscribe", "Ask Calendly to stop");
  CLI::App* webhook_status_command =
      webhook_command->add_subcommand("status", "What is subscribed, and what Calendly says of it");
  CLI::App* status_command = app.add_subcommand("status", "What is connected; ends with 1 while the stored token cannot be used");
  CLI::App* slots_command = app.add_subcommand("slots", "Print free slots as a table, or for a mail");
  SlotsAsked asked;
  slots_command->add_option("event", asked.event_type, "slug, uuid or URI of one event type")->required();
  CLI::Option* from = slots_command->add_option("--from", asked.from, "first day (today)");
  CLI::Option* to = slots_command->add_option("--to", asked.to, "last day (13 days later)");
  slots_command->add_option("--timezone", asked.timezone, "IANA name (UTC; for a mail the host's own)");
  CLI::Option* mail =
      slots_command
          ->add_option("--mail", asked.mail, "html or text: some times of the next two weeks as links, to put into a mail")
          ->check(CLI::IsMember({"html", "text"}))
          ->excludes(from)
          ->excludes(to);
  slots_command
      ->add_option("--locale", asked.locale, "language of the mail: ar de en es fr hi it ja nl pt (the event type's own)")
      ->check(
          [](const std::string& tag) { return pages::language_from_tag(tag) ? "" : tag + " is no language of pages and mails"; })
      ->needs(mail);

  CLI::App* why_command = app.add_subcommand("why", "Say why a day has no free times, and what to do");
  WhyAsked why_asked;
  why_command->add_option("event", why_asked.event_type, "slug, uuid, URI or link of the event type")->required();
  why_command->add_option("date", why_asked.date, "the day, as 2026-01-31 (today)");
  why_command->add_option("--timezone", why_asked.timezone, "IANA name (UTC)");
  why_command->add_flag("--json", why_asked.json, "as JSON");

  CLI::App* mcp_command = app.add_subcommand("mcp", "Speak the Model Context Protocol on standard input and output");
  McpAsked mcp_asked;
  mcp_command->add_flag("--book", mcp_asked.book, "the assistant may book, too");

  CLI::App* demo_command = app.add_subcommand("demo", "Try it with a simulated Calendly, without an account");
  DemoAsked demo_asked;
  demo_command->add_option("--dir", demo_asked.folder, "folder that keeps its secret and database (a temporary one)");
  demo_command->add_option("--simulator-port", demo_asked.simulator_port, "port of the simulated Calendly (any free one)")
      ->check(CLI::Range(0, 65'535));

  // So that unknown flags after `token`, `jwt` and `webhook` subcommands are accepted too.
  token_command->fallthrough();
  webhook_command->fallthrough();
  jwts_command->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool is_help = error.get_exit_code() == 0;
    if (const auto sentence = is_help ? std::nullopt : unknown_command(app)) {
      std::cerr << "slotwire: " << *sentence << '\n';
      return kWrongUse;
    }
    (void)app.exit(error);  // prints the message; its exit codes are the library's own
    return is_help ? 0 : kWrongUse;
  }

  if (demo_command->parsed() || serve_command->parsed()) block_stop_signals();
  if (demo_command->parsed()) return demo(flags, demo_asked);
  settings::Read read = settings::read_settings_and_file(settings::process_environment(), flags);
  if (check_command->parsed()) return check_config(read);
  if (!read.problems.empty()) return refused(read.problems);
  if (serve_command->parsed()) return serve(read.settings);
  if (set_command->parsed()) return token_set(read.settings);
  if (rotate_command->parsed()) return token_rotate(read.settings);
  if (subscribe_command->parsed()) return webhook_subscribe(read.settings, public_url);
  if (unsubscribe_command->parsed()) return webhook_unsubscribe(read.settings);
  if (webhook_status_command->parsed()) return webhook_status(read.settings);
  if (status_command->parsed()) return show_status(read.settings);
  if (slots_command->parsed()) return show_slots(read.settings, asked);
  if (why_command->parsed()) return show_why(read.settings, why_asked);
  if (mcp_command->parsed()) return run_mcp(read.settings, mcp_asked);
  if (jwt_command->parsed()) {
    const Result<secrets::Role> parsed_role = secrets::role_from_name(role);
    const Result<std::chrono::seconds> ttl = settings::duration_from_text(lifetime);
    if (!parsed_role || !ttl || ttl->count() == 0) {
      std::cerr << "slotwire: "
                << (!parsed_role ? "--role must be reader, admin or super_admin" : "--ttl must be seconds, or 15m, 8h") << '\n';
      return 2;
    }
    return admin_jwt(read.settings, {*parsed_role, *ttl, subject, quiet, unlisted});
  }
  if (jwt_list_command->parsed()) return jwt_list(read.settings, shown);
  if (jwt_revoke_command->parsed()) {
    if (jwt_id.empty() == jwt_subject.empty()) {
      std::cerr
          << "slotwire: jwt revoke takes an id, as `slotwire jwt list` shows it, or --sub and whose all are to be revoked\n";
      return 2;
    }
    using By = access::JwtChoice::By;
    return jwt_revoke(read.settings,
                      jwt_id.empty() ? access::JwtChoice{By::subject, jwt_subject} : access::JwtChoice{By::id, jwt_id});
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    std::cerr << "slotwire: " << exception.what() << '\n';
    return 1;
  }
}
