// Days: the bar with the page buttons, the calendar of a month or of one week, and a week as seven columns.
#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/screen_builder.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

constexpr int kPlaceholders = 4;

unsigned number_in_month(Day day) { return static_cast<unsigned>(chrono::year_month_day{day}.day()); }
unsigned weekday_of(Day day) { return chrono::weekday{day}.c_encoding(); }

}  // namespace

std::string ScreenBuilder::page_name() const {
  if (state_.options.view != View::week) return month_text(Format::month_title, state_.month);
  return formatted(Format::week_title, number_from(shown_.begin), number_from(shown_.end - chrono::days{1}));
}

void ScreenBuilder::add_page_bar(Node& root) const {
  Node& bar = root.add("month-bar");
  const bool is_week = state_.options.view == View::week;
  Node& heading = bar.add("month-heading", Kind::heading);
  heading.level = 3;
  Node& name = heading.add("month", Kind::button, page_name());
  name.look = Look::quiet;
  name.icon = Icon::unfold;
  name.controls = "months";
  name.expanded = state_.months_at.has_value();
  // The button back to the first free day, or to today while none is known.
  const NextFree first = first_free(state_);
  const bool is_free_elsewhere = first.outcome == NextFree::Outcome::found && first.day != state_.day;
  if (is_free_elsewhere || !shown_.contains(today(state_))) {
    const std::string_view id = is_free_elsewhere ? "first-free" : "today";
    Node& home = bar.add(id, Kind::button, message(id));
    home.look = Look::quiet;
    home.icon = Icon::today;
  }
  add_icon_button(bar, is_week ? "previous-week" : "previous-month", Icon::previous).disabled = shown_.begin <= today(state_);
  add_icon_button(bar, is_week ? "next-week" : "next-month", Icon::next).disabled = shown_.end > last_day(state_);
}

// From this month to the last available one. The year is shown where it changes, and is always in the accessible name.
void ScreenBuilder::add_months(Node& root) const {
  Node& list = root.add("months", Kind::listbox);
  list.label = message("choose-month");
  const Day first = days_of(month_of(today(state_))).begin;
  // The month may have ended, or the zone changed, since the list was opened.
  const Day tabstop = std::max(*state_.months_at, first);
  for (Day day = first; day <= last_day(state_); day = moved_by_months(day, 1)) {
    const chrono::year_month month = month_of(day);
    const std::string full = month_text(Format::month_title, month);
    const bool is_new_year = day == first || month.month() == chrono::January;
    Node& option = list.add(month_id(day), Kind::option, is_new_year ? full : month_text(Format::month_name, month));
    if (!is_new_year) option.label = full;
    option.selected = month == state_.month;
    option.tabstop = day == tabstop;
  }
}

void ScreenBuilder::add_calendar(Node& root) const {
  const bool is_week = state_.options.view == View::week;
  const int first_day = first_day_of_week(state_);
  Node& grid = root.add("calendar", Kind::grid);
  grid.label = page_name();
  grid.busy = state_.availability.is_waiting();
  Node& head = grid.add("weekdays", Kind::row);
  for (int i = 0; i < 7; ++i) {
    const int weekday = (first_day + i) % 7;
    head.add("weekday:" + std::to_string(weekday), Kind::columnheader, formatted(Format::weekday_short, weekday)).label =
        formatted(Format::weekday_long, weekday);
  }
  for (const Week& week : weeks_of(is_week ? month_of(shown_.begin) : state_.month, first_day)) {
    if (is_week && week.first != shown_.begin) continue;
    Node& row = grid.add("week:" + text_from_day(week.first), Kind::row);
    Day day = week.first;
    for (const auto& place : week.days) {
      // The next month's first days fill the last row, since a visitor at the end of a month mostly looks ahead.
      if (place || is_week || (day >= shown_.end && day <= last_day(state_))) {
        add_day(row, day);
      } else {
        Node& blank = row.add("blank:" + text_from_day(day), Kind::gridcell);
        blank.look = Look::blank;
        blank.disabled = true;
      }
      day += chrono::days{1};
    }
  }
}

std::size_t ScreenBuilder::count_of(Day day) const {
  if (!shown_.contains(day)) return free_slots(state_, {day, day + chrono::days{1}}).size();
  for (const DaySlots& slots : by_day_)
    if (slots.day == day) return slots.slots.size();
  return 0;
}

ScreenBuilder::DayAppearance ScreenBuilder::appearance_of(Day day) const {
  if (day < today(state_)) return {Look::outside};
  if (day > last_day(state_)) return {Look::outside, false, message("beyond-horizon")};
  // Days of the next month are not requested before it is shown, and the data that came with this month's request may cover only
  // part of a day.
  if (!shown_.contains(day) && knowledge_of(state_, day) == Knowledge::not_requested) return {Look::unknown};
  if (const std::size_t count = count_of(day); count > 0)
    return {Look::free, false, formatted(Format::free_times, static_cast<double>(count))};
  switch (knowledge_of(state_, day)) {
    case Knowledge::known:
      if (last_open_ && day > *last_open_) return {Look::outside, false, message("beyond-horizon")};
      return {Look::none, false, formatted(Format::free_times, 0)};
    case Knowledge::failed:
      return {Look::unknown, false, message("times-unknown")};
    default:
      return {Look::unknown, true, message("loading")};
  }
}

void ScreenBuilder::add_day(Node& row, Day day) const {
  Node& cell = row.add(day_id(day), Kind::gridcell, formatted(Format::number, number_in_month(day)));
  const DayAppearance standing = appearance_of(day);
  cell.look = standing.look;
  cell.busy = standing.is_busy;
  cell.disabled = standing.look == Look::outside || standing.look == Look::none;
  cell.label = formatted(Format::day_long, number_from(day));
  if (!standing.said.empty()) cell.label = message("day-status", cell.label, standing.said);
  cell.faint = !shown_.contains(day);
  cell.selected = state_.day == day;
  cell.current = day == today(state_);
  cell.tabstop = day == state_.cursor;
}

// All times of the week at once, and the chosen one below them.
void ScreenBuilder::add_week(Node& root) const {
  if (const Failure* failure = panel_failure(state_)) {
    add_failure(root, *failure);
    return;
  }
  if (slots_.empty() && is_known(state_, shown_)) {
    add_without_day(root.add("times"));
    return;
  }
  Node& week = root.add("week");
  week.label = page_name();
  week.busy = state_.availability.is_waiting();
  for (Day day = shown_.begin; day < shown_.end; day += chrono::days{1}) add_column(week, day);
  const std::optional<Slot> slot = state_.chosen ? slot_at(state_, *state_.chosen) : std::nullopt;
  if (!slot) return;
  Node& bar = root.add("book-bar");
  const std::string text =
      message("day-status", formatted(Format::day_heading, number_from(state_.zone.local_day_of(slot->start))),
              range_text(slot->start, slot->of));
  bar.add("book-summary", Kind::text, text).hint = places_text(*slot);
  add_book(bar, "book", *slot, text);
}

void ScreenBuilder::add_column(Node& week, Day day) const {
  const std::string key = text_from_day(day);
  const DayAppearance standing = appearance_of(day);
  Node& column = week.add("column:" + key);
  Node& heading = column.add("heading:" + key, Kind::heading, formatted(Format::number, number_in_month(day)));
  heading.level = 4;
  heading.hint = formatted(Format::weekday_short, weekday_of(day));
  heading.label = formatted(Format::day_long, number_from(day));
  heading.look = standing.look;
  heading.current = day == today(state_);
  if (!standing.said.empty()) heading.label = message("day-status", heading.label, standing.said);
  for (const DaySlots& slots : by_day_) {
    if (slots.day != day) continue;
    Node& list = column.add("rows:" + key, Kind::list);
    list.label = message("times-of", formatted(Format::day_heading, number_from(day)));
    for (const Slot& slot : slots.slots) {
      const std::string start = text_from_ms(slot.start);
      Node& time = list.add("slot:" + start, Kind::listitem).add("time:" + start, Kind::button, time_text(slot.start));
      time.pressed = state_.chosen == slot.start;
      time.hint = places_text(slot);
    }
  }
  if (!standing.is_busy) return;
  column.busy = true;
  for (int i = 1; i <= kPlaceholders; ++i) column.add("loading:" + key + ":" + std::to_string(i), Kind::progress);
}

}  // namespace slotwire::web
