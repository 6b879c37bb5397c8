#pragma once
// The picker's state as values, and the facts derived from it. Pure: screen and events are made from the same facts.
#include <optional>
#include <string>
#include <vector>

#include "shared/zone_offsets.h"
#include "web/model/action.h"
#include "web/model/availability.h"
#include "web/model/screen.h"
#include "web/model/words.h"

namespace slotwire::web {

// How far ahead a visitor can page, and how far ahead the next free day is searched.
inline constexpr std::chrono::months kHorizon{12};
inline constexpr std::chrono::days kSearchAhead{92};
// After this many empty days in a row the account's calendar is assumed to be not open yet, rather than full.
inline constexpr std::chrono::days kNotOpenAfter{14};
// A list shows whole days until it has at least this many times, and this many more each time the visitor asks for more.
inline constexpr std::size_t kListStep = 100;
// How many other times are offered in place of a taken one.
inline constexpr std::size_t kNearest = 6;

enum class View { month, week, list };

// The page's form: being loaded, visible in place of the picker, being sent.
enum class Form { none, opening, open, sending };

struct Options {
  std::string event_type;  // uri, uuid, slug or scheduling link; empty: the visitor chooses
  View view = View::month;
  std::optional<bool> hour12;
  std::optional<int> first_day;
  std::optional<Day> date;    // day to open at
  std::string page;           // address of the booking page as a fallback; empty: not known
  bool hide_details = false;  // hide host, place and description
  bool lock_zone = false;     // the zone is shown but cannot be changed
};

struct Locale {
  int first_day = 1;
  bool right_to_left = false;
  bool hour12 = false;
};

struct ZoneChoice {
  std::string name;   // IANA
  std::string label;  // name in the visitor's language
};

struct Catalogue {
  ConnectionMode mode = ConnectionMode::none;
  std::vector<EventType> types;
};

// Everything that the screen depends on.
struct PickerState {
  Options options;
  Locale locale;
  Instant now{};
  bool is_wide = false;  // a week is seven columns side by side
  std::string zone_name;
  ZoneOffsets zone;

  std::optional<Catalogue> catalogue;
  std::optional<Failure> catalogue_failure;
  bool types_asked = false;

  std::string type;              // event type (or several) whose slots are requested; empty until the visitor has chosen
  std::vector<EventType> types;  // event types of the free times, indexed by Slot::of: uri, name, duration; from the last answer
  std::string name;
  std::chrono::minutes duration{};  // 0: the event types differ
  std::string host, place;          // as in EventType
  std::string about;                // its description
  std::string folded;               // the part of it that fits until the visitor opens all of it; empty: not known
  bool is_about_open = false;
  Availability availability;
  bool has_answer = false;

  std::chrono::year_month month{};
  std::optional<Day> day;          // selected; in the visitor's zone
  Day cursor{};                    // day that Tab reaches, in the visitor's zone; the week view shows its week
  bool is_day_automatic = true;    // select the first free day as soon as it is known
  bool is_month_automatic = true;  // and turn to its month
  std::size_t listed = kListStep;  // number of times after which the list ends
  std::optional<Instant> chosen;   // start of the chosen slot
  std::uint16_t chosen_of = 0;     // its event type, by Slot::of: the form is for that type
  bool is_checking = false;        // "Book now" was activated and the chosen slot is being checked once more
  std::optional<Instant> taken;    // start of a chosen slot that is no longer free
  Form form = Form::none;          // for the chosen slot
  std::optional<Book> booked;      // shown until the visitor wants to book another
  std::string cancel_url;          // of the booking; empty: not known
  std::string reschedule_url;
  std::string guests;      // number of guests invited with it, as text; empty: none
  std::vector<Slot> gone;  // slots that this visitor has booked or was told are taken: older copies still contain them
  bool hour12 = false;

  std::optional<Day> months_at;  // the list of months is open: first day of the month that Tab reaches

  bool is_zone_open = false;
  std::string zone_search;
  std::optional<std::vector<ZoneChoice>> zones;  // search results; nullopt: not known yet
  std::string zone_cursor;                       // name of the zone that Tab reaches

  std::string focus;  // id
};

[[nodiscard]] Day today(const PickerState& state);     // in the visitor's zone
[[nodiscard]] Day last_day(const PickerState& state);  // last day that can be paged to; inclusive
[[nodiscard]] bool is_bookable_day(const PickerState& state, Day day);
[[nodiscard]] int first_day_of_week(const PickerState& state);
// The days on the current page: the cursor's week in the week view, else the month. In the visitor's zone.
[[nodiscard]] DayRange shown_days(const PickerState& state);
// The last day with a free time, if at least kNotOpenAfter days after it are known and all known days after it have none.
[[nodiscard]] std::optional<Day> last_open_day(const PickerState& state);
// UTC days that these days of the visitor overlap, except those in the past.
[[nodiscard]] std::vector<Day> utc_days_of(const PickerState& state, DayRange days);
// The worst state of the UTC days that it overlaps; known for a day in the past.
[[nodiscard]] Knowledge knowledge_of(const PickerState& state, Day day);
[[nodiscard]] bool is_known(const PickerState& state, DayRange days);
[[nodiscard]] const Failure* failure_of(const PickerState& state, DayRange days);
// Not yet started, ascending.
[[nodiscard]] std::vector<Slot> free_slots(const PickerState& state, DayRange days);
[[nodiscard]] std::optional<Slot> slot_at(const PickerState& state, Instant start);
// The event type of a slot, by Slot::of. Valid until the next answer.
[[nodiscard]] const EventType& type_of(const PickerState& state, std::uint16_t of);
// At most kNearest of the known future slots, ascending: those closest to `start`.
[[nodiscard]] std::vector<Slot> nearest_slots(const PickerState& state, Instant start);

// The first free day after a range without one.
struct NextFree {
  enum class Outcome { found, searching, failed, none };
  Outcome outcome = Outcome::none;
  Day day{};                       // found: in the visitor's zone; none: last day that was searched
  std::optional<Day> wanted = {};  // searching: the UTC day whose data is needed next
};
[[nodiscard]] NextFree next_free_after(const PickerState& state, Day day);
[[nodiscard]] NextFree first_free(const PickerState& state);  // from today on

// The state of the whole panel.
enum class Stage {
  choosing_type,
  picking,
  booked,
  loading_types,
  types_failed,
  no_types,
  not_configured,
  unknown_type,
  public_link,
};
[[nodiscard]] Stage stage_of(const PickerState& state);
// True while the form is shown in place of the picker.
[[nodiscard]] bool is_form_shown(const PickerState& state);
[[nodiscard]] const EventType* chosen_type(const PickerState& state);
// The failure that is shown when no data can be; nullptr if some can.
[[nodiscard]] const Failure* panel_failure(const PickerState& state);

[[nodiscard]] Screen screen_from(const PickerState& state, const Words& words);

// Ids of a day's node, and of the node of the month that begins with a day.
[[nodiscard]] std::string day_id(Day day);
[[nodiscard]] std::string month_id(Day first);

// Instants and days as the numbers that `Words` takes (words.h).
[[nodiscard]] double ms_from(Instant instant);
[[nodiscard]] double number_from(Day day);

}  // namespace slotwire::web
