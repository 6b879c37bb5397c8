#pragma once
// What the picker knows, as values, and the facts that follow from it. Pure: screen and events are made from the same facts.
#include <optional>
#include <string>
#include <vector>

#include "shared/zone_offsets.h"
#include "web/model/action.h"
#include "web/model/availability.h"
#include "web/model/screen.h"
#include "web/model/words.h"

namespace slotwire::web {

// How far ahead a visitor can page, and how far the next free day is looked for.
inline constexpr std::chrono::months kHorizon{12};
inline constexpr std::chrono::days kSearchAhead{92};
// After so many empty days in a row the account is taken to be not open yet, rather than full.
inline constexpr std::chrono::days kSilence{14};
// A list shows whole days until it has so many times, and as many again each time the visitor wants more.
inline constexpr std::size_t kListed = 100;
// How many other times are offered for one that was taken.
inline constexpr std::size_t kNearest = 6;

enum class View { month, week, list };

// The page's own form for what a booking needs: being fetched, shown in the picker's place, sent.
enum class Form { none, opening, open, sending };

struct Options {
  std::string event_type;  // uri, uuid, slug or scheduling link; empty: the visitor chooses
  View view = View::month;
  std::optional<bool> hour12;
  std::optional<int> first_day;
  std::optional<Day> date;    // open here
  std::string page;           // address of a booking page to fall back on; empty: not known
  bool hide_details = false;  // whose it is, where, and what about are not said
  bool lock_zone = false;     // the zone is said, not chosen
};

struct Locale {
  int first_day = 1;
  bool right_to_left = false;
  bool hour12 = false;
};

struct ZoneChoice {
  std::string name;   // IANA
  std::string label;  // as people read it
};

struct Catalogue {
  ConnectionMode mode = ConnectionMode::none;
  std::vector<EventType> types;
};

// All that the screen is made from.
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

  std::string type;              // what slots are asked for; empty while the visitor has not chosen
  std::vector<EventType> types;  // whose the free times are, by Slot::of: uri, name and length of each; from the last answer
  std::string name;
  std::chrono::minutes duration{};  // 0: not all are as long
  std::string host, place;          // as in EventType
  std::string about;                // its description
  std::string folded;               // what of it is on show until the visitor wants all of it; empty: not known
  bool is_about_open = false;
  Availability availability;
  bool has_answer = false;

  std::chrono::year_month month{};
  std::optional<Day> day;          // of the visitor, selected
  Day cursor{};                    // of the visitor: the day that Tab reaches; its week is shown in the week view
  bool is_day_automatic = true;    // pick the first free day as soon as it is known
  bool is_month_automatic = true;  // and turn to its month
  std::size_t listed = kListed;    // times after which the list ends
  std::optional<Instant> chosen;   // start of the chosen slot
  std::uint16_t chosen_of = 0;     // whose it is: its form is shown, and no other's
  bool is_checking = false;        // Book now was activated and the chosen slot is being looked at once more
  std::optional<Instant> taken;    // start of a slot that was chosen and is gone
  Form form = Form::none;          // for the chosen slot
  std::optional<Book> booked;      // shown until the visitor wants another
  std::string cancel_url;          // of what was booked; empty: not known
  std::string reschedule_url;
  std::string guests;      // in words, how many were invited with it; empty: none
  std::vector<Slot> gone;  // that this visitor has booked, or was told are taken: copies from before still hold them
  bool hour12 = false;

  std::optional<Day> months_at;  // the list of months is open: first day of the one that Tab reaches

  bool is_zone_open = false;
  std::string zone_search;
  std::optional<std::vector<ZoneChoice>> zones;  // those that are searched for; none: not known yet
  std::string zone_cursor;                       // name of the zone that Tab reaches

  std::string focus;  // id
};

[[nodiscard]] Day today(const PickerState& state);     // of the visitor
[[nodiscard]] Day last_day(const PickerState& state);  // the visitor can page to; inclusive
[[nodiscard]] bool is_bookable_day(const PickerState& state, Day day);
[[nodiscard]] int first_day_of_week(const PickerState& state);
// What one page shows: the week of the cursor in the week view, else the month. The visitor's days.
[[nodiscard]] DayRange shown_days(const PickerState& state);
// The last day with a free time, when at least kSilence known days after it, up to the last that is known, have none.
[[nodiscard]] std::optional<Day> last_open_day(const PickerState& state);
// UTC days that a stretch of the visitor's days needs, without those that are over.
[[nodiscard]] std::vector<Day> utc_days_of(const PickerState& state, DayRange days);
// Worst of the UTC days it needs; known for a day that is over.
[[nodiscard]] Knowledge knowledge_of(const PickerState& state, Day day);
[[nodiscard]] bool is_known(const PickerState& state, DayRange days);
[[nodiscard]] const Failure* failure_of(const PickerState& state, DayRange days);
// Still ahead, ascending.
[[nodiscard]] std::vector<Slot> free_slots(const PickerState& state, DayRange days);
[[nodiscard]] std::optional<Slot> slot_at(const PickerState& state, Instant start);
// Whose a slot is, by Slot::of. Valid until the next answer.
[[nodiscard]] const EventType& type_of(const PickerState& state, std::uint16_t of);
// At most kNearest of the known slots ahead, ascending: those with the least time between them and `start`.
[[nodiscard]] std::vector<Slot> nearest_slots(const PickerState& state, Instant start);

// The first free day after a stretch without one.
struct NextFree {
  enum class Outcome { found, searching, failed, none };
  Outcome outcome = Outcome::none;
  Day day{};                       // found: the visitor's day; none: last day that was looked at
  std::optional<Day> wanted = {};  // searching: the UTC day that has to be known next
};
[[nodiscard]] NextFree next_free_after(const PickerState& state, Day day);
[[nodiscard]] NextFree first_free(const PickerState& state);  // from today on

// Which of the whole-panel states the picker is in.
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
// The form is in the picker's place.
[[nodiscard]] bool is_form_shown(const PickerState& state);
[[nodiscard]] const EventType* chosen_type(const PickerState& state);
// What the visitor is told while nothing can be shown; none when something can.
[[nodiscard]] const Failure* panel_failure(const PickerState& state);

[[nodiscard]] Screen screen_from(const PickerState& state, const Words& words);

// Ids of what stands for a day, and for the month that it begins.
[[nodiscard]] std::string day_id(Day day);
[[nodiscard]] std::string month_id(Day first);

// Numbers as words take them (words.h).
[[nodiscard]] double ms_from(Instant instant);
[[nodiscard]] double number_from(Day day);

}  // namespace slotwire::web
