#pragma once
// The slot picker: events go in, actions and a screen come out. Pure: no clock, no page; texts come from `Words`.
//
//   Picker picker(words);
//   picker.set_clock(now); picker.set_zone("Europe/Amsterdam", offsets); picker.set_option("event-type", "30min");
//   picker.settle();            // plans fetches, picks defaults, builds the screen
//   picker.take_actions();      // {fetch 1, 30min, 31 days from today}
//   picker.take_answer(1, ...); picker.settle(); picker.screen();
//
// Every event must be followed by settle() before screen() and take_actions() are read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/model/picker_state.h"

namespace slotwire::web {

class Picker {
 public:
  // `words` is borrowed for the picker's lifetime.
  explicit Picker(const Words& words) : words_(words) {}

  // Unknown names and invalid values are ignored.
  void set_option(std::string_view name, std::string_view value);
  void set_clock(Instant now);
  void set_zone(std::string name, ZoneOffsets zone);
  void set_zones(std::vector<ZoneChoice> zones);
  void set_locale(const Locale& locale);
  void take_answer(std::uint32_t fetch, SlotsAnswer answer);
  void take_failure(std::uint32_t fetch, std::string_view code, std::optional<std::chrono::seconds> retry_after);
  void take_catalogue(Catalogue catalogue);
  // The proxy reports that slots of these UTC days have changed: known days are requested again, and shown unchanged until then.
  void expire_days(DayRange days);
  struct Receipt {
    std::string_view event_uri, invitee_uri, cancel_url = {}, reschedule_url = {}, guests = {};
  };
  // The visitor has booked the slot of the last action Book; returns false if it is another slot or there was no such action.
  bool take_booking(Instant start, const Receipt& receipt);
  // The state of the page's form for the chosen slot. Ignored if that slot is no longer chosen.
  void set_form(Form form);
  // The form's slot was taken by somebody else.
  void lose_slot();
  // As much of the description as fits, with an ellipsis; the whole text if it fits. Empty: not known.
  void set_folded(std::string text) { state_.folded = std::move(text); }
  // Whether seven columns fit.
  void set_wide(bool is_wide) { state_.is_wide = is_wide; }

  // The visitor's actions, by node id. Return false if the node cannot be activated, or the key has no effect there.
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
  void describe(const EventType& type);
  void turn_to(Day day);
  void turn_page(int direction);
  void show_more();
  void select_day(Day day);
  void choose_slot(Instant start);
  void drop_choice();
  void book();
  void check_again(Instant start);
  void finish_checking();
  void leave_out(Instant start);
  void notice_taken();
  void choose_zone(std::string_view name);
  void open_months();
  void close_months();
  void choose_month(Day first);
  void open_zones();
  void close_zones();
  void plan();
  void pick_defaults();
  void take_default(Day day);
  void report_state();
  void announce_trouble();
  void announce_day();
  void wake_later();
  bool press_on_day(Day at, std::string_view key);
  bool press_on_time(std::string_view id, std::string_view key);
  bool press_beside(std::string_view id, int direction);
  bool press_on_month(std::string_view id, std::string_view key);
  bool press_on_zone(std::string_view id, std::string_view key);
  void move_cursor(Day day);
  void move_focus(std::string id);
  void keep_focus();
  [[nodiscard]] std::string time_beside(std::string_view id) const;
  void announce(std::string text) { actions_.push_back(Announce{std::move(text)}); }

  const Words& words_;
  PickerState state_;
  Screen screen_;
  std::vector<Action> actions_;
  std::optional<Book> offered_slot_;  // slot of the last action Book
  bool is_started_ = false;
  bool is_ready_reported_ = false;
  bool was_loading_ = false;
  bool is_result_awaited_ = false;  // the visitor turned to these days, or chose one, and the result has not been announced yet
  std::string reported_failure_;
  std::string announced_trouble_;
  std::optional<std::size_t> announced_zones_;
  std::optional<Instant> reported_stale_;
  std::optional<Instant> wake_at_;
};

}  // namespace slotwire::web
