// The screen from the state: decides nothing, only says what is there.
#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

double number_from(Day day) { return static_cast<double>(day.time_since_epoch().count()); }
double ms_from(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }

Node group(std::string id, std::string label = {}) {
  return {.id = std::move(id), .kind = Kind::group, .label = std::move(label)};
}

Node placeholder(std::string id) { return {.id = std::move(id), .kind = Kind::progress}; }

class Builder {
 public:
  Builder(const PickerState& state, const Words& words)
      : state_(state), words_(words), month_(days_of(state.month)), slots_(free_slots(state, month_)),
        by_day_(slots_by_day(slots_, state.zone)) {}

  Node root() const {
    Node root = group("picker", message("picker"));
    auto& children = root.children;
    children.push_back(header());
    switch (stage_of(state_)) {
      case Stage::picking:
        if (auto bar = notice()) children.push_back(std::move(*bar));
        if (state_.options.view == View::list) {
          children.push_back(month_bar());
          children.push_back(day_list());
        } else {
          children.push_back(month_bar());
          children.push_back(calendar());
          children.push_back(times());
        }
        children.push_back(footer());
        if (state_.is_zone_open) children.push_back(zone_dialog());
        break;
      case Stage::choosing_type:
        children.push_back(type_list());
        break;
      case Stage::loading_types: {
        Node list = group("type-list");
        list.busy = true;
        for (const char* id : {"loading:1", "loading:2", "loading:3"}) list.children.push_back(placeholder(id));
        children.push_back(std::move(list));
        break;
      }
      case Stage::types_failed:
        children.push_back(failure_panel(*state_.catalogue_failure));
        break;
      case Stage::no_types:
        children.push_back(panel("no-types", {}));
        break;
      case Stage::not_configured:
        children.push_back(panel("not-configured", message("not-configured-hint")));
        break;
      case Stage::unknown_type:
        children.push_back(panel("unknown-type", message("unknown-type-hint")));
        break;
      case Stage::public_link: {
        Node shown = panel("public-link", {});
        const EventType* type = chosen_type(state_);
        if (!type && !state_.catalogue->types.empty()) type = &state_.catalogue->types.front();
        if (type)
          shown.children.push_back({.id = "open-booking", .kind = Kind::link, .text = message("open-booking"),
                                    .href = type->scheduling_url, .look = Look::primary});
        children.push_back(std::move(shown));
        break;
      }
    }
    return root;
  }

 private:
  std::string message(std::string_view key) const { return words_.message(key); }
  std::string word(WordKind kind, double a, double b = 0) const { return words_.word(kind, a, b); }
  std::string month_title() const {
    return word(WordKind::month_title, static_cast<int>(state_.month.year()), static_cast<unsigned>(state_.month.month()));
  }

  Node header() const {
    Node header = group("header");
    if (state_.options.event_type.empty() && !state_.type.empty())
      header.children.push_back({.id = "back-to-types", .kind = Kind::button, .label = message("back-to-types"),
                                 .look = Look::icon, .icon = Icon::back});
    const Stage stage = stage_of(state_);
    const bool is_choosing = stage == Stage::choosing_type || stage == Stage::loading_types || stage == Stage::no_types;
    std::string title = is_choosing ? message("choose-type") : state_.name;
    const EventType* type = chosen_type(state_);
    if (title.empty() && type) title = type->name;
    const bool is_loading = title.empty() && stage == Stage::picking && state_.availability.is_waiting();
    Node heading{.id = "title", .kind = Kind::heading, .text = title, .label = title.empty() ? message("picker") : std::string(),
                 .level = 2, .busy = is_loading};
    if (title.empty() && !is_loading) {
      heading.text = std::move(heading.label);
      heading.label.clear();
    }
    header.children.push_back(std::move(heading));
    if (state_.duration.count() > 0 && !is_choosing)
      header.children.push_back({.id = "meta", .kind = Kind::text,
                                 .text = word(WordKind::duration, static_cast<double>(state_.duration.count())),
                                 .look = Look::muted, .icon = Icon::clock});
    return header;
  }

  // Old copies and failed days are said above the calendar, never instead of it: what is known stays usable.
  std::optional<Node> notice() const {
    const Failure* failure = failure_of(state_, month_);
    const std::optional<Instant> stale = state_.availability.oldest_stale(month_);
    if (!state_.has_answer || (!failure && !stale)) return std::nullopt;
    Node bar = group("notice-bar");
    std::string text;
    if (stale) {
      const auto age = chrono::duration_cast<chrono::seconds>(state_.now - *stale);
      text = filled(message("stale"), word(WordKind::age, static_cast<double>(std::max<long long>(age.count(), 0))));
    } else {
      text = message(failure->code == "offline" ? "offline" : "part-failed");
    }
    bar.children.push_back({.id = "notice", .kind = Kind::status, .text = std::move(text), .look = stale ? Look::notice : Look::warning});
    if (failure) bar.children.push_back({.id = "retry", .kind = Kind::button, .text = message("retry"), .look = Look::quiet});
    return bar;
  }

  Node month_bar() const {
    Node bar = group("month-bar");
    const auto first_month = month_of(today(state_));
    bar.children.push_back({.id = "month", .kind = Kind::heading, .text = month_title(), .level = 3});
    bar.children.push_back({.id = "previous-month", .kind = Kind::button, .label = message("previous-month"), .look = Look::icon,
                            .icon = Icon::previous, .disabled = state_.month <= first_month});
    bar.children.push_back({.id = "next-month", .kind = Kind::button, .label = message("next-month"), .look = Look::icon,
                            .icon = Icon::next, .disabled = state_.month >= month_of(last_day(state_))});
    return bar;
  }

  Node calendar() const {
    const int first_day = state_.options.first_day.value_or(state_.locale.first_day);
    Node grid{.id = "calendar", .kind = Kind::grid, .label = month_title()};
    Node head{.id = "weekdays", .kind = Kind::row};
    for (int i = 0; i < 7; ++i) {
      const int weekday = (first_day + i) % 7;
      head.children.push_back({.id = "weekday:" + std::to_string(weekday), .kind = Kind::columnheader,
                               .text = word(WordKind::weekday_short, weekday), .label = word(WordKind::weekday_long, weekday)});
    }
    grid.children.push_back(std::move(head));
    for (const Week& week : weeks_of(state_.month, first_day)) {
      const std::string first = text_from_day(week.first);
      Node row{.id = "week:" + first, .kind = Kind::row};
      for (std::size_t i = 0; i < week.days.size(); ++i) {
        if (week.days[i]) row.children.push_back(day_cell(*week.days[i]));
        else row.children.push_back({.id = "blank:" + text_from_day(week.first + chrono::days{static_cast<int>(i)}), .kind = Kind::gridcell, .look = Look::blank, .disabled = true});
      }
      grid.children.push_back(std::move(row));
    }
    grid.busy = state_.availability.is_waiting();
    return grid;
  }

  std::size_t count_of(Day day) const {
    for (const DaySlots& slots : by_day_)
      if (slots.day == day) return slots.slots.size();
    return 0;
  }

  Node day_cell(Day day) const {
    Node cell{.id = "day:" + text_from_day(day), .kind = Kind::gridcell,
              .text = word(WordKind::number, static_cast<unsigned>(chrono::year_month_day{day}.day()))};
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
      switch (knowledge_of(state_, day)) {
        case Knowledge::known:
          cell.look = Look::none;
          cell.disabled = true;
          said = word(WordKind::free_times, 0);
          break;
        case Knowledge::failed:
          cell.look = Look::unknown;
          said = message("times-unknown");
          break;
        default:
          cell.look = Look::unknown;
          cell.busy = true;
          said = message("loading");
      }
    }
    cell.label = word(WordKind::day_long, number_from(day));
    if (!said.empty()) cell.label = filled(message("day-status"), cell.label, said);
    cell.selected = state_.day == day;
    cell.current = day == today(state_);
    cell.tabstop = day == state_.cursor;
    return cell;
  }

  std::string time_text(const Slot& slot) const {
    std::string text = word(state_.hour12 ? WordKind::time_12h : WordKind::time_24h, ms_from(slot.start));
    // The hour that comes twice when clocks go back.
    if (state_.zone.is_ambiguous(slot.start))
      text = filled(message("again"), text, word(WordKind::zone_offset, ms_from(slot.start)));
    return text;
  }

  Node time_item(const Slot& slot) const {
    const std::string key = text_from_ms(slot.start);
    const bool is_chosen = state_.chosen == slot.start;
    Node item{.id = "slot:" + key, .kind = Kind::listitem};
    Node time{.id = "time:" + key, .kind = Kind::button, .text = time_text(slot), .pressed = is_chosen};
    if (slot.invitees_remaining > 1) time.hint = word(WordKind::places_left, slot.invitees_remaining);
    if (is_chosen) {
      Node book{.id = "book", .kind = Kind::button, .text = message("book-now"),
                .label = filled(message("book-label"), time.text), .look = Look::primary};
      item.children.push_back(std::move(time));
      item.children.push_back(std::move(book));
    } else {
      item.children.push_back(std::move(time));
    }
    return item;
  }

  Node times() const {
    Node times = group("times");
    auto& children = times.children;
    const Failure* failure = failure_of(state_, month_);
    if (!state_.has_answer && failure) {
      children.push_back(failure_panel(*failure));
      return times;
    }
    if (!state_.day) {
      add_without_day(children);
      return times;
    }
    const Day day = *state_.day;
    const std::string day_text = word(WordKind::day_heading, number_from(day));
    children.push_back({.id = "times-title", .kind = Kind::heading, .text = day_text,
                        .label = filled(message("times-of"), day_text), .level = 3});
    const Knowledge knowledge = knowledge_of(state_, day);
    const std::vector<Slot> slots = free_slots(state_, {day, day + chrono::days{1}});
    if (!slots.empty()) {
      Node list{.id = "time-list", .kind = Kind::list, .label = filled(message("times-of"), day_text)};
      for (const Slot& slot : slots) list.children.push_back(time_item(slot));
      children.push_back(std::move(list));
    } else if (knowledge == Knowledge::known) {
      children.push_back({.id = "times-note", .kind = Kind::status, .text = message("times-none"), .look = Look::muted});
    } else if (knowledge == Knowledge::failed) {
      children.push_back({.id = "times-note", .kind = Kind::alert, .text = message("times-unknown"), .look = Look::warning});
    } else {
      add_loading(children);
    }
    return times;
  }

  void add_loading(std::vector<Node>& children) const {
    Node list = group("times-loading", message("times-loading"));
    list.busy = true;
    for (int i = 1; i <= 5; ++i) list.children.push_back(placeholder("loading:" + std::to_string(i)));
    children.push_back(std::move(list));
  }

  // No day is selected: the month is still loading, has no free day, or the visitor travels by key.
  void add_without_day(std::vector<Node>& children) const {
    if (!slots_.empty()) {
      children.push_back({.id = "times-note", .kind = Kind::status, .text = message("times-pick-day"), .look = Look::muted});
      return;
    }
    const auto needed = utc_days_of(state_, month_);
    const bool is_known = std::all_of(needed.begin(), needed.end(), [this](Day day) {
      return state_.availability.knowledge_of(day) == Knowledge::known;
    });
    if (!is_known && !failure_of(state_, month_)) {
      add_loading(children);
      return;
    }
    if (!is_known) {
      children.push_back({.id = "times-note", .kind = Kind::alert, .text = message("part-failed"), .look = Look::warning});
      return;
    }
    children.push_back({.id = "times-note", .kind = Kind::status, .text = filled(message("month-none"), month_title()), .look = Look::muted});
    const NextFree next = next_free_after(state_, month_.end - chrono::days{1});
    switch (next.outcome) {
      case NextFree::Outcome::found:
        children.push_back({.id = "next-free", .kind = Kind::button,
                            .text = filled(message("next-free"), word(WordKind::day_heading, number_from(next.day))), .look = Look::primary});
        break;
      case NextFree::Outcome::searching:
        children.push_back({.id = "searching", .kind = Kind::status, .text = message("searching-next"), .look = Look::muted});
        break;
      case NextFree::Outcome::failed:
        children.push_back({.id = "next-free-retry", .kind = Kind::alert, .text = message("failed"), .look = Look::warning});
        break;
      case NextFree::Outcome::none:
        children.push_back({.id = "none-ahead", .kind = Kind::status,
                            .text = filled(message("none-ahead"), word(WordKind::day_long, number_from(next.day))), .look = Look::muted});
        break;
    }
    if (state_.month > month_of(today(state_)))
      children.push_back({.id = "back-to-today", .kind = Kind::button,
                          .text = filled(message("back-to-today"), home_title()), .look = Look::quiet});
  }

  std::string home_title() const {
    const auto home = month_of(today(state_));
    return word(WordKind::month_name, static_cast<int>(home.year()), static_cast<unsigned>(home.month()));
  }

  // By day: a heading, then each time with its end and its own Book now.
  Node day_list() const {
    Node list = group("day-list");
    for (const DaySlots& day : by_day_) {
      const std::string key = text_from_day(day.day);
      Node section = group("section:" + key);
      const std::string day_text = word(WordKind::day_heading, number_from(day.day));
      section.children.push_back({.id = "heading:" + key, .kind = Kind::heading, .text = day_text, .level = 4});
      Node rows{.id = "rows:" + key, .kind = Kind::list, .label = filled(message("times-of"), day_text)};
      for (const Slot& slot : day.slots) {
        const std::string start = text_from_ms(slot.start);
        const std::string range = word(state_.hour12 ? WordKind::range_12h : WordKind::range_24h, ms_from(slot.start),
                                       ms_from(slot.start + state_.duration));
        Node row{.id = "slot:" + start, .kind = Kind::listitem};
        Node text{.id = "range:" + start, .kind = Kind::text, .text = range};
        if (slot.invitees_remaining > 1) text.hint = word(WordKind::places_left, slot.invitees_remaining);
        row.children.push_back(std::move(text));
        row.children.push_back({.id = "book:" + start, .kind = Kind::button, .text = message("book-now"),
                                .label = filled(message("book-label"), range), .look = Look::primary});
        rows.children.push_back(std::move(row));
      }
      section.children.push_back(std::move(rows));
      list.children.push_back(std::move(section));
    }
    if (by_day_.empty()) {
      if (const Failure* failure = failure_of(state_, month_); failure && !state_.has_answer) list.children.push_back(failure_panel(*failure));
      else add_without_day(list.children);
    }
    return list;
  }

  Node footer() const {
    Node footer = group("footer");
    const Instant at = state_.chosen ? *state_.chosen : state_.day ? state_.zone.start_of(*state_.day) + chrono::hours{12} : state_.now;
    const std::string zone = word(WordKind::zone_title, ms_from(at));
    footer.children.push_back({.id = "zone", .kind = Kind::button, .text = zone, .label = filled(message("zone-button"), zone),
                               .look = Look::quiet, .icon = Icon::globe, .expanded = state_.is_zone_open});
    Node hours = group("hours", message("hours"));
    hours.children.push_back({.id = "hours-12", .kind = Kind::button, .text = message("hours-12"), .look = Look::toggle, .pressed = state_.hour12});
    hours.children.push_back({.id = "hours-24", .kind = Kind::button, .text = message("hours-24"), .look = Look::toggle, .pressed = !state_.hour12});
    footer.children.push_back(std::move(hours));
    return footer;
  }

  Node zone_dialog() const {
    Node dialog{.id = "zone-dialog", .kind = Kind::dialog, .label = message("zone")};
    dialog.children.push_back({.id = "zone-title", .kind = Kind::heading, .text = message("zone"), .level = 3});
    dialog.children.push_back({.id = "zone-close", .kind = Kind::button, .label = message("close"), .look = Look::icon, .icon = Icon::close});
    dialog.children.push_back({.id = "zone-search", .kind = Kind::textbox, .label = message("zone-search"),
                               .value = state_.zone_search, .controls = "zone-list"});
    const auto found = found_zones(state_);
    if (found.empty()) {
      dialog.children.push_back(state_.zones.empty() ? placeholder("zones-loading")
                                                     : Node{.id = "zone-none", .kind = Kind::status, .text = message("zone-none"), .look = Look::muted});
      return dialog;
    }
    Node list{.id = "zone-list", .kind = Kind::listbox, .label = message("zone")};
    const bool has_cursor = std::any_of(found.begin(), found.end(), [this](const ZoneChoice* zone) { return zone->name == state_.zone_cursor; });
    for (const ZoneChoice* zone : found)
      list.children.push_back({.id = "zone:" + zone->name, .kind = Kind::option, .text = zone->label,
                               .selected = zone->name == state_.zone_name,
                               .tabstop = has_cursor ? zone->name == state_.zone_cursor : zone == found.front()});
    dialog.children.push_back(std::move(list));
    return dialog;
  }

  Node type_list() const {
    Node list{.id = "type-list", .kind = Kind::list, .label = message("choose-type")};
    for (const EventType& type : state_.catalogue->types) {
      Node item{.id = "item:" + type.uri, .kind = Kind::listitem};
      item.children.push_back({.id = "type:" + type.uri, .kind = Kind::button, .text = type.name,
                               .hint = word(WordKind::duration, static_cast<double>(type.duration.count())), .icon = Icon::next});
      list.children.push_back(std::move(item));
    }
    return list;
  }

  Node panel(std::string_view key, std::string hint) const {
    Node panel = group("state");
    panel.children.push_back({.id = "state-text", .kind = Kind::status, .text = message(key)});
    if (!hint.empty()) panel.children.push_back({.id = "state-hint", .kind = Kind::text, .text = std::move(hint), .look = Look::muted});
    return panel;
  }

  Node failure_panel(const Failure& failure) const {
    const bool is_limited = failure.code == "too_many_requests";
    Node shown = group("state");
    shown.children.push_back({.id = "state-text", .kind = Kind::alert,
                              .text = message(failure.code == "offline" ? "offline" : is_limited ? "limited" : "failed")});
    std::string hint = message(failure.code == "offline" ? "offline-hint" : "failed-hint");
    if (failure.retry_at) {
      const auto wait = chrono::ceil<chrono::seconds>(*failure.retry_at - state_.now);
      hint = filled(message("limited-hint"), word(WordKind::wait, static_cast<double>(std::max<long long>(wait.count(), 1))));
    }
    shown.children.push_back({.id = "state-hint", .kind = Kind::text, .text = std::move(hint), .look = Look::muted});
    shown.children.push_back({.id = "retry", .kind = Kind::button, .text = message("retry"), .look = Look::primary});
    return shown;
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
  screen.root = Builder(state, words).root();
  screen.focus = state.focus;
  return screen;
}

}  // namespace slotwire::web
