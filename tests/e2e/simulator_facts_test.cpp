// All development uses the simulator: where it is more lenient than Calendly, faults stay hidden. Here its answers are compared
// with Calendly's published API description and with recordings of the live API, in our own words (checked 2026-11).
#include <catch_amalgamated.hpp>

#include "tests/e2e/facts.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kUser[] = "https://api.calendly.com/users/USERAAAAAAAAAAAA";
constexpr char kOrganization[] = "https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA";

constexpr char kUserFacts[] = R"(
  uri uri  name text  slug text  email text  scheduling_url text  timezone text  time_notation 12h|24h  avatar_url text?
  current_organization uri  resource_type User  locale text  created_at time  updated_at time)";
constexpr char kEventTypeFacts[] = R"(
  uri uri  name text?  slug text?  active flag  booking_method instant|poll  color text  scheduling_url text
  duration number?  duration_options list?  start_time_increment number?  before_buffer number?  after_buffer number?
  kind solo|group  pooling_type round_robin|collective|multi_pool?  type StandardEventType|AdhocEventType
  description_plain text?  description_html text?  internal_note text?  secret flag  locale text  locations list?
  custom_questions list  profile object?  position number  is_paid flag  admin_managed flag
  created_at time  updated_at time  deleted_at time?)";
constexpr char kProfileFacts[] = "type User|Team  name text  owner uri";
constexpr char kQuestionFacts[] = R"(
  name text  type string|text|phone_number|single_select|multi_select  position number  enabled flag  required flag
  answer_choices list?  include_other flag)";
constexpr char kTimeFacts[] = "status available  invitees_remaining number  start_time time  scheduling_url text";
constexpr char kBusyFacts[] = R"(
  type calendly|external|reserved  start_time time  end_time time  buffered_start_time time  buffered_end_time time  event object)";
constexpr char kScheduleFacts[] = "uri uri  default flag  name text  user uri  timezone text  rules list";
constexpr char kLinkFacts[] = "booking_url text  owner uri  owner_type EventType";
constexpr char kEventFacts[] = R"(
  uri uri  name text?  meeting_notes_plain text?  meeting_notes_html text?  status active|canceled  start_time time  end_time time
  event_type uri?  location object?  invitees_counter object  event_memberships list  event_guests list  calendar_event object?
  created_at time  updated_at time  ~cancellation object)";
constexpr char kInviteeFacts[] = R"(
  uri uri  event uri  name text  first_name text?  last_name text?  email text  timezone text?  status active|canceled
  text_reminder_number text?  questions_and_answers list  tracking object  cancel_url text  reschedule_url text  rescheduled flag
  old_invitee uri?  new_invitee uri?  routing_form_submission uri?  payment object?  no_show object?  reconfirmation object?
  scheduling_method text?  invitee_scheduled_by uri?  created_at time  updated_at time  ~cancellation object)";
constexpr char kTrackingFacts[] = R"(
  utm_campaign text?  utm_source text?  utm_medium text?  utm_content text?  utm_term text?  salesforce_uuid text?)";
constexpr char kCancellationFacts[] = "canceled_by text  reason text?  canceler_type host|invitee  created_at time";
constexpr char kHookFacts[] = R"(
  uri uri  callback_url text  created_at time  updated_at time  retry_started_at time?  state active|disabled  events list
  scope user|organization|group  organization uri  user uri?  creator uri)";
constexpr char kMembershipFacts[] =
    "uri uri  role user|admin|owner  user object  organization uri  created_at time  updated_at time";
constexpr char kMemberFacts[] = R"(
  uri uri  name text  slug text  email text  scheduling_url text  timezone text  avatar_url text?  created_at time  updated_at time)";
constexpr char kPageFacts[] =
    "count number  next_page uri?  next_page_token text?  previous_page uri?  previous_page_token text?";

struct Calendly {
  explicit Calendly(const std::vector<std::string>& arguments = {}) : simulator(arguments) {}

  Reply get(const std::string& target) const { return simulator.http().get(target, bearer(kToken)); }
  Reply post(const std::string& target, const Json& body) const {
    return simulator.http().post(target, body.dump(), bearer(kToken));
  }
  Json resource(const std::string& target) const { return get(target).json().value("resource", Json()); }
  Json list(const std::string& target) const { return get(target).json().value("collection", Json::array()); }
  std::string owned(const std::string& path) const { return path + "?user=" + encoded(kUser); }

  Json a_slot(const std::string& uuid = kThirtyMinutes) const {
    return simulator.listed(uuid, {now() + std::chrono::days(1), now() + std::chrono::days(14)}).at(0);
  }
  Json order(const std::string& uuid = kThirtyMinutes) const {
    return {{"event_type", std::string("https://api.calendly.com/event_types/") + uuid},
            {"start_time", a_slot(uuid).at("start_time")},
            {"invitee", {{"name", "Grace"}, {"email", "grace@example.org"}, {"timezone", "Europe/Amsterdam"}}}};
  }

  Simulator simulator;
};

void check_as(const Json& object, const char* facts) {
  INFO(object.dump(1));
  CHECK(deviations(object, facts) == std::vector<std::string>{});
}

// An error's content, independent of order: "400 Invalid Argument: message [parameter: text (code)]".
std::string error_text(const Reply& reply) {
  const Json body = reply.json();
  std::string out = std::to_string(reply.status) + " " + body.value("title", "") + ": " + body.value("message", "");
  if (!body.contains("details")) return out;
  for (const Json& detail : body["details"]) {
    out += " [" + detail.value("parameter", "") + ": " + detail.value("message", "");
    if (detail.contains("code")) out += " (" + detail["code"].get<std::string>() + ")";
    out += "]";
  }
  return out;
}

}  // namespace

TEST_CASE("simulator: what can be read has the fields that Calendly's has, and no others", "[e2e][simulator]") {
  const Calendly calendly({"--odd-event-types"});
  check_as(calendly.resource("/users/me"), kUserFacts);
  const Json types = calendly.list(calendly.owned("/event_types") + "&count=100");
  REQUIRE(types.size() > 15);
  for (const Json& type : types) {
    check_as(type, kEventTypeFacts);
    if (!type["profile"].is_null()) check_as(type["profile"], kProfileFacts);
    for (const Json& question : type["custom_questions"]) check_as(question, kQuestionFacts);
    CHECK((type["locations"].is_null() || !type["locations"].empty()));
    if (type["slug"].is_null()) CHECK(type["scheduling_url"].get<std::string>().find("/d/") != std::string::npos);
  }
  check_as(calendly.resource("/event_types/ODDLINKONLYAAAAA"), kEventTypeFacts);
  check_as(calendly.a_slot(), kTimeFacts);
  REQUIRE(calendly.post("/invitees", calendly.order()).status == 201);
  const std::string from = day_text(1) + "T00:00:00Z";
  const std::string range = "&start_time=" + from + "&end_time=" + day_text(8) + "T00:00:00Z";
  const Json busy = calendly.list(calendly.owned("/user_busy_times") + range);
  REQUIRE(busy.size() == 1);
  check_as(busy[0], kBusyFacts);
  check_as(calendly.list(calendly.owned("/user_availability_schedules")).at(0), kScheduleFacts);
  const Json of_type =
      calendly.list("/event_type_availability_schedules?event_type=https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA").at(0);
  check_as(of_type["availability_rule"], "timezone text  user uri  rules list");
  check_as(calendly.list(calendly.owned("/user_meeting_limits")).at(0),
           "user uri  daily_limit number?  weekly_limit number?  monthly_limit number?");
  const Json member = calendly.list(calendly.owned("/organization_memberships")).at(0);
  check_as(member, kMembershipFacts);
  check_as(member["user"], kMemberFacts);
  check_as(calendly.resource("/organization_memberships/MEMBAAAAAAAAAAAA"), kMembershipFacts);
  const Json link = {
      {"max_event_count", 1}, {"owner", "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA"}, {"owner_type", "EventType"}};
  check_as(calendly.post("/scheduling_links", link).json()["resource"], kLinkFacts);
}

TEST_CASE("simulator: the odd event types are as accounts were seen to have them", "[e2e][simulator]") {
  const Calendly calendly({"--odd-event-types"});
  const auto type = [&](const std::string& uuid) { return calendly.resource("/event_types/" + uuid); };
  const Json bare = type("ODDLINKONLYAAAAA");
  CHECK((bare["slug"].is_null() && bare["profile"].is_null() && bare["locations"].is_null()));
  CHECK(type("ODDADHOCAAAAAAAA")["type"] == "AdhocEventType");
  CHECK(type("ODDROUNDROBINAAA")["pooling_type"] == "round_robin");
  CHECK(type("ODDROUNDROBINAAA")["admin_managed"] == true);
  CHECK(type("ODDROUNDROBINAAA")["profile"]["owner"].get<std::string>().find("/teams/") != std::string::npos);
  CHECK(type("ODDCOLLECTIVEAAA")["pooling_type"] == "collective");
  CHECK(type("ODDPOLLAAAAAAAAA")["booking_method"] == "poll");
  CHECK(type("ODDPAIDAAAAAAAAA")["is_paid"] == true);
  CHECK(type("ODDNODURATIONAAA")["duration"].is_null());
  std::vector<int> positions;
  const Json asking = type("ODDQUESTIONSAAAA");
  for (const Json& question : asking["custom_questions"]) positions.push_back(question["position"]);
  CHECK(positions == std::vector<int>{3, 3, 1, 7});
  for (const char* uuid : {"ODDPOLLAAAAAAAAA", "ODDPAIDAAAAAAAAA"}) {
    CHECK(calendly.post("/invitees", calendly.order(uuid)).status == 403);
  }
  calendly.simulator.set("account", {{"books_polls_and_paid", true}});
  CHECK(calendly.post("/invitees", calendly.order("ODDPOLLAAAAAAAAA")).status == 201);
}

TEST_CASE("simulator: events, invitees, no-shows and cancellations have Calendly's fields", "[e2e][simulator]") {
  const Calendly calendly;
  Json order = calendly.order();
  order["event_guests"] = {"alan@example.org"};
  const Reply booked = calendly.post("/invitees", order);
  REQUIRE(booked.status == 201);
  const Json invitee = booked.json()["resource"];
  check_as(invitee, kInviteeFacts);
  CHECK(invitee.size() == 24);
  check_as(invitee["tracking"], kTrackingFacts);
  const std::string event_path = invitee["event"].get<std::string>().substr(std::string("https://api.calendly.com").size());
  const std::string invitee_path = invitee["uri"].get<std::string>().substr(std::string("https://api.calendly.com").size());
  CHECK(calendly.resource(invitee_path) == invitee);
  CHECK(calendly.list(event_path + "/invitees").at(0) == invitee);

  const Json event = calendly.resource(event_path);
  check_as(event, kEventFacts);
  CHECK(calendly.list(calendly.owned("/scheduled_events")).at(0) == event);
  check_as(event["event_memberships"].at(0),
           "user uri  user_email text  user_name text  buffered_start_time time  buffered_end_time time");
  check_as(event["invitees_counter"], "total number  active number  limit number");
  check_as(event["calendar_event"], "kind exchange|google|icloud|outlook|outlook_desktop  external_id text");
  check_as(event["location"], "type zoom_conference  status text  join_url text?");
  check_as(event["event_guests"].at(0), "email text  created_at time  updated_at time");

  const Reply absent = calendly.post("/invitee_no_shows", {{"invitee", invitee["uri"]}});
  CHECK(absent.status == 201);
  const Json no_show = absent.json()["resource"];
  check_as(no_show, "uri uri  invitee uri  created_at time");
  check_as(calendly.resource(invitee_path)["no_show"], "uri uri  created_at time");
  const std::string no_show_path = no_show["uri"].get<std::string>().substr(std::string("https://api.calendly.com").size());
  CHECK(calendly.resource(no_show_path) == no_show);
  CHECK(calendly.simulator.http().send("DELETE", no_show_path, bearer(kToken)).status == 204);
  CHECK(calendly.resource(invitee_path)["no_show"].is_null());

  calendly.simulator.set("account", {{"refuses_cancel_reasons", true}});
  CHECK(calendly.post(event_path + "/cancellation", {{"reason", "ill"}}).status == 400);
  CHECK(calendly.resource(event_path)["status"] == "active");
  const Reply canceled = calendly.post(event_path + "/cancellation", Json::object());
  CHECK(canceled.status == 201);
  check_as(canceled.json()["resource"], kCancellationFacts);
  CHECK(canceled.json()["resource"]["reason"].is_null());
  check_as(calendly.resource(event_path), kEventFacts);
  check_as(calendly.resource(event_path)["cancellation"], kCancellationFacts);
  check_as(calendly.resource(invitee_path), kInviteeFacts);
  check_as(calendly.resource(invitee_path)["cancellation"], kCancellationFacts);
  CHECK(error_text(calendly.post(event_path + "/cancellation", Json::object())) ==
        "403 Permission Denied: Event is already canceled");
}

TEST_CASE("simulator: webhook subscriptions and deliveries have Calendly's fields", "[e2e][simulator]") {
  const Calendly calendly;
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(free_port()) + "/hook";
  const Reply made = calendly.post("/webhook_subscriptions", {{"url", nowhere},
                                                              {"events", {"invitee.created", "invitee.canceled"}},
                                                              {"organization", kOrganization},
                                                              {"user", kUser},
                                                              {"scope", "user"},
                                                              {"signing_key", "key"}});
  REQUIRE(made.status == 201);
  const Json hook = made.json()["resource"];
  check_as(hook, kHookFacts);
  const std::string path = hook["uri"].get<std::string>().substr(std::string("https://api.calendly.com").size());
  CHECK(calendly.resource(path) == hook);
  REQUIRE(calendly.post("/invitees", calendly.order()).status == 201);
  REQUIRE(eventually([&] { return !calendly.simulator.look("deliveries").empty(); }));
  const Json body = calendly.simulator.look("deliveries").at(0).at("body");
  check_as(body, "event invitee.created  created_at time  created_by uri  payload object");
  CHECK(body["created_by"] == kUser);
  Json payload = body["payload"];
  check_as(payload["scheduled_event"], kEventFacts);
  check_as(payload["scheduled_event"]["event_memberships"].at(0), "user uri  user_email text  user_name text");
  payload.erase("scheduled_event");
  check_as(payload, kInviteeFacts);
  CHECK(calendly.simulator.http().send("DELETE", path, bearer(kToken)).status == 204);
  CHECK(calendly.get(path).status == 404);
}

TEST_CASE("simulator: it refuses bookings in Calendly's words", "[e2e][simulator]") {
  const Calendly calendly;
  const auto interview = [&] {
    Json order = calendly.order("KKKKKKKKKKKKKKKK");
    order["location"] = {{"kind", "physical"}, {"location", "12 Example Street"}};
    order["questions_and_answers"] = {{{"question", "Number for the day itself"}, {"answer", "+1 888-555-0100"}, {"position", 1}},
                                      {{"question", "Topic"}, {"answer", "Design"}, {"position", 3}}};
    return order;
  };
  const std::string supplied = "400 Invalid Argument: The supplied parameters are invalid.";
  const std::string blank = "400 Invalid Argument: Required Questions and Answers cannot be blank.";
  struct Row {
    const char* name;
    Json::json_pointer at;
    Json value;
    std::string said;
  };
  const std::vector<Row> rows = {
      {"a place that is not offered", Json::json_pointer("/location/location"), "Elsewhere",
       supplied + " [event.location_configuration.location: Invalid location choice (invalid_location_choice)]"},
      {"no place where there are several", Json::json_pointer("/location"), nullptr,
       supplied + " [event.location_configuration.location: Invalid location choice (invalid_location_choice)]"},
      {"a required question left out", Json::json_pointer("/questions_and_answers"), Json::array(), blank},
      {"a blank answer", Json::json_pointer("/questions_and_answers/1/answer"), " ", blank},
      {"no telephone number", Json::json_pointer("/questions_and_answers/0/answer"), "call me",
       supplied + " [questions_and_answers: Number for the day itself is not a valid phone number]"},
      {"no name", Json::json_pointer("/invitee/name"), "", supplied + " [invitee: either name or first_name must be filled]"},
      {"tracking with a key too few",
       Json::json_pointer("/tracking"),
       {{"utm_campaign", "c"}, {"utm_source", "s"}, {"utm_medium", "m"}, {"utm_term", nullptr}, {"salesforce_uuid", nullptr}},
       supplied + " [tracking.utm_content: is missing]"},
      {"too many guests", Json::json_pointer("/event_guests"), std::vector<std::string>(11, "a@example.org"),
       supplied + " [event_guests: is invalid]"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Json order = interview();
    order[row.at] = row.value;
    CHECK(error_text(calendly.post("/invitees", order)) == row.said);
  }
  const Json order = interview();
  CHECK(calendly.post("/invitees", order).status == 201);
  CHECK(error_text(calendly.post("/invitees", order)) ==
        supplied + " [event.start_time: That start time has been filled (already_filled)]");
  calendly.simulator.set("account", {{"names_error_codes", false}});
  CHECK(error_text(calendly.post("/invitees", order)) == supplied + " [event.start_time: That start time has been filled]");
  CHECK(error_text(calendly.get("/scheduled_events")) ==
        supplied +
            " [group: At least one of organization, group or user must be filled]"
            " [organization: At least one of organization, group or user must be filled]"
            " [user: At least one of organization, group or user must be filled]");
  CHECK(error_text(calendly.simulator.http().get("/users/me")) == "401 Unauthenticated: The access token is invalid");
}

TEST_CASE("simulator: any text of a free instant books, unless it is of the strict kind", "[e2e][simulator]") {
  const Calendly calendly;
  Json order = calendly.order();
  const std::string listed = order["start_time"];
  CHECK(listed.ends_with(".000000Z"));
  order["start_time"] = listed.substr(0, 19) + ".000Z";
  CHECK(calendly.post("/invitees", order).status == 201);
  calendly.simulator.set("account", {{"plain_times", true}, {"books_only_listed_text", true}});
  const Json slot = calendly.a_slot();
  CHECK(slot["start_time"].get<std::string>().size() == 20);
  CHECK(slot["scheduling_url"].get<std::string>().ends_with("/" + slot["start_time"].get<std::string>()));
  order["start_time"] = slot["start_time"].get<std::string>().substr(0, 19) + ".000000Z";
  CHECK(calendly.post("/invitees", order).status == 400);
  order["start_time"] = slot["start_time"];
  CHECK(calendly.post("/invitees", order).status == 201);
}

TEST_CASE("simulator: pages repeat their filters, and need not name their tokens", "[e2e][simulator]") {
  const Calendly calendly;
  const std::string asked = calendly.owned("/event_types") + "&active=true&count=4";
  const Json page = calendly.get(asked).json()["pagination"];
  check_as(page, kPageFacts);
  CHECK(page["next_page"] ==
        "https://api.calendly.com/event_types?user=" + encoded(kUser) + "&active=true&count=4&page_token=page_4");
  calendly.simulator.set("account", {{"lists_page_tokens", false}});
  check_as(calendly.get(asked).json()["pagination"], "count number  next_page uri?");
}

TEST_CASE("simulator: forms are read as Rails reads them", "[e2e][simulator]") {
  const Calendly calendly;
  const auto send = [&](const std::string& path, const std::string& form) {
    return calendly.simulator.http().post(path, form, bearer(kToken), "application/x-www-form-urlencoded");
  };
  const std::string hook =
      "url=http%3A%2F%2F127.0.0.1%3A9%2Fh&events[]=invitee.created&events%5B%5D=invitee.canceled&scope=user&user=" +
      encoded(kUser) + "&organization=" + encoded(kOrganization);
  const Reply subscribed = send("/webhook_subscriptions", hook);
  CHECK(subscribed.status == 201);
  CHECK(subscribed.json()["resource"]["events"] == Json({"invitee.created", "invitee.canceled"}));
  const std::string start = calendly.a_slot()["start_time"];
  const Reply booked = send("/invitees", "event_type=" + encoded("https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA") +
                                             "&start_time=" + encoded(start) +
                                             "&invitee[name]=Grace+Hopper&invitee[email]=g%40example.org&invitee[timezone]=UTC");
  CHECK(booked.status == 201);
  CHECK(booked.json()["resource"]["name"] == "Grace Hopper");
  CHECK(send("/scheduling_links", "owner=a&owner[b]=c").status == 400);
}

TEST_CASE("simulator: plans and scopes refuse as they were seen to", "[e2e][simulator]") {
  const Calendly calendly;
  calendly.simulator.set("account", {{"plan_gates", {"webhook_list"}}});
  CHECK(error_text(calendly.get("/webhook_subscriptions"))
            .starts_with("403 Permission Denied: Please upgrade your Calendly account"));
  calendly.simulator.set(
      "account", {{"plan_gates", Json::array()}, {"tokens", Json::array({{{"token", kToken}, {"scopes", {"users:read"}}}})}});
  CHECK(calendly.get("/users/me").status == 200);
  CHECK(calendly.get("/event_types").json()["required_scopes"] == Json({"event_types:read"}));
  calendly.simulator.set("account", {{"names_required_scopes", false}});
  const Json refused = calendly.get("/event_types").json();
  CHECK(refused["title"] == "Permission Denied");
  CHECK_FALSE(refused.contains("required_scopes"));
}
