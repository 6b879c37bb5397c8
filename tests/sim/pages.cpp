#include "tests/sim/pages.h"

#include <algorithm>

#include "tests/sim/availability.h"
#include "tests/sim/booking_rules.h"
#include "tests/sim/endpoints.h"
#include "tests/sim/page_shell.h"

namespace slotwire::sim {
namespace {

constexpr std::string_view kEventTypeViewed = "calendly.event_type_viewed";

void send_page(httplib::Response& response, int status, std::string page) {
  response.status = status;
  response.set_content(std::move(page), "text/html; charset=utf-8");
}

void send_missing(httplib::Response& response) {
  send_page(response, 404, page_from("Not found", "<h1>This link is not valid</h1><p>It may have been used already.</p>", ""));
}

std::string heading(const Account& account, const EventTypeRecord& type) {
  return "<p>" + escaped_html(account.name) + "</p>\n<h1>" + escaped_html(type.name) + "</h1>\n<p>" +
         std::to_string(type.duration_min) + " minutes</p>\n";
}

std::string profile_page(const World& world) {
  std::string body = "<h1>" + escaped_html(world.account.name) + "</h1>\n<ul>\n";
  for (const EventTypeRecord& type : world.account.event_types) {
    if (!type.active || type.secret || !type.link_id.empty()) continue;
    body += "<li><a href=\"" + page_of(type, world.account, "") + "\">" + escaped_html(type.name) + "</a></li>\n";
  }
  return page_from(world.account.name, body + "</ul>", "calendly.profile_page_viewed");
}

// The next times, as links to their pages.
std::string event_type_page(const World& world, const EventTypeRecord& type, const std::string& link) {
  constexpr std::size_t kTimesShown = 40;
  const Instant now = world.clock.now();
  std::vector<FreeStart> free =
      free_starts(world.account, world.ledger, type, {now, now + std::chrono::days(world.account.horizon_days)}, now);
  if (free.size() > kTimesShown) free.resize(kTimesShown);
  std::string body = heading(world.account, type);
  if (free.empty()) body += "<p>No times are free.</p>";
  body += "<ul>\n";
  for (const FreeStart& at : free) {
    const std::string start = text_from_instant(at.start);
    const std::string page = link.empty() ? page_of(type, world.account, "") : "/d/" + link + "/" + type.slug;
    body +=
        "<li><a data-time href=\"" + page + "/" + start + "\"><time datetime=\"" + start + "\">" + start + "</time></a></li>\n";
  }
  return page_from(type.name, body + "</ul>", kEventTypeViewed);
}

std::string time_page(const World& world, const EventTypeRecord& type, Instant start, const std::string& link) {
  const std::string text = text_from_instant(start);
  std::string body = heading(world.account, type);
  body += "<p class=\"when\"><time datetime=\"" + text + "\">" + text + "</time></p>\n";
  if (!free_start_at(world.account, world.ledger, type, start, world.clock.now())) {
    body += "<p>This time is not available any more. <a href=\"" + page_of(type, world.account, "") + "\">Choose another</a></p>";
    return page_from(type.name, body, kEventTypeViewed);
  }
  body += "<form data-action=\"book\" data-type=\"" + type.uuid + "\" data-start=\"" + text + "\" data-link=\"" +
          escaped_html(link) +
          "\">\n<label>Name<input name=\"name\" required autocomplete=\"name\"></label>\n"
          "<label>Email<input name=\"email\" type=\"email\" required autocomplete=\"email\"></label>\n";
  int number = 0;
  for (const Question& question : type.questions) {
    if (!question.enabled) continue;
    const std::string name = escaped_html(question.name);
    body += "<label>" + name + "<textarea rows=\"2\" name=\"" + name + "\" data-question=\"" + std::to_string(++number) + "\"" +
            (question.required ? " required" : "") + "></textarea></label>\n";
  }
  return page_from(type.name, body + "<button>Schedule event</button>\n</form>", kEventTypeViewed);
}

Answer book_from_page(World& world, const Json& sent) {
  std::lock_guard lock(world.mutex);
  const EventTypeRecord* type = world.account.find_event_type(sent.value("event_type", ""));
  const Result<Instant> start = instant_from_text(sent.value("start_time", ""));
  if (type == nullptr || !start) return resource_not_found();
  const std::string link_id = sent.value("link", "");
  SingleUseLink* link = link_id.empty() ? nullptr : world.ledger.find_link(link_id);
  const bool is_single_use = !link_id.empty() && link_id != type->link_id;
  if (is_single_use && (link == nullptr || link->used)) return problem(410, "Gone", "This link has been used already.");
  auto outcome = book_start(world, *type, *start,
                            {.uuid = {},
                             .name = sent.value("name", ""),
                             .email = sent.value("email", ""),
                             .timezone = sent.value("timezone", "UTC"),
                             .answers = sent.value("answers", Json::array()),
                             .tracking = Json()},
                            surroundings_from(*type, Json::object()));
  if (std::holds_alternative<Answer>(outcome)) {
    return problem(409, "Conflict", "This time has just been taken. Please choose another.");
  }
  if (link != nullptr) link->used = true;
  const Booked& booked = std::get<Booked>(outcome);
  return answer_from(201, {{"event", booked.event["uri"]}, {"invitee", booked.invitee["uri"]}});
}

Answer cancel_from_page(World& world, const Json& sent) {
  std::lock_guard lock(world.mutex);
  const std::string uuid = sent.value("invitee", "");
  const auto [event, invitee] = world.ledger.find_invitee(uuid);
  if (event == nullptr) return resource_not_found();
  if (!invitee->is_canceled()) {
    invitee->cancellation = Cancellation{invitee->name, nullptr, "invitee", world.clock.now()};
    announce(world, "invitee.canceled", *event, *invitee);
  }
  if (std::ranges::all_of(event->invitees, &Invitee::is_canceled) && !event->is_canceled()) {
    event->cancellation = invitee->cancellation;
  }
  return answer_from(201, {{"canceled", true}});
}

using PageAction = Answer (*)(World&, const Json&);

void add_action(httplib::Server& server, World& world, const char* path, PageAction action) {
  server.Post(path, [&world, action](const httplib::Request& request, httplib::Response& response) {
    const Json sent = Json::parse(request.body, nullptr, false);
    Answer answer = problem(400, "Invalid Argument", "The request could not be read.");
    try {
      if (sent.is_object()) answer = action(world, sent);
    } catch (const Json::type_error&) {
      // A field does not have the type that the form sends: the answer above is used.
    }
    response.status = answer.status;
    response.set_content(answer.body, answer.content_type);
  });
}

// `link` is empty for pages of the account itself.
void show_page(World& world, const std::string& link, const std::string& slug, const std::string& start_text,
               httplib::Response& response) {
  std::lock_guard lock(world.mutex);
  const EventTypeRecord* type = world.account.find_by_slug(slug);
  if (type == nullptr || !type->active) return send_missing(response);
  if (link != type->link_id) {
    const SingleUseLink* known = world.ledger.find_link(link);
    if (known == nullptr || known->used || known->event_type_uuid != type->uuid) return send_missing(response);
  }
  if (start_text.empty()) return send_page(response, 200, event_type_page(world, *type, link));
  const Result<Instant> start = instant_from_text(start_text);
  if (!start) return send_missing(response);
  send_page(response, 200, time_page(world, *type, *start, link));
}

}  // namespace

void add_page_routes(httplib::Server& server, World& world) {
  add_action(server, world, "/__pages/book", book_from_page);
  add_action(server, world, "/__pages/cancel", cancel_from_page);
  const std::string home = "/" + world.first_account.slug;
  server.Get(home, [&world](const httplib::Request&, httplib::Response& response) {
    std::lock_guard lock(world.mutex);
    send_page(response, 200, profile_page(world));
  });
  const std::string homes = "/(?:" + world.first_account.slug + "|" + world.first_account.team_slug + ")";
  server.Get(homes + "/([A-Za-z0-9_-]+)(?:/([^/]+))?", [&world](const httplib::Request& request, httplib::Response& response) {
    show_page(world, "", request.matches[1], request.matches[2], response);
  });
  server.Get("/d/([a-z0-9-]+)/([A-Za-z0-9_-]+)(?:/([^/]+))?",
             [&world](const httplib::Request& request, httplib::Response& response) {
               show_page(world, request.matches[1], request.matches[2], request.matches[3], response);
             });
  server.Get("/(?:cancellations|reschedulings)/([A-Za-z0-9]+)", [](const httplib::Request& request, httplib::Response& response) {
    send_page(response, 200,
              page_from("Cancel",
                        "<h1>Cancel this event?</h1>\n<form data-action=\"cancel\" data-invitee=\"" +
                            escaped_html(request.matches[1].str()) + "\"><button>Cancel event</button></form>",
                        ""));
  });
}

}  // namespace slotwire::sim
