#include "tests/sim/account.h"

#include <algorithm>
#include <cstdio>

namespace slotwire::sim {
namespace {

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
       .description =
           "We walk through the place together, look at what you have, and talk about what you would like to change.\n\nPlease "
           "bring:\n- plans, if there are any\n- photographs of what is there now\n- an idea of what it may cost\n\nThe "
           "entrance is on the side of the yard. There are two steps at the door; say so beforehand if that is in your way, "
           "and we meet at the back, where there are none. Children and dogs are welcome.",
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

const std::vector<WallSpan>& Hours::on(Day day) const {
  const auto date = dates.find(day);
  return date != dates.end() ? date->second : weekly.at(std::chrono::weekday(day).c_encoding());
}

Hours usual_hours() {
  using std::chrono::hours;
  Hours usual;
  for (std::size_t weekday = 1; weekday <= 5; ++weekday)
    usual.weekly.at(weekday) = {{hours(9), hours(12)}, {hours(13), hours(17)}};
  return usual;
}

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

std::string listed_text(const Account& account, Instant start) {
  return account.plain_times ? text_from_instant(start) : text_in_style(start, account.times_like);
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

}  // namespace slotwire::sim
