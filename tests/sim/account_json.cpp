// The account as Calendly's JSON.
#include <algorithm>

#include "tests/sim/account.h"

namespace slotwire::sim {
namespace {

constexpr std::string_view kCreated = "2025-03-01T09:00:00.000000Z";
constexpr std::string_view kUpdated = "2025-11-03T16:20:00.000000Z";

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_from_locations(const EventTypeRecord& type) {
  if (type.locations.empty()) return nullptr;  // never an empty list
  Json locations = Json::array();
  for (const Location& location : type.locations) {
    Json entry = {{"kind", location.kind}};
    if (!location.place.empty()) entry["location"] = location.place;
    if (!location.phone_number.empty()) entry["phone_number"] = location.phone_number;
    locations.push_back(std::move(entry));
  }
  return locations;
}

Json json_from_questions(const EventTypeRecord& type) {
  Json questions = Json::array();
  for (const Question& question : type.questions) {
    questions.push_back({{"name", question.name},
                         {"type", question.type},
                         {"position", question.position.value_or(static_cast<int>(questions.size()))},
                         {"enabled", question.enabled},
                         {"required", question.required},
                         {"answer_choices", question.choices.empty() ? Json(nullptr) : Json(question.choices)},
                         {"include_other", question.takes_other}});
  }
  return questions;
}

Json json_from_profile(const EventTypeRecord& type, const Account& account) {
  if (!type.link_id.empty()) return nullptr;
  if (!type.is_of_team) return {{"type", "User"}, {"name", account.name}, {"owner", account.user_uri()}};
  return {{"type", "Team"}, {"name", account.team_name}, {"owner", uri_of("teams", account.team_uuid)}};
}

}  // namespace

std::string page_of(const EventTypeRecord& type, const Account& account, const std::string& page_base) {
  if (!type.link_id.empty()) return page_base + "/d/" + type.link_id + "/" + type.slug;
  return page_base + "/" + (type.is_of_team ? account.team_slug : account.slug) + "/" + type.slug;
}

Json json_from_user(const Account& account, const std::string& page_base) {
  return {{"uri", account.user_uri()},
          {"name", account.name},
          {"slug", account.slug},
          {"email", "ada@example.com"},
          {"scheduling_url", page_base + "/" + account.slug},
          {"timezone", account.timezone},
          {"time_notation", "12h"},
          {"avatar_url", nullptr},
          {"current_organization", account.organization_uri()},
          {"resource_type", "User"},
          {"locale", "en"},
          {"created_at", kCreated},
          {"updated_at", kUpdated}};
}

Json json_from_event_type(const EventTypeRecord& type, const Account& account, const std::string& page_base, int position) {
  return {{"uri", uri_of(type)},
          {"name", type.name},
          {"slug", type.link_id.empty() ? Json(type.slug) : Json(nullptr)},
          {"active", type.active},
          {"duration", type.lacks_duration ? Json(nullptr) : Json(type.duration_min)},
          {"duration_options", type.duration_options_min.empty() ? Json(nullptr) : Json(type.duration_options_min)},
          {"start_time_increment",
           type.is_ad_hoc ? Json(nullptr) : Json(type.increment_min.value_or(std::min(30, type.duration_min)))},
          {"before_buffer", type.before_buffer_min},
          {"after_buffer", type.after_buffer_min},
          {"scheduling_url", page_of(type, account, page_base)},
          {"color", type.color},
          {"description_plain", text_or_null(type.description)},
          {"description_html", type.description.empty() ? Json(nullptr) : Json("<p>" + type.description + "</p>")},
          {"internal_note", text_or_null(type.internal_note)},
          {"kind", type.seats > 1 ? "group" : "solo"},
          {"pooling_type", text_or_null(type.pooling_type)},
          {"type", type.is_ad_hoc ? "AdhocEventType" : "StandardEventType"},
          {"booking_method", type.is_poll ? "poll" : "instant"},
          {"secret", type.secret},
          {"locale", type.locale},
          {"locations", json_from_locations(type)},
          {"custom_questions", json_from_questions(type)},
          {"profile", json_from_profile(type, account)},
          {"position", position},
          {"is_paid", type.is_paid},
          {"admin_managed", type.admin_managed},
          {"created_at", kCreated},
          {"updated_at", kUpdated},
          {"deleted_at", nullptr}};
}

}  // namespace slotwire::sim
