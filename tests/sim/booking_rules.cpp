#include "tests/sim/booking_rules.h"

#include <algorithm>
#include <array>

#include "tests/sim/availability.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::array kTrackingKeys = {"utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"};
constexpr std::size_t kMostGuests = 10;

Json list_of(const Json& body, const char* key) {
  const Json list = body.value(key, Json());
  if (list.is_null()) return Json::array();
  return list;
}

Answer refused_place(const Account& account) {
  return invalid_arguments({{"event.location_configuration.location", "Invalid location choice",
                             account.names_error_codes ? "invalid_location_choice" : ""}});
}

std::optional<Answer> refusal_of_location(const Account& account, const EventTypeRecord& type, const Json& location) {
  if (location.is_null()) {
    // A single place needs no choice.
    if (type.locations.size() <= 1) return std::nullopt;
    return refused_place(account);
  }
  const std::string kind = text_of(location, "kind");
  const std::string text = text_of(location, "location");
  const bool is_configured = std::ranges::any_of(type.locations, [&](const Location& place) {
    return place.kind == kind && (kind != "physical" || text.empty() || place.place == text);
  });
  if (!is_configured) return refused_place(account);
  if ((kind == "outbound_call" || kind == "ask_invitee") && text.empty()) return refused_place(account);
  return std::nullopt;
}

// Not blank, in the sense of Rails.
bool is_filled(const Json& answer) {
  return answer.is_number() ||
         (answer.is_string() && answer.get_ref<const std::string&>().find_first_not_of(" \t\r\n") != std::string::npos);
}

bool is_phone_number(const Json& answer) {
  if (answer.is_number()) return true;
  const std::string text = answer.get<std::string>();
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 7 && text.find_first_not_of("+0123456789 ().-") == std::string::npos;
}

// The live service gives only this text, whichever question it is, and also for a blank answer to any question.
Answer refused_blank() { return problem(400, "Invalid Argument", "Required Questions and Answers cannot be blank."); }

std::optional<Answer> refusal_of_answers(const EventTypeRecord& type, const Json& answers) {
  const auto refused = [](const std::string& text) { return invalid_arguments({{"questions_and_answers", text}}); };
  if (!answers.is_array()) return refused("is invalid");
  for (const Json& entry : answers) {
    if (!entry.is_object() || !is_filled(entry.value("answer", Json()))) return refused_blank();
  }
  for (const Question& question : type.questions) {
    const bool is_answered =
        std::ranges::any_of(answers, [&](const Json& entry) { return text_of(entry, "question") == question.name; });
    if (question.enabled && question.required && !is_answered) return refused_blank();
  }
  for (const Json& entry : answers) {
    const auto question = std::ranges::find(type.questions, text_of(entry, "question"), &Question::name);
    if (question == type.questions.end() || !question->enabled) return refused("is not a question of this event type");
    const Json position = entry.value("position", Json());
    const int expected = question->position.value_or(static_cast<int>(question - type.questions.begin()));
    if (position != Json(expected) && position != Json(std::to_string(expected))) return refused("has a wrong position");
    const Json answer = entry["answer"];
    if (question->type == "phone_number" && !is_phone_number(answer))
      return refused(question->name + " is not a valid phone number");
    const bool is_choice =
        answer.is_string() && std::ranges::find(question->choices, answer.get<std::string>()) != question->choices.end();
    if (question->type == "single_select" && !question->takes_other && !is_choice) return refused(question->name + " is invalid");
  }
  return std::nullopt;
}

// As invitees show them: positions from a form are texts.
Json shown_answers(const EventTypeRecord& type, const Json& answers) {
  Json shown = Json::array();
  for (const Json& entry : answers) {
    const auto question = std::ranges::find(type.questions, text_of(entry, "question"), &Question::name);
    shown.push_back({{"question", question->name},
                     {"answer", entry["answer"]},
                     {"position", question->position.value_or(static_cast<int>(question - type.questions.begin()))}});
  }
  return shown;
}

std::optional<Answer> refusal_of_tracking(const Json& tracking) {
  if (tracking.is_null()) return std::nullopt;
  std::vector<Complaint> missing;
  for (const char* key : kTrackingKeys) {
    if (!tracking.is_object() || !tracking.contains(key)) missing.push_back({std::string("tracking.") + key, "is missing"});
  }
  if (missing.empty()) return std::nullopt;
  return invalid_arguments(missing);
}

std::optional<Answer> refusal_of_guests(const Json& guests) {
  const bool is_list = guests.is_array() && guests.size() <= kMostGuests && std::ranges::all_of(guests, [](const Json& guest) {
                         return guest.is_string() && guest.get_ref<const std::string&>().find('@') != std::string::npos;
                       });
  if (is_list) return std::nullopt;
  return invalid_arguments({{"event_guests", "is invalid"}});
}

}  // namespace

void announce(World& world, const std::string& name, const ScheduledEvent& event, const Invitee& invitee) {
  Json payload = json_from_invitee(event, invitee, world.page_base);
  payload["scheduled_event"] = json_from_event(event, world.account, EventView::webhook);
  world.deliveries.announce(world.ledger.webhooks, name, std::move(payload));
}

std::variant<Booked, Answer> book_start(World& world, const EventTypeRecord& type, Instant start, Invitee invitee,
                                        const Surroundings& around) {
  const Instant now = world.clock.now();
  if (!free_start_at(world.account, world.ledger, type, start, now)) {
    return invalid_arguments(
        {{"event.start_time", "That start time has been filled", world.account.names_error_codes ? "already_filled" : ""}});
  }
  const ScheduledEvent& event = world.ledger.book(type, start, std::move(invitee), around, now);
  announce(world, "invitee.created", event, event.invitees.back());
  return Booked{json_from_event(event, world.account), json_from_invitee(event, event.invitees.back(), world.page_base)};
}

std::variant<Invitee, Answer> invitee_from(const Account& account, const EventTypeRecord& type, const Json& body) {
  const Json who = body.value("invitee", Json::object());
  Invitee invitee{.uuid = {},
                  .name = text_of(who, "name"),
                  .email = text_of(who, "email"),
                  .timezone = text_of(who, "timezone"),
                  .answers = list_of(body, "questions_and_answers"),
                  .tracking = body.value("tracking", Json())};
  const std::string first = text_of(who, "first_name");
  const std::string last = text_of(who, "last_name");
  if (invitee.name.empty() && first.empty()) return invalid_arguments({{"invitee", "either name or first_name must be filled"}});
  if (invitee.name.empty()) {
    invitee.name = last.empty() ? first : first + " " + last;
    invitee.first_name = first;
    invitee.last_name = last.empty() ? Json(nullptr) : Json(last);
  }
  if (invitee.email.find('@') == std::string::npos) return invalid_arguments({{"invitee.email", "is invalid"}});
  if (!is_known_zone(invitee.timezone)) return invalid_arguments({{"invitee.timezone", "is invalid"}});
  if (const std::string number = text_of(who, "text_reminder_number"); !number.empty()) invitee.text_reminder_number = number;
  if (auto refusal = refusal_of_location(account, type, body.value("location", Json()))) return *refusal;
  if (auto refusal = refusal_of_answers(type, invitee.answers)) return *refusal;
  invitee.answers = shown_answers(type, invitee.answers);
  if (auto refusal = refusal_of_tracking(invitee.tracking)) return *refusal;
  if (auto refusal = refusal_of_guests(list_of(body, "event_guests"))) return *refusal;
  return invitee;
}

Surroundings surroundings_from(const EventTypeRecord& type, const Json& body) {
  Surroundings around;
  for (const Json& guest : list_of(body, "event_guests")) around.guests.push_back(guest.get<std::string>());
  const Json sent = body.value("location", Json());
  if (sent.is_null() && type.locations.empty()) return around;
  const std::string kind = sent.is_null() ? type.locations.front().kind : text_of(sent, "kind");
  const Location& configured = *std::ranges::find(type.locations, kind, &Location::kind);
  if (kind.ends_with("_conference")) {
    around.location = {{"type", kind}, {"status", "pushed"}, {"join_url", "https://meet.example.com/" + type.slug}};
    return around;
  }
  std::string place = text_of(sent, "location");
  if (place.empty()) place = kind == "inbound_call" ? configured.phone_number : configured.place;
  around.location = {{"type", kind}, {"location", place.empty() ? Json(nullptr) : Json(place)}};
  return around;
}

}  // namespace slotwire::sim
