#include "proxy/app/commands.h"

#include <cstdio>
#include <future>
#include <iostream>

#include "proxy/app/operator.h"
#include "proxy/app/places.h"
#include "proxy/app/secret_line.h"
#include "proxy/pages/page_service.h"
#include "proxy/settings/settings_file.h"
#include "proxy/slots/range_query.h"
#include "proxy/text/ascii.h"
#include "shared/wire_json.h"

namespace slotwire::app {

using settings::Settings;

namespace {

void print_row(std::string_view name, std::string_view value) {
  std::printf("%-16s %.*s\n", std::string(name).c_str(), static_cast<int>(value.size()), value.data());
}

std::string clock_text(std::chrono::microseconds since_midnight) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(since_midnight).count();
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text;
}

void print_table(const SlotsAnswer& answer, const ZoneOffsets& zone) {
  std::printf("%s, %d minutes, %s\n", answer.event_type_name.c_str(), static_cast<int>(answer.duration.count()),
              answer.timezone.c_str());
  for (const DaySlots& day : slots_by_day(answer.slots, zone)) {
    std::printf("\n%s\n", text_from_day(day.day).c_str());
    for (const Slot& slot : day.slots) {
      std::printf("  %s - %s  %s\n", clock_text(zone.local_time_of(slot.start)).c_str(),
                  clock_text(zone.local_time_of(slot.start + answer.duration)).c_str(), slot.scheduling_url.c_str());
    }
  }
  if (answer.slots.empty()) std::printf("\nNo free slots.\n");
  if (answer.stale) std::printf("\nSome days are old copies: Calendly did not answer.\n");
  if (!answer.complete) std::printf("\nSome days are missing: Calendly did not answer.\n");
}

}  // namespace

std::string flag_from_name(std::string_view name) {
  for (const std::string_view prefix : {std::string_view("CALENDLY_"), std::string_view("SLOTWIRE_")}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  std::string flag = "--";
  for (const char c : name) flag += c == '_' ? '-' : text::lower_ascii(c);
  return flag;
}

int failed(const Error& error) {
  std::cerr << "slotwire: " << error.detail << '\n';
  for (const ErrorDetail& detail : error.details) {
    // With a single wrong input, the sentence contains the detail already.
    if (error.detail.find(detail.message) != std::string::npos) continue;
    std::cerr << "  " << (detail.field.empty() ? "" : detail.field + " ") << detail.message << '\n';
  }
  // Dates, zones and options are arguments of the command; a port in use, for example, is not.
  const bool is_wrong_use =
      error.code == ErrorCode::invalid_date_range || (!error.details.empty() && error.details.front().field.starts_with("--"));
  return is_wrong_use ? kWrongUse : 1;
}

int check_config(const settings::Read& read) {
  for (const settings::Problem& problem : read.problems) std::cout << problem.name << ' ' << problem.what << '\n';
  if (!read.problems.empty()) return 1;
  const std::vector<settings::Problem> places = problems_with_places(read.settings);
  for (const settings::Problem& problem : places) std::cout << problem.name << ' ' << problem.what << '\n';
  if (!places.empty()) return 1;
  std::cout << "The configuration is fine.\n";
  return 0;
}

int token_set(const Settings& settings) {
  std::string line = secret_line("Personal Access Token: ");
  secrets::SecretString token = secrets::SecretString::taken_from(line);
  if (const auto checked = connection::check_token_text(token.reveal()); !checked) return failed(checked.error());
  // A new admin may run this first, before a database exists.
  auto core = quiet_core(settings, NoDatabase::make);
  if (!core) return failed(core.error());
  connection::Connection& connection = *(*core)->connection;
  const auto before = connection.account();
  const auto set = connection.set_token(std::move(token), std::string(kOperator), "");
  record_action(**core, "token.set", set);
  if (!set) return failed(set.error());
  if (!(*core)->webhook->end_if_dropped(*before, ""))
    std::cerr << "Calendly still tells us of the account before; that is refused from now on.\n";
  const auto account = connection.account();
  std::cout << "Connected as " << account->record.user_name << ", " << account->record.types.size()
            << " event types. A slotwire that is running takes it up within a second.\n";
  return 0;
}

int token_rotate(const Settings& settings) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto sealed = (*core)->connection->reseal();
  if (!sealed || *sealed) record_action(**core, "token.rotate", sealed);
  if (!sealed) return failed(sealed.error());
  if (*sealed) {
    std::cout << "The token is sealed with the first key now; older keys may be removed.\n";
    return 0;
  }
  if (settings.encryption_keys.size() > 1) {
    std::cout << "The token was sealed with the first key already; older keys may be removed.\n";
    return 0;
  }
  std::cerr << "slotwire: nothing was changed: only one key is configured, and the token is sealed with it. To change keys, put\n"
               "CALENDLY_ENCRYPTION_KEY=NEW,OLD into the settings that this command reads, which are the environment and the\n"
               "settings file ("
            << settings::kSettingsFile << "), and run it again. Without CALENDLY_ENCRYPTION_KEY, OLD is JWT_SECRET.\n";
  return 1;
}

int webhook_subscribe(const Settings& settings, const std::string& public_url) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto subscribed = (*core)->webhook->subscribe(public_url, std::string(kOperator), "");
  record_action(**core, "webhook.subscribe", subscribed);
  if (!subscribed) return failed(subscribed.error());
  std::cout << "Calendly tells " << (*core)->connection->account()->record.webhook->callback_url
            << " of bookings from now on. A slotwire that is running takes it up within a second.\n";
  return 0;
}

int webhook_unsubscribe(const Settings& settings) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto done = (*core)->webhook->unsubscribe("");
  record_action(**core, "webhook.unsubscribe", done);
  if (!done) return failed(done.error());
  std::cout << "Calendly tells of bookings no more; free times are looked at anew when they are five minutes old.\n";
  return 0;
}

int webhook_status(const Settings& settings) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto account = (*core)->connection->account();
  const std::optional<store::Webhook>& webhook = account->record.webhook;
  if (!webhook) {
    std::cout << "Nothing is subscribed. `slotwire webhook subscribe https://...` (the proxy's public address) does.\n";
    return 0;
  }
  print_row("delivers to", webhook->callback_url);
  print_row("subscribed", text_or_dash(webhook->created_at) + " by " + webhook->created_by);
  const auto state = (*core)->webhook->state_at_calendly();
  if (!state) return failed(state.error());
  print_row("Calendly says", *state == "unknown" ? "it knows no such subscription: subscribe again" : *state);
  return *state == "active" ? 0 : 1;
}

int show_status(const Settings& settings) {
  auto core = quiet_core(settings);
  if (!core) return failed(core.error());
  const auto account = (*core)->connection->account();
  const store::ConnectionRecord& record = account->record;
  print_row("mode", name_from_mode(record.mode));
  if (record.mode == ConnectionMode::none) return 0;
  print_row("user", record.user_name);
  print_row("time zone", record.timezone.empty() ? "-" : record.timezone);
  print_row("token", record.token_fingerprint.empty() ? "-" : record.token_fingerprint);
  print_row("connected", text_or_dash(record.connected_at) + " by " + record.connected_by);
  print_row("synced", text_or_dash(record.last_synced_at));
  print_row("webhook", record.webhook ? record.webhook->callback_url : "-");
  if (account->problem) print_row("problem", account->problem->detail);
  for (const std::string& scope : record.missing_scopes) print_row("missing", "the scope " + scope);
  for (const std::string& scope : record.beyond_plan) print_row("missing", "a Calendly plan that includes " + scope);
  for (const EventType& type : record.types) {
    print_row("event type", type.slug + ", " + std::to_string(type.duration.count()) + " minutes, " + type.name +
                                (type.active ? "" : " (inactive)") + (type.secret ? " (secret)" : ""));
  }
  return account->problem ? 1 : 0;
}

namespace {

int show_mail(Core& core, const Settings& settings, const SlotsAsked& asked) {
  pages::PageService pages({*core.connection, *core.slots, core.zones, core.clock, core.timers}, {settings.pages_origin});
  std::promise<Result<pages::PageService::Mail>> promise;
  pages.mail({asked.event_type, asked.timezone, asked.locale},
             [&promise](Result<pages::PageService::Mail> mail) { promise.set_value(std::move(mail)); });
  const Result<pages::PageService::Mail> mail = promise.get_future().get();
  if (!mail) return failed(mail.error());
  std::cout << (*asked.mail == "html" ? mail->html : mail->text);
  return 0;
}

}  // namespace

int show_slots(const Settings& settings, const SlotsAsked& asked) {
  auto opened = quiet_core(settings);
  if (!opened) return failed(opened.error());
  Core& core = **opened;
  // A link's query may contain commas.
  const Result<slots::Named> named = core.any_of->named_in(asked.event_type, Turn::fair);
  if (!named || named->is_list)
    return failed(bad_input("event", "must name one event type at a time; several are answered as one by the API"));
  if (asked.mail) return show_mail(core, settings, asked);
  const time::Zones zones;
  const auto range = slots::asked_range(asked.from, asked.to, asked.timezone, zones, core.clock.now());
  if (!range) return failed(range.error());
  const auto zone = zones.find(range->timezone);
  if (!zone) return failed(zone.error());
  std::promise<Result<slots::SlotReply>> promise;
  core.slots->find({asked.event_type, range->range, range->days, range->timezone, ""},
                   [&promise](Result<slots::SlotReply> reply) { promise.set_value(std::move(reply)); });
  const Result<slots::SlotReply> reply = promise.get_future().get();
  if (!reply) return failed(reply.error());
  if (reply->answer->is_public_link) {
    std::cout << "No token is connected; book at " << core.connection->account()->record.scheduling_url << '\n';
    return 0;
  }
  const Result<SlotsAnswer> answer = slots_from_json(reply->answer->json);
  if (!answer) return failed(answer.error());
  print_table(*answer, **zone);
  return 0;
}

}  // namespace slotwire::app
