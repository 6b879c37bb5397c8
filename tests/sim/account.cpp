#include "tests/sim/account.h"

#include <algorithm>
#include <cstdio>

namespace slotwire::sim {
namespace {

constexpr std::string_view kCreated = "2025-03-01T09:00:00.000000Z";
constexpr std::string_view kUpdated = "2025-11-03T16:20:00.000000Z";

std::vector<EventTypeRecord> hand_written_types() {
  const Location video{"zoom_conference", ""};
  return {
      {.uuid = "AAAAAAAAAAAAAAAA",
       .name = "30 Minute Meeting",
       .slug = "30min",
       .description = "A first conversation, by video.",
       .internal_note = "internal-note: rate is negotiable",
       .locations = {video},
       .questions = {{.name = "Please share anything that will help prepare for our meeting."}}},
      {.uuid = "BBBBBBBBBBBBBBBB",
       .name = "60 Minute Meeting",
       .slug = "60min",
       .duration_min = 60,
       .duration_options_min = {30, 60, 90},
       .color = "#8247f5",
       .description = "Room for the details.",
       .locations = {video, {"outbound_call", ""}}},
      {.uuid = "3f2b7c1e-9d4a-4c7f-8a55-0e6d1b2c3d4e",
       .name = "Group Workshop",
       .slug = "workshop",
       .duration_min = 120,
       .color = "#17e885",
       .description = "Up to six people around one table.",
       .seats = 6,
       .locations = {{"physical", "12 Example Street"}}},
      {.uuid = "CCCCCCCCCCCCCCCC",
       .name = "Secret Consultation",
       .slug = "secret",
       .duration_min = 45,
       .color = "#ff4f00",
       .internal_note = "internal-note: board members only",
       .secret = true},
      {.uuid = "DDDDDDDDDDDDDDDD", .name = "Retired Call", .slug = "retired", .active = false},
      {.uuid = "EEEEEEEEEEEEEEEE",
       .name = "打ち合わせ（30分）",
       .slug = "uchiawase",
       .color = "#e55cff",
       .description = "オンラインでお話ししましょう。",
       .locale = "ja"},
      {.uuid = "FFFFFFFFFFFFFFFF",
       .name = "اجتماع تعريفي",
       .slug = "taarif",
       .color = "#0ae8f0",
       .description = "مكالمة قصيرة للتعارف.",
       .locale = "ar"},
      {.uuid = "GGGGGGGGGGGGGGGG",
       .name = "☕ Coffee chat 👩‍💻",
       .slug = "coffee",
       .duration_min = 15,
       .color = "#f8e436"},
      {.uuid = "HHHHHHHHHHHHHHHH",
       .name = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>",
       .slug = "hostile",
       .color = "#ff0000\" onclick=\"alert(3)",
       .description = "</style><svg onload=alert(4)>\u2028"},
      {.uuid = "IIIIIIIIIIIIIIII",
       .name = "Intake on site",
       .slug = "intake",
       .duration_min = 60,
       .locations = {{"physical", "12 Example Street"}},
       .questions = {{.name = "Company", .required = true},
                     {.name = "Size", .required = false, .type = "single_select", .choices = {"1-10", "11-100", "more"}}}},
      {.uuid = "JJJJJJJJJJJJJJJJ", .name = "Fully Booked", .slug = "full", .fully_booked = true},
      {.uuid = "KKKKKKKKKKKKKKKK",
       .name = "Interview",
       .slug = "interview",
       .secret = true,
       .locations = {{"physical", "12 Example Street"},
                     {"physical", "34 Sample Road"},
                     {"outbound_call"},
                     {"ask_invitee"},
                     {"inbound_call", "", "+1 888-555-0100"},
                     {"custom", "https://meet.example.com/hosts-own-room"}},
       .questions =
           {{.name = "How did you hear of us?", .type = "string"},
            {.name = "Number for the day itself", .required = true, .type = "phone_number"},
            {.name = "No longer asked", .required = true, .enabled = false},
            {.name = "Topic", .required = true, .type = "single_select", .choices = {"Design", "Code"}, .takes_other = true},
            {.name = "Languages", .type = "multi_select", .choices = {"C++", "JavaScript", "Rust"}}}},
  };
}

}  // namespace

std::string uri_of(std::string_view collection, std::string_view uuid) {
  return std::string(kUriBase) + "/" + std::string(collection) + "/" + std::string(uuid);
}

std::string uri_of(const EventTypeRecord& type) { return uri_of("event_types", type.uuid); }

std::string Account::user_uri() const { return uri_of("users", user_uuid); }
std::string Account::organization_uri() const { return uri_of("organizations", organization_uuid); }
int Account::request_limit() const { return requests_a_minute.value_or(on_paid_plan ? 500 : 50); }

const Token* Account::find_token(std::string_view text) const {
  const auto at = std::ranges::find(tokens, text, &Token::text);
  return at == tokens.end() ? nullptr : &*at;
}

const EventTypeRecord* Account::find_event_type(std::string_view uuid) const {
  const auto at = std::ranges::find(event_types, uuid, &EventTypeRecord::uuid);
  return at == event_types.end() ? nullptr : &*at;
}

const EventTypeRecord* Account::find_by_slug(std::string_view wanted) const {
  const auto at = std::ranges::find(event_types, wanted, &EventTypeRecord::slug);
  return at == event_types.end() ? nullptr : &*at;
}

Account example_account(int event_type_count) {
  Account account;
  account.tokens = {Token{std::string(kDefaultToken), std::nullopt}};
  account.event_types = hand_written_types();
  for (int number = 1; std::ssize(account.event_types) < event_type_count; ++number) {
    char uuid[32];
    std::snprintf(uuid, sizeof uuid, "BULK%012d", number);
    account.event_types.push_back(
        {.uuid = uuid, .name = "Bulk Type " + std::to_string(number), .slug = "bulk-" + std::to_string(number)});
  }
  return account;
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
  Json locations = Json::array();
  for (const Location& location : type.locations) {
    Json entry = {{"kind", location.kind}};
    if (!location.place.empty()) entry["location"] = location.place;
    if (!location.phone_number.empty()) entry["phone_number"] = location.phone_number;
    locations.push_back(std::move(entry));
  }
  Json questions = Json::array();
  for (const Question& question : type.questions) {
    questions.push_back({{"name", question.name},
                         {"type", question.type},
                         {"position", questions.size()},
                         {"enabled", question.enabled},
                         {"required", question.required},
                         {"answer_choices", question.choices},
                         {"include_other", question.takes_other}});
  }
  return {{"uri", uri_of(type)},
          {"name", type.name},
          {"slug", type.slug},
          {"active", type.active},
          {"duration", type.duration_min},
          {"duration_options", type.duration_options_min.empty() ? Json(nullptr) : Json(type.duration_options_min)},
          {"scheduling_url", page_base + "/" + account.slug + "/" + type.slug},
          {"color", type.color},
          {"description_plain", type.description.empty() ? Json(nullptr) : Json(type.description)},
          {"description_html", type.description.empty() ? Json(nullptr) : Json("<p>" + type.description + "</p>")},
          {"internal_note", type.internal_note.empty() ? Json(nullptr) : Json(type.internal_note)},
          {"kind", type.seats > 1 ? "group" : "solo"},
          {"pooling_type", nullptr},
          {"type", "StandardEventType"},
          {"booking_method", "instant"},
          {"secret", type.secret},
          {"locale", type.locale},
          {"locations", locations},
          {"custom_questions", questions},
          {"profile", {{"type", "User"}, {"name", account.name}, {"owner", account.user_uri()}}},
          {"position", position},
          {"is_paid", false},
          {"created_at", kCreated},
          {"updated_at", kUpdated},
          {"deleted_at", nullptr}};
}

}  // namespace slotwire::sim
