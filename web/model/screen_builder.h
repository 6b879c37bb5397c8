#pragma once
// Builds the screen from the state, without decisions of its own. Internal to model/; one file for the frame and the panels
// (picker_screen.cpp), one for days (picker_screen_days.cpp), one for times and booking (picker_screen_times.cpp).
#include <string>
#include <string_view>
#include <vector>

#include "web/model/picker_state.h"

namespace slotwire::web {

class ScreenBuilder {
 public:
  // Both borrowed.
  ScreenBuilder(const PickerState& state, const Words& words);

  void build(Node& root) const;

 private:
  void add_header(Node& root) const;
  void add_about(Node& header) const;
  void add_notice(Node& root) const;
  void add_footer(Node& root) const;
  void add_zone_dialog(Node& root) const;
  void add_type_list(Node& root) const;
  Node& add_panel(Node& parent, std::string_view key, std::string_view hint) const;
  void add_failure(Node& parent, const Failure& failure) const;
  void add_public_link(Node& root) const;
  void add_unknown(Node& root) const;
  void add_page_link(Node& panel, const std::string& address) const;

  [[nodiscard]] std::string page_name() const;
  void add_page_bar(Node& root) const;
  void add_page(Node& root) const;
  void add_months(Node& root) const;
  void add_calendar(Node& root) const;
  void add_day(Node& row, Day day) const;
  void add_week(Node& root) const;
  void add_column(Node& week, Day day) const;

  void add_times(Node& root) const;
  void add_time(Node& list, const Slot& slot) const;
  void add_book(Node& parent, std::string_view id, const Slot& slot, std::string_view what) const;
  void add_without_day(Node& parent) const;
  void add_day_list(Node& root) const;
  void add_taken(Node& root) const;
  void add_form(Node& root) const;
  void add_when(Node& parent, const std::string& prefix, Instant start) const;
  [[nodiscard]] std::string taken_text(Instant start) const;
  void add_confirmation(Node& root) const;
  void add_loading(Node& parent) const;

  // The accessible text of a day, and how its cell looks.
  struct DayAppearance {
    Look look = Look::none;
    bool is_busy = false;
    std::string said = {};
  };
  [[nodiscard]] DayAppearance appearance_of(Day day) const;
  [[nodiscard]] std::size_t count_of(Day day) const;
  [[nodiscard]] std::string time_text(Instant start) const;
  [[nodiscard]] std::string range_text(Instant start, std::uint16_t of) const;
  [[nodiscard]] std::string isolated(std::string_view text) const;
  [[nodiscard]] std::string place_text() const;
  [[nodiscard]] std::string length_text(std::chrono::minutes length) const;
  [[nodiscard]] std::string places_text(const Slot& slot) const;

  [[nodiscard]] std::string message(std::string_view key) const;
  [[nodiscard]] std::string message(std::string_view key, std::string_view first, std::string_view second = {}) const;
  [[nodiscard]] std::string formatted(Format kind, double a, double b = 0) const;
  [[nodiscard]] std::string month_text(Format kind, std::chrono::year_month month) const;
  static Node& add_note(Node& parent, std::string_view id, Kind kind, Look look, std::string text);
  Node& add_icon_button(Node& parent, std::string_view id, Icon icon) const;
  static void add_placeholders(Node& parent, int count);

  const PickerState& state_;
  const Words& words_;
  DayRange shown_;
  std::vector<Slot> slots_;
  std::vector<DaySlots> by_day_;  // borrows from slots_
  std::optional<Day> last_open_;
};

}  // namespace slotwire::web
