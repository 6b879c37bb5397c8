#include "tests/sim/control.h"

#include <algorithm>

#include "tests/sim/availability.h"
#include "tests/sim/planted.h"

namespace slotwire::sim {
namespace {

Answer refused(const std::string& why) { return answer_from(400, {{"problem", why}}); }

Json json_from_account(const Account& account) {
  Json tokens = Json::array();
  for (const Token& token : account.tokens) {
    tokens.push_back({{"token", token.text}, {"scopes", token.scopes ? Json(*token.scopes) : Json(nullptr)}});
  }
  return {{"plan", account.on_paid_plan ? "paid" : "free"},
          {"requests_a_minute", account.request_limit()},
          {"may_book", account.may_book},
          {"calendar_trouble", account.has_calendar_trouble},
          {"longest_range_days", account.longest_range_days},
          {"horizon_days", account.horizon_days},
          {"error_text", account.error_text == ErrorTextPlace::message ? "message" : "details"},
          {"shows_end_edge", account.shows_end_edge},
          {"plain_times", account.plain_times},
          {"times_like", text_in_style(Instant(), account.times_like)},
          {"books_only_listed_text", account.books_only_listed_text},
          {"names_error_codes", account.names_error_codes},
          {"refuses_cancel_reasons", account.refuses_cancel_reasons},
          {"lists_page_tokens", account.lists_page_tokens},
          {"names_required_scopes", account.names_required_scopes},
          {"books_polls_and_paid", account.books_polls_and_paid},
          {"plan_gates", account.plan_gates},
          {"timezone", account.timezone},
          {"event_types", account.event_types.size()},
          {"tokens", tokens}};
}

std::vector<Token> tokens_from(const Json& list) {
  std::vector<Token> tokens;
  for (const Json& entry : list) {
    Token token{.text = entry.at("token").get<std::string>(), .scopes = std::nullopt};
    if (entry.contains("scopes")) token.scopes = entry["scopes"].get<std::set<std::string>>();
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// Notifies subscribers, as Calendly does when event types are created, edited or deleted on its own pages.
void announce_types(World& world, const Account& changed) {
  const auto json = [&](const EventTypeRecord& type, const Account& account) {
    return json_from_event_type(type, account, world.page_base, 0);
  };
  for (const EventTypeRecord& type : changed.event_types) {
    const EventTypeRecord* before = world.account.find_event_type(type.uuid);
    if (before && json(*before, world.account) == json(type, changed)) continue;
    world.deliveries.announce(world.ledger.webhooks, before ? "event_type.updated" : "event_type.created", json(type, changed));
  }
  for (const EventTypeRecord& type : world.account.event_types) {
    if (!changed.find_event_type(type.uuid))
      world.deliveries.announce(world.ledger.webhooks, "event_type.deleted", json(type, world.account));
  }
}

Answer change_account(World& world, const Json& wish) {
  std::lock_guard lock(world.mutex);
  Account changed = world.account;
  if (wish.contains("plan")) changed.on_paid_plan = wish["plan"] == "paid";
  if (wish.contains("requests_a_minute")) changed.requests_a_minute = wish["requests_a_minute"].get<int>();
  if (wish.contains("event_types")) changed.event_types = example_account(wish["event_types"].get<int>()).event_types;
  if (wish.contains("tokens")) changed.tokens = tokens_from(wish["tokens"]);
  if (wish.contains("error_text")) {
    changed.error_text = wish["error_text"] == "details" ? ErrorTextPlace::details : ErrorTextPlace::message;
  }
  changed.may_book = wish.value("may_book", changed.may_book);
  changed.has_calendar_trouble = wish.value("calendar_trouble", changed.has_calendar_trouble);
  changed.longest_range_days = wish.value("longest_range_days", changed.longest_range_days);
  changed.horizon_days = wish.value("horizon_days", changed.horizon_days);
  changed.shows_end_edge = wish.value("shows_end_edge", changed.shows_end_edge);
  changed.plain_times = wish.value("plain_times", changed.plain_times);
  if (wish.contains("times_like")) {
    const auto style = style_of(wish["times_like"].get<std::string>());
    if (!style) return refused("times_like is not the text of an instant in a style that is known here");
    changed.times_like = *style;
  }
  changed.books_only_listed_text = wish.value("books_only_listed_text", changed.books_only_listed_text);
  changed.names_error_codes = wish.value("names_error_codes", changed.names_error_codes);
  changed.refuses_cancel_reasons = wish.value("refuses_cancel_reasons", changed.refuses_cancel_reasons);
  changed.lists_page_tokens = wish.value("lists_page_tokens", changed.lists_page_tokens);
  changed.names_required_scopes = wish.value("names_required_scopes", changed.names_required_scopes);
  changed.books_polls_and_paid = wish.value("books_polls_and_paid", changed.books_polls_and_paid);
  changed.plan_gates = wish.value("plan_gates", changed.plan_gates);
  changed.webhook_events_refused = wish.value("webhook_events_refused", changed.webhook_events_refused);
  if (wish.value("odd_event_types", false)) add_odd_event_types(changed);
  changed.timezone = wish.value("timezone", changed.timezone);
  if (!is_known_zone(changed.timezone)) return refused("timezone is not known here");
  if (wish.contains("host")) {
    if (const auto problem = plant(changed, wish["host"])) return refused(*problem);
  }
  for (const Json& uuid : wish.value("delete_event_types", Json::array())) {
    std::erase_if(changed.event_types, [&](const EventTypeRecord& type) { return Json(type.uuid) == uuid; });
  }
  for (const Json& edit : wish.value("edit_event_types", Json::array())) {
    const auto type = std::ranges::find(changed.event_types, edit.at("uuid").get<std::string>(), &EventTypeRecord::uuid);
    if (type == changed.event_types.end()) return refused("edit_event_types names no event type that is there");
    type->name = edit.value("name", type->name);
    type->duration_min = edit.value("duration", type->duration_min);
    type->active = edit.value("active", type->active);
    plant(*type, edit);
  }
  if (!wish.value("silently", false)) announce_types(world, changed);
  world.account = std::move(changed);
  return answer_from(200, json_from_account(world.account));
}

Answer set_clock(World& world, const Json& wish) {
  if (wish.contains("now")) {
    const Result<Instant> now = instant_from_text(wish["now"].get<std::string>());
    if (!now) return refused("now is not RFC 3339");
    world.clock.hold_at(*now);
  } else {
    world.clock.run_with_offset(std::chrono::seconds(wish.value("offset_s", 0)));
  }
  return answer_from(200, {{"now", calendly_text_from_instant(world.clock.now())}, {"held", world.clock.is_held()}});
}

Answer reset(World& world, const Json&) {
  world.faults.clear();
  world.counters.reset();
  world.rate.reset();
  world.deliveries.clear();
  world.clock.run_with_offset({});
  std::lock_guard lock(world.mutex);
  world.account = world.first_account;
  world.ledger = BookingLedger();
  return answer_from(200, {{"reset", true}});
}

Answer take_start(World& world, const Json& wish) {
  std::lock_guard lock(world.mutex);
  const std::string name = wish.at("event_type").get<std::string>();
  const EventTypeRecord* type = world.account.find_event_type(name);
  if (type == nullptr) type = world.account.find_by_slug(name);
  const Result<Instant> start = instant_from_text(wish.at("start_time").get<std::string>());
  if (type == nullptr || !start) return refused("event_type or start_time is not known");
  world.ledger.block(type->uuid, *start);
  return answer_from(200, {{"taken", calendly_text_from_instant(*start)}});
}

// Sends a delivery requested by a test: {"how", "age_s", "event", "start_time", "end_time", "payload" (further members)} to the
// first subscription; all but `how` have defaults.
Answer deliver(World& world, const Json& wish) {
  WebhookSubscription webhook;
  {
    std::lock_guard lock(world.mutex);
    if (world.ledger.webhooks.empty()) return refused("nobody has subscribed");
    webhook = world.ledger.webhooks.front();
  }
  const std::string start = wish.value("start_time", calendly_text_from_instant(world.clock.now()));
  Json payload = wish.value("payload", Json::object());
  payload["scheduled_event"] = {{"start_time", start}, {"end_time", wish.value("end_time", start)}};
  return answer_from(200, world.deliveries.send_now(webhook, wish.value("event", "invitee.created"), payload,
                                                    wish.value("how", "valid"), std::chrono::seconds(wish.value("age_s", 0))));
}

Answer add_fault(World& world, const Json& wish) {
  const auto outcome = world.faults.add(wish);
  if (const auto* why = std::get_if<std::string>(&outcome)) return refused(*why);
  return answer_from(201, {{"id", std::get<int>(outcome)}});
}

void send(httplib::Response& response, const Answer& answer) {
  response.status = answer.status;
  response.set_content(answer.body, answer.content_type);
}

using Change = Answer (*)(World&, const Json&);

void add_change(httplib::Server& server, World& world, const char* path, Change change) {
  server.Post(path, [&world, change](const httplib::Request& request, httplib::Response& response) {
    const Json wish = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
    if (!wish.is_object()) return send(response, refused("the body is not a JSON object"));
    try {
      send(response, change(world, wish));
    } catch (const Json::exception& mistake) {
      send(response, refused(mistake.what()));
    }
  });
}

using Look = Json (*)(World&);

void add_look(httplib::Server& server, World& world, const char* path, Look look) {
  server.Get(path, [&world, look](const httplib::Request&, httplib::Response& response) {
    send(response, answer_from(200, look(world)));
  });
}

}  // namespace

void add_control_routes(httplib::Server& server, World& world) {
  add_change(server, world, "/__sim/reset", reset);
  add_change(server, world, "/__sim/account", change_account);
  add_change(server, world, "/__sim/clock", set_clock);
  add_change(server, world, "/__sim/faults", add_fault);
  add_change(server, world, "/__sim/take", take_start);
  add_change(server, world, "/__sim/deliver", deliver);
  add_change(server, world, "/__sim/counters/reset", [](World& reached, const Json&) {
    reached.counters.reset();
    return answer_from(200, {{"reset", true}});
  });
  add_look(server, world, "/__sim/account", [](World& reached) {
    std::lock_guard lock(reached.mutex);
    return json_from_account(reached.account);
  });
  add_look(server, world, "/__sim/counters", [](World& reached) { return reached.counters.json(); });
  add_look(server, world, "/__sim/requests", [](World& reached) { return reached.counters.requests(); });
  add_look(server, world, "/__sim/deliveries", [](World& reached) { return reached.deliveries.log(); });
  add_look(server, world, "/__sim/faults", [](World& reached) { return reached.faults.list(); });
  server.Delete("/__sim/faults", [&world](const httplib::Request&, httplib::Response& response) {
    world.faults.clear();
    send(response, answer_from(200, Json::array()));
  });
}

}  // namespace slotwire::sim
