#pragma once
// The slot picker: what happened goes in, actions and a screen come out. Pure: no clock, no page; words come from `Words`.
//
//   Picker picker(words);
//   picker.set_clock(now); picker.set_zone("Europe/Amsterdam", offsets); picker.set_option("event-type", "30min");
//   picker.settle();            // plans fetches, picks defaults, builds the screen
//   picker.take_actions();      // {fetch 1, 30min, 31 days from today}
//   picker.take_answer(1, ...); picker.settle(); picker.screen();
//
// Every event must be followed by settle() before screen() and take_actions() are read.
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

enum class View { month, week, list };

struct Options {
  std::string event_type;  // uri, uuid or slug; empty: the visitor chooses
  View view = View::month;
  std::optional<bool> hour12;
  std::optional<int> first_day;
  std::optional<Day> date;      // open here
  std::optional<int> height;    // px; none: by layout
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
  std::string zone_name;
  ZoneOffsets zone;

  std::optional<Catalogue> catalogue;
  std::optional<Failure> catalogue_failure;
  bool types_asked = false;

  std::string type;      // what slots are asked for; empty while the visitor has not chosen
  std::string type_uri;  // known from the catalogue or the first answer
  std::string name;
  std::chrono::minutes duration{};
  Availability availability;
  bool has_answer = false;

  std::chrono::year_month month{};
  std::optional<Day> day;          // of the visitor, selected
  Day cursor{};                    // of the visitor: the day that Tab reaches
  bool is_day_automatic = true;    // pick the first free day as soon as it is known
  bool is_month_automatic = true;  // and turn to its month
  std::optional<Instant> chosen;   // start of the chosen slot
  bool hour12 = false;

  bool is_zone_open = false;
  std::string zone_search;
  std::vector<ZoneChoice> zones;
  std::string zone_cursor;         // name of the zone that Tab reaches

  std::string focus;               // id
};

// Facts derived from the state, for the screen and the events alike.
[[nodiscard]] Day today(const PickerState& state);          // of the visitor
[[nodiscard]] Day last_day(const PickerState& state);       // the visitor can page to; inclusive
[[nodiscard]] bool is_bookable_day(const PickerState& state, Day day);
// UTC days that a stretch of the visitor's days needs, without those that are over.
[[nodiscard]] std::vector<Day> utc_days_of(const PickerState& state, DayRange days);
// Worst of the UTC days it needs; known for a day that is over.
[[nodiscard]] Knowledge knowledge_of(const PickerState& state, Day day);
[[nodiscard]] const Failure* failure_of(const PickerState& state, DayRange days);
// Still ahead, ascending.
[[nodiscard]] std::vector<Slot> free_slots(const PickerState& state, DayRange days);
[[nodiscard]] std::vector<const ZoneChoice*> found_zones(const PickerState& state);

// The first free day after a month without one.
struct NextFree {
  enum class Outcome { found, searching, failed, none };
  Outcome outcome = Outcome::none;
  Day day{};                      // found: the visitor's day; none: last day that was looked at
  std::optional<Day> wanted = {}; // searching: the UTC day that has to be known next
};
[[nodiscard]] NextFree next_free_after(const PickerState& state, Day day);

// Which of the whole-panel states the picker is in.
enum class Stage { choosing_type, picking, loading_types, types_failed, no_types, not_configured, unknown_type, public_link };
[[nodiscard]] Stage stage_of(const PickerState& state);
[[nodiscard]] const EventType* chosen_type(const PickerState& state);

[[nodiscard]] Screen screen_from(const PickerState& state, const Words& words);

class Picker {
 public:
  // `words` is borrowed for the picker's life.
  explicit Picker(const Words& words) : words_(words) {}

  // Unknown names and unreadable values change nothing.
  void set_option(std::string_view name, std::string_view value);
  void set_clock(Instant now);
  void set_zone(std::string name, ZoneOffsets zone);
  void set_zones(std::vector<ZoneChoice> zones) { state_.zones = std::move(zones); }
  void set_locale(const Locale& locale);
  void take_answer(std::uint32_t fetch, SlotsAnswer answer);
  void take_failure(std::uint32_t fetch, std::string_view code, std::optional<std::chrono::seconds> retry_after);
  void take_catalogue(Catalogue catalogue);

  // What the visitor did, by the ids of the screen. False: there is no such thing to activate, or the key means nothing here.
  bool activate(std::string_view id);
  bool press(std::string_view id, std::string_view key);
  bool enter_text(std::string_view id, std::string_view value);
  void set_focus(std::string_view id) { state_.focus = id; }

  void settle();
  [[nodiscard]] const Screen& screen() const { return screen_; }
  [[nodiscard]] const PickerState& state() const { return state_; }
  [[nodiscard]] std::vector<Action> take_actions();

 private:
  void start_type(std::string type);
  void show_month_of(Day day);
  void select_day(Day day);
  void choose_slot(Instant start);
  void book();
  void choose_zone(std::string_view name);
  void open_zones();
  void close_zones();
  void plan();
  void pick_defaults();
  void tell_state();
  void wake_later();
  bool press_on_day(std::string_view key);
  bool press_on_time(std::string_view id, std::string_view key);
  bool press_on_zone(std::string_view id, std::string_view key);
  void move_cursor(Day day);
  void move_focus(std::string id);
  void keep_focus();
  void announce(std::string text) { actions_.push_back(Announce{std::move(text)}); }

  const Words& words_;
  PickerState state_;
  Screen screen_;
  std::vector<Action> actions_;
  bool is_started_ = false;
  bool is_ready_told_ = false;
  bool was_loading_ = false;
  std::string told_failure_;
  std::optional<Instant> told_stale_;
  std::optional<Instant> wake_at_;
};

}  // namespace slotwire::web
