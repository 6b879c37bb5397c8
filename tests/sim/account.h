#pragma once
// The simulated account: its host, tokens, settings and event types.
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/time_style.h"
#include "tests/sim/answer.h"

namespace slotwire::sim {

// URIs contain Calendly's host, whatever the simulator's address: clients must treat them as names, not as addresses.
inline constexpr std::string_view kUriBase = "https://api.calendly.com";

struct Location {
  std::string kind;
  std::string place = {};         // for "physical" and "custom"
  std::string phone_number = {};  // for "inbound_call": the host's own number
};

struct Question {
  std::string name;
  bool required = false;
  std::string type = "text";
  std::vector<std::string> choices = {};
  bool takes_other = false;
  bool enabled = true;
  std::optional<int> position = {};  // none: its place in the list; Calendly's positions may repeat and start at any number
};

// Local times of a day; `to` is at most 24 hours.
struct WallSpan {
  std::chrono::minutes from;
  std::chrono::minutes to;
};

// The host's working hours: by weekday from Sunday, replaced on single dates (empty: day off).
struct Hours {
  std::array<std::vector<WallSpan>, 7> weekly;
  std::map<Day, std::vector<WallSpan>> dates;

  [[nodiscard]] const std::vector<WallSpan>& on(Day day) const;
};
// Weekdays, with a lunch break.
[[nodiscard]] Hours usual_hours();

// The maximum number of the host's meetings, of all event types together.
struct MeetingLimits {
  std::optional<int> daily;
  std::optional<int> weekly;
  std::optional<int> monthly;
};

struct EventTypeRecord {
  std::string uuid;
  std::string name;
  std::string slug;
  int duration_min = 30;
  std::vector<int> duration_options_min = {};
  std::string color = "#0069ff";
  std::string description = {};
  std::string internal_note = {};
  std::string locale = "en";
  int seats = 1;  // more than one: a group event
  bool active = true;
  bool secret = false;
  bool fully_booked = false;
  std::vector<Location> locations = {};
  std::vector<Question> questions = {};
  std::string link_id = {};  // not empty: the event type has neither slug nor profile, and its page is /d/<link_id>/<slug>
  bool is_of_team = false;   // its profile and page belong to the team
  std::string pooling_type = {};
  bool is_ad_hoc = false;
  bool is_poll = false;
  bool is_paid = false;
  bool admin_managed = false;
  bool lacks_duration = false;  // its duration is null, and it cannot be booked
  std::optional<int> increment_min = {};
  int before_buffer_min = 0;
  int after_buffer_min = 0;
  // Not returned by any call:
  int notice_min = 0;
  std::optional<int> daily_limit = {};
};

struct Token {
  std::string text;
  std::optional<std::set<std::string>> scopes;  // none: all scopes, as in tokens made before 2026-03
};

struct Account {
  std::string user_uuid = "USERAAAAAAAAAAAA";
  std::string organization_uuid = "ORGAAAAAAAAAAAAA";
  std::string name = "Ada Example";
  std::string slug = "acme";
  std::string team_uuid = "TEAMAAAAAAAAAAAA";
  std::string team_name = "Acme Advisors";
  std::string team_slug = "acme-advisors";
  std::string timezone = "America/New_York";
  bool on_paid_plan = true;                   // 500 requests a minute instead of 50
  std::optional<int> requests_a_minute = {};  // overrides the plan
  bool may_book = true;
  bool has_calendar_trouble = false;  // every call that reads the host's calendar answers 424
  int longest_range_days = 7;         // 31 since 2026-07-09
  ErrorTextPlace error_text = ErrorTextPlace::message;
  bool shows_end_edge = true;  // a slot that starts exactly at end_time is listed
  int horizon_days = 60;
  Hours hours = usual_hours();
  std::vector<InstantRange> busy = {};  // in calendars that are checked for conflicts
  MeetingLimits limits = {};
  bool takes_by_chance = true;  // some starts are taken and some days off at random, for reasons that no call returns
  // Differences of the live service between accounts or years; control.h describes each.
  bool plain_times = false;
  TimeStyle times_like;  // unless plain_times is set
  bool books_only_listed_text = false;
  bool names_error_codes = true;
  bool refuses_cancel_reasons = false;
  bool lists_page_tokens = true;
  bool names_required_scopes = true;
  bool books_polls_and_paid = false;
  std::set<std::string> webhook_events_refused = {};  // subscriptions to one of these are refused
  std::set<std::string> plan_gates = {};              // endpoints (by their counters' names) that require another plan
  std::vector<Token> tokens;
  std::vector<EventTypeRecord> event_types;

  [[nodiscard]] std::string user_uri() const;
  [[nodiscard]] std::string organization_uri() const;
  [[nodiscard]] int request_limit() const;
  [[nodiscard]] const Token* find_token(std::string_view text) const;
  [[nodiscard]] const EventTypeRecord* find_event_type(std::string_view uuid) const;
  [[nodiscard]] const EventTypeRecord* find_by_slug(std::string_view slug) const;
};

// Accepted unless the command line or a test changes it. Not a secret: it only works with a simulator.
inline constexpr std::string_view kDefaultToken =
    "eyJzaW0iOiJjYWxlbmRseS1zaW0ifQ.eyJmb3IiOiJ0ZXN0cyBhbmQgdGhlIGRlbW8ifQ.bm90LWEtcmVhbC10b2tlbg";

// If `event_type_count` is less than the number of hand-written event types, all of those are included; if it is more, plain ones
// are added.
[[nodiscard]] Account example_account(int event_type_count);

// Adds unusual event types: without slug and profile, of a team, shared, ad hoc, polls, paid, without a duration, with repeated
// question positions. They are optional, because in every list they would distract from what a test checks.
void add_odd_event_types(Account& account);

[[nodiscard]] std::string uri_of(const EventTypeRecord& type);
[[nodiscard]] std::string uri_of(std::string_view collection, std::string_view uuid);
// The start as the list of available times shows it.
[[nodiscard]] std::string listed_text(const Account& account, Instant start);
// The page where an event type is booked, without a query.
[[nodiscard]] std::string page_of(const EventTypeRecord& type, const Account& account, const std::string& page_base);
[[nodiscard]] Json json_from_user(const Account& account, const std::string& page_base);
[[nodiscard]] Json json_from_event_type(const EventTypeRecord& type, const Account& account, const std::string& page_base,
                                        int position);

}  // namespace slotwire::sim
