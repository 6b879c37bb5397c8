#include "tests/sim/booking_rules.h"

#include <algorithm>
#include <array>

#include "tests/sim/availability.h"

namespace slotwire::sim {
namespace {

constexpr std::array kTrackingKeys = {"utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"};

bool is_answered(const Json& answers, const std::string& question) {
  return std::ranges::any_of(answers, [&](const Json& entry) {
    return entry.is_object() && entry.value("question", "") == question && !entry.value("answer", "").empty();
  });
}

std::optional<Answer> refusal_of_location(const Account& account, const EventTypeRecord& type, const Json& location) {
  if (location.is_null()) {
    // With one place there is nothing to choose.
    if (type.locations.size() <= 1) return std::nullopt;
    return invalid_argument(account.error_text, "location", "location is required");
  }
  const std::string kind = location.is_object() ? location.value("kind", "") : "";
  if (std::ranges::find(type.locations, kind, &Location::kind) == type.locations.end()) {
    return invalid_argument(account.error_text, "location.kind", "location kind is not configured on the event type");
  }
  const std::string text = location.value("location", "");
  if ((kind == "outbound_call" || kind == "ask_invitee") && text.empty()) {
    return invalid_argument(account.error_text, "location.location", "location is required for this kind");
  }
  const bool is_configured = std::ranges::any_of(
      type.locations, [&](const Location& place) { return place.kind == kind && (text.empty() || place.place == text); });
  if (kind == "physical" && !is_configured) {
    return invalid_argument(account.error_text, "location.location", "location is not configured on the event type");
  }
  return std::nullopt;
}

}  // namespace

void announce(World& world, const std::string& name, const ScheduledEvent& event, const Invitee& invitee) {
  Json payload = json_from_invitee(event, invitee, world.page_base);
  payload["scheduled_event"] = json_from_event(event, world.account);
  world.deliveries.announce(world.ledger.webhooks, name, std::move(payload));
}

std::variant<Booked, Answer> book_start(World& world, const EventTypeRecord& type, Instant start, Invitee invitee) {
  const Instant now = world.clock.now();
  if (!free_start_at(world.account, world.ledger, type, start, now)) {
    return invalid_argument(ErrorTextPlace::details, "start_time", "The time is no longer available.", "already_filled");
  }
  const ScheduledEvent& event = world.ledger.book(type, start, std::move(invitee), now);
  announce(world, "invitee.created", event, event.invitees.back());
  return Booked{json_from_event(event, world.account), json_from_invitee(event, event.invitees.back(), world.page_base)};
}

std::optional<Answer> refusal_of_details(const Account& account, const EventTypeRecord& type, const Json& body) {
  if (auto refusal = refusal_of_location(account, type, body.value("location", Json()))) return refusal;
  const Json answers = body.value("questions_and_answers", Json::array());
  if (!answers.is_array()) {
    return invalid_argument(account.error_text, "questions_and_answers", "questions_and_answers must be a list");
  }
  for (const Question& question : type.questions) {
    if (question.enabled && question.required && !is_answered(answers, question.name)) {
      return invalid_argument(account.error_text, "questions_and_answers", "\"" + question.name + "\" must be answered");
    }
  }
  for (const Json& entry : answers) {
    const std::string asked = entry.is_object() ? entry.value("question", "") : "";
    const auto question = std::ranges::find(type.questions, asked, &Question::name);
    if (question == type.questions.end() || !question->enabled ||
        entry.value("position", -1) != question - type.questions.begin()) {
      return invalid_argument(account.error_text, "questions_and_answers", "a question is not one of the event type's");
    }
    const bool is_choice = std::ranges::find(question->choices, entry.value("answer", "")) != question->choices.end();
    if (question->type == "single_select" && !question->takes_other && !is_choice) {
      return invalid_argument(account.error_text, "questions_and_answers", "an answer is not one of the choices");
    }
  }
  const Json tracking = body.value("tracking", Json());
  if (tracking.is_null()) return std::nullopt;
  const bool is_whole =
      tracking.is_object() && std::ranges::all_of(kTrackingKeys, [&](const char* key) { return tracking.contains(key); });
  if (!is_whole) return invalid_argument(account.error_text, "tracking", "tracking must carry all its keys");
  return std::nullopt;
}

}  // namespace slotwire::sim
