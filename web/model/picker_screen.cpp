// The screen from the state: decides nothing, only says what is there.
#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

double number_from(Day day) { return static_cast<double>(day.time_since_epoch().count()); }
double ms_from(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }

class Builder {
 public:
  Builder(const PickerState& state, const Words& words)
      : state_(state), words_(words), month_(days_of(state.month)), slots_(free_slots(state, month_)),
        by_day_(slots_by_day(slots_, state.zone)) {}

  void build(Node& root) const {
    root.label = message("picker");
    add_header(root);
    switch (stage_of(state_)) {
      case Stage::picking:
        add_notice(root);
        add_month_bar(root);
        if (state_.options.view == View::list) {
          add_day_list(root);
        } else {
          add_calendar(root);
          add_times(root);
        }
        add_footer(root);
        if (state_.is_zone_open) add_zone_dialog(root);
        break;
      case Stage::choosing_type: add_type_list(root); break;
      case Stage::loading_types: add_placeholders(root.add("type-list"), 3); break;
      case Stage::types_failed: add_failure(root, *state_.catalogue_failure); break;
      case Stage::no_types: add_panel(root, "no-types", {}); break;
      case Stage::not_configured: add_panel(root, "not-configured", "not-configured-hint"); break;
      case Stage::unknown_type: add_panel(root, "unknown-type", "unknown-type-hint"); break;
      case Stage::public_link: {
        Node& panel = add_panel(root, "public-link", {});
        const EventType* type = chosen_type(state_);
        if (!type && !state_.catalogue->types.empty()) type = &state_.catalogue->types.front();
        if (!type) break;
        Node& link = panel.add("open-booking", Kind::link, message("open-booking"));
        link.href = type->scheduling_url;
        link.look = Look::primary;
        break;
      }
    }
  }

 private:
  std::string message(std::string_view key) const { return words_.message(key); }
  std::string message(std::string_view key, std::string_view first, std::string_view second = {}) const {
    return filled(words_.message(key), first, second);
  }
  std::string word(WordKind kind, double a, double b = 0) const { return words_.word(kind, a, b); }
  std::string month_word(WordKind kind, chrono::year_month month) const {
    return word(kind, static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
  }

  static Node& add_note(Node& parent, std::string_view id, Kind kind, Look look, std::string text) {
    Node& note = parent.add(id, kind, std::move(text));
    note.look = look;
    return note;
  }

  Node& add_icon_button(Node& parent, std::string_view id, Icon icon) const {
    Node& button = parent.add(id, Kind::button);
    button.label = message(id);
    button.look = Look::icon;
    button.icon = icon;
    return button;
  }

  static void add_placeholders(Node& parent, int count) {
    parent.busy = true;
    for (int i = 1; i <= count; ++i) parent.add("loading:" + std::to_string(i), Kind::progress);
  }

  void add_header(Node& root) const {
    Node& header = root.add("header");
    if (state_.options.event_type.empty() && !state_.type.empty()) add_icon_button(header, "back-to-types", Icon::back);
    const Stage stage = stage_of(state_);
    const bool is_choosing = stage == Stage::choosing_type || stage == Stage::loading_types || stage == Stage::no_types;
    Node& title = header.add("title", Kind::heading, is_choosing ? message("choose-type") : state_.name);
    title.level = 2;
    const EventType* type = chosen_type(state_);
    if (title.text.empty() && type) title.text = type->name;
    if (title.text.empty()) {
      title.busy = stage == Stage::picking && state_.availability.is_waiting();
      (title.busy ? title.label : title.text) = message("picker");
    }
    if (state_.duration.count() <= 0 || is_choosing) return;
    Node& meta = add_note(header, "meta", Kind::text, Look::muted,
                          word(WordKind::duration, static_cast<double>(state_.duration.count())));
    meta.icon = Icon::clock;
  }

  // Old copies and failed days are said above the calendar, never instead of it: what is known stays usable.
  void add_notice(Node& root) const {
    const Failure* failure = failure_of(state_, month_);
    const std::optional<Instant> stale = state_.availability.oldest_stale(month_);
    if (!state_.has_answer || (!failure && !stale)) return;
    Node& bar = root.add("notice-bar");
    if (stale) {
      const auto age = chrono::duration_cast<chrono::seconds>(state_.now - *stale);
      const auto said = word(WordKind::age, static_cast<double>(std::max<long long>(age.count(), 0)));
      add_note(bar, "notice", Kind::status, Look::notice, message("stale", said));
    } else {
      add_note(bar, "notice", Kind::status, Look::warning, message(failure->code == "offline" ? "offline" : "part-failed"));
    }
    if (failure) bar.add("retry", Kind::button, message("retry")).look = Look::quiet;
  }

  void add_month_bar(Node& root) const {
    Node& bar = root.add("month-bar");
    bar.add("month", Kind::heading, month_word(WordKind::month_title, state_.month)).level = 3;
    add_icon_button(bar, "previous-month", Icon::previous).disabled = state_.month <= month_of(today(state_));
    add_icon_button(bar, "next-month", Icon::next).disabled = state_.month >= month_of(last_day(state_));
  }

  void add_calendar(Node& root) const {
    const int first_day = state_.options.first_day.value_or(state_.locale.first_day);
    Node& grid = root.add("calendar", Kind::grid);
    grid.label = month_word(WordKind::month_title, state_.month);
    grid.busy = state_.availability.is_waiting();
    Node& head = grid.add("weekdays", Kind::row);
    for (int i = 0; i < 7; ++i) {
      const int weekday = (first_day + i) % 7;
      head.add("weekday:" + std::to_string(weekday), Kind::columnheader, word(WordKind::weekday_short, weekday)).label =
          word(WordKind::weekday_long, weekday);
    }
    for (const Week& week : weeks_of(state_.month, first_day)) {
      Node& row = grid.add("week:" + text_from_day(week.first), Kind::row);
      Day day = week.first;
      for (const auto& place : week.days) {
        if (place) {
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

  std::size_t count_of(Day day) const {
    for (const DaySlots& slots : by_day_)
      if (slots.day == day) return slots.slots.size();
    return 0;
  }

  void add_day(Node& row, Day day) const {
    Node& cell = row.add("day:" + text_from_day(day), Kind::gridcell,
                         word(WordKind::number, static_cast<unsigned>(chrono::year_month_day{day}.day())));
    const std::size_t count = count_of(day);
    std::string said;
    if (!is_bookable_day(state_, day)) {
      cell.look = Look::outside;
      cell.disabled = true;
      if (day > last_day(state_)) said = message("beyond-horizon");
    } else if (count > 0) {
      cell.look = Look::free;
      said = word(WordKind::free_times, static_cast<double>(count));
    } else {
      const Knowledge knowledge = knowledge_of(state_, day);
      cell.look = knowledge == Knowledge::known ? Look::none : Look::unknown;
      cell.disabled = knowledge == Knowledge::known;
      cell.busy = knowledge == Knowledge::loading || knowledge == Knowledge::unasked;
      said = cell.disabled ? word(WordKind::free_times, 0) : message(cell.busy ? "loading" : "times-unknown");
    }
    cell.label = word(WordKind::day_long, number_from(day));
    if (!said.empty()) cell.label = message("day-status", cell.label, said);
    cell.selected = state_.day == day;
    cell.current = day == today(state_);
    cell.tabstop = day == state_.cursor;
  }

  std::string time_text(const Slot& slot) const {
    std::string text = word(state_.hour12 ? WordKind::time_12h : WordKind::time_24h, ms_from(slot.start));
    // The hour that comes twice when clocks go back.
    if (state_.zone.is_ambiguous(slot.start)) return message("again", text, word(WordKind::zone_offset, ms_from(slot.start)));
    return text;
  }

  std::string places_text(const Slot& slot) const {
    return slot.invitees_remaining > 1 ? word(WordKind::places_left, slot.invitees_remaining) : std::string();
  }

  void add_time(Node& list, const Slot& slot) const {
    const std::string key = text_from_ms(slot.start);
    const bool is_chosen = state_.chosen == slot.start;
    Node& item = list.add("slot:" + key, Kind::listitem);
    Node& time = item.add("time:" + key, Kind::button, time_text(slot));
    time.pressed = is_chosen;
    time.hint = places_text(slot);
    if (!is_chosen) return;
    const std::string label = message("book-label", time.text);
    Node& book = item.add("book", Kind::button, message("book-now"));
    book.label = label;
    book.look = Look::primary;
  }

  void add_times(Node& root) const {
    Node& times = root.add("times");
    const Failure* failure = failure_of(state_, month_);
    if (!state_.has_answer && failure) {
      add_failure(times, *failure);
      return;
    }
    if (!state_.day) {
      add_without_day(times);
      return;
    }
    const Day day = *state_.day;
    const std::string day_text = word(WordKind::day_heading, number_from(day));
    const std::string label = message("times-of", day_text);
    Node& title = times.add("times-title", Kind::heading, day_text);
    title.label = label;
    title.level = 3;
    const std::vector<Slot> slots = free_slots(state_, {day, day + chrono::days{1}});
    if (!slots.empty()) {
      Node& list = times.add("time-list", Kind::list);
      list.label = label;
      for (const Slot& slot : slots) add_time(list, slot);
      return;
    }
    const Knowledge knowledge = knowledge_of(state_, day);
    if (knowledge == Knowledge::known) add_note(times, "times-note", Kind::status, Look::muted, message("times-none"));
    else if (knowledge == Knowledge::failed) add_note(times, "times-note", Kind::alert, Look::warning, message("times-unknown"));
    else add_loading(times);
  }

  void add_loading(Node& parent) const {
    Node& loading = parent.add("times-loading");
    loading.label = message("times-loading");
    add_placeholders(loading, 5);
  }

  // No day is selected: the month is still loading, has no free day, or the visitor travels by key.
  void add_without_day(Node& parent) const {
    if (!slots_.empty()) {
      add_note(parent, "times-note", Kind::status, Look::muted, message("times-pick-day"));
      return;
    }
    const auto needed = utc_days_of(state_, month_);
    const bool is_known = std::all_of(needed.begin(), needed.end(), [this](Day day) {
      return state_.availability.knowledge_of(day) == Knowledge::known;
    });
    if (!is_known) {
      if (failure_of(state_, month_)) add_note(parent, "times-note", Kind::alert, Look::warning, message("part-failed"));
      else add_loading(parent);
      return;
    }
    add_note(parent, "times-note", Kind::status, Look::muted,
             message("month-none", month_word(WordKind::month_title, state_.month)));
    const NextFree next = next_free_after(state_, month_.end - chrono::days{1});
    switch (next.outcome) {
      case NextFree::Outcome::found:
        parent.add("next-free", Kind::button, message("next-free", word(WordKind::day_heading, number_from(next.day)))).look =
            Look::primary;
        break;
      case NextFree::Outcome::searching:
        add_note(parent, "searching", Kind::status, Look::muted, message("searching-next"));
        break;
      case NextFree::Outcome::failed:
        add_note(parent, "search-failed", Kind::alert, Look::warning, message("failed"));
        parent.add("retry-search", Kind::button, message("retry"));
        break;
      case NextFree::Outcome::none:
        add_note(parent, "none-ahead", Kind::status, Look::muted,
                 message("none-ahead", word(WordKind::day_long, number_from(next.day))));
        break;
    }
    const auto home = month_of(today(state_));
    if (state_.month > home)
      parent.add("back-to-today", Kind::button, message("back-to-today", month_word(WordKind::month_name, home))).look = Look::quiet;
  }

  // By day: a heading, then each time with its end and its own Book now.
  void add_day_list(Node& root) const {
    Node& list = root.add("day-list");
    for (const DaySlots& day : by_day_) {
      const std::string key = text_from_day(day.day);
      const std::string day_text = word(WordKind::day_heading, number_from(day.day));
      Node& section = list.add("section:" + key);
      section.add("heading:" + key, Kind::heading, day_text).level = 4;
      Node& rows = section.add("rows:" + key, Kind::list);
      rows.label = message("times-of", day_text);
      for (const Slot& slot : day.slots) {
        const std::string start = text_from_ms(slot.start);
        const std::string range = word(state_.hour12 ? WordKind::range_12h : WordKind::range_24h, ms_from(slot.start),
                                       ms_from(slot.start + state_.duration));
        Node& row = rows.add("slot:" + start, Kind::listitem);
        row.add("range:" + start, Kind::text, range).hint = places_text(slot);
        Node& book = row.add("book:" + start, Kind::button, message("book-now"));
        book.label = message("book-label", range);
        book.look = Look::primary;
      }
    }
    if (!by_day_.empty()) return;
    const Failure* failure = failure_of(state_, month_);
    if (failure && !state_.has_answer) add_failure(list, *failure);
    else add_without_day(list);
  }

  void add_footer(Node& root) const {
    Node& footer = root.add("footer");
    const Instant at = state_.chosen ? *state_.chosen
                       : state_.day  ? state_.zone.start_of(*state_.day) + chrono::hours{12}
                                     : state_.now;
    const std::string title = word(WordKind::zone_title, ms_from(at));
    Node& zone = footer.add("zone", Kind::button, title);
    zone.label = message("zone-button", title);
    zone.look = Look::quiet;
    zone.icon = Icon::globe;
    zone.expanded = state_.is_zone_open;
    Node& hours = footer.add("hours");
    hours.label = message("hours");
    for (const bool hour12 : {true, false}) {
      const std::string_view id = hour12 ? "hours-12" : "hours-24";
      Node& choice = hours.add(id, Kind::button, message(id));
      choice.look = Look::toggle;
      choice.pressed = state_.hour12 == hour12;
    }
  }

  void add_zone_dialog(Node& root) const {
    Node& dialog = root.add("zone-dialog", Kind::dialog);
    dialog.label = message("zone");
    dialog.add("zone-title", Kind::heading, message("zone")).level = 3;
    Node& close = dialog.add("zone-close", Kind::button);
    close.label = message("close");
    close.look = Look::icon;
    close.icon = Icon::close;
    Node& search = dialog.add("zone-search", Kind::textbox);
    search.label = message("zone-search");
    search.value = state_.zone_search;
    search.controls = "zone-list";
    const auto found = found_zones(state_);
    if (found.empty()) {
      if (state_.zones.empty()) dialog.add("zones-loading", Kind::progress);
      else add_note(dialog, "zone-none", Kind::status, Look::muted, message("zone-none"));
      return;
    }
    Node& list = dialog.add("zone-list", Kind::listbox);
    list.label = message("zone");
    bool has_tabstop = false;
    for (const ZoneChoice* zone : found) {
      Node& option = list.add("zone:" + zone->name, Kind::option, zone->label);
      option.selected = zone->name == state_.zone_name;
      option.tabstop = zone->name == state_.zone_cursor;
      has_tabstop |= option.tabstop;
    }
    if (!has_tabstop) list.children.front().tabstop = true;
  }

  void add_type_list(Node& root) const {
    Node& list = root.add("type-list", Kind::list);
    list.label = message("choose-type");
    for (const EventType& type : state_.catalogue->types) {
      Node& button = list.add("item:" + type.uri, Kind::listitem).add("type:" + type.uri, Kind::button, type.name);
      if (type.duration.count() > 0) button.hint = word(WordKind::duration, static_cast<double>(type.duration.count()));
      button.icon = Icon::next;
    }
  }

  Node& add_panel(Node& parent, std::string_view key, std::string_view hint) const {
    Node& panel = parent.add("state");
    panel.add("state-text", Kind::status, message(key));
    if (!hint.empty()) add_note(panel, "state-hint", Kind::text, Look::muted, message(hint));
    return panel;
  }

  void add_failure(Node& parent, const Failure& failure) const {
    const bool is_offline = failure.code == "offline";
    Node& shown = parent.add("state");
    shown.add("state-text", Kind::alert, message(is_offline ? "offline" : failure.code == "too_many_requests" ? "limited" : "failed"));
    std::string hint;
    if (failure.retry_at) {
      const auto wait = chrono::ceil<chrono::seconds>(*failure.retry_at - state_.now);
      hint = message("limited-hint", word(WordKind::wait, static_cast<double>(std::max<long long>(wait.count(), 1))));
    } else {
      hint = message(is_offline ? "offline-hint" : "failed-hint");
    }
    add_note(shown, "state-hint", Kind::text, Look::muted, std::move(hint));
    shown.add("retry", Kind::button, message("retry")).look = Look::primary;
  }

  const PickerState& state_;
  const Words& words_;
  DayRange month_;
  std::vector<Slot> slots_;
  std::vector<DaySlots> by_day_;  // borrows from slots_
};

}  // namespace

Screen screen_from(const PickerState& state, const Words& words) {
  Screen screen;
  screen.right_to_left = state.locale.right_to_left;
  screen.focus = state.focus;
  Builder(state, words).build(screen.root);
  return screen;
}

}  // namespace slotwire::web
