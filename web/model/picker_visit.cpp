// The visitor's actions: choosing, paging, the zone dialog, and where focus moves afterwards.
#include <algorithm>

#include "web/model/detail.h"
#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

std::optional<std::string_view> rest_after(std::string_view id, std::string_view prefix) {
  if (id.substr(0, prefix.size()) != prefix) return std::nullopt;
  return id.substr(prefix.size());
}

// The text comes from an id on the screen, so it contains only digits.
Instant instant_from(std::string_view ms_text) {
  std::int64_t ms = 0;
  for (const char digit : ms_text) ms = ms * 10 + (digit - '0');
  return Instant{chrono::milliseconds{ms}};
}

}  // namespace

bool Picker::activate(std::string_view id) {
  if (id == "retry" || id == "retry-search") {  // also called by the page when the connection is back
    const Stage stage = stage_of(state_);
    if (stage == Stage::not_configured || stage == Stage::no_types) state_.catalogue.reset();
    state_.availability.forget_failures();
    if (!state_.catalogue) state_.types_asked = false;
    state_.catalogue_failure.reset();
    reported_failure_.clear();
    return true;
  }
  const Node* node = find_node(screen_.root, id);
  if (!node || !is_active(*node)) return false;
  const std::string href = node->href;
  if (id == "previous-month" || id == "previous-week") {
    turn_page(-1);
  } else if (id == "next-month" || id == "next-week") {
    turn_page(1);
  } else if (id == "next-free" || id == "first-free") {
    const NextFree next =
        id == "first-free" ? first_free(state_) : next_free_after(state_, shown_days(state_).end - chrono::days{1});
    if (next.outcome == NextFree::Outcome::found) {
      select_day(next.day);
      if (!state_.focus.empty()) move_focus(day_id(next.day));
    }
  } else if (id == "today") {
    turn_to(today(state_));
  } else if (id == "month") {
    state_.months_at ? close_months() : open_months();
  } else if (const auto month_text = rest_after(id, "month:")) {
    if (const Result<Day> first = day_from_text(*month_text)) choose_month(*first);
  } else if (const auto day_text = rest_after(id, "day:")) {
    if (const Result<Day> day = day_from_text(*day_text)) select_day(*day);
  } else if (const auto start_text = rest_after(id, "time:")) {
    choose_slot(instant_from(*start_text));
  } else if (id == "book") {
    book();
  } else if (const auto listed_text = rest_after(id, "book:")) {
    const Instant start = instant_from(*listed_text);
    if (state_.chosen != start) choose_slot(start);
    book();
  } else if (id == "more-times") {
    show_more();
  } else if (id == "all-times") {
    state_.taken.reset();
  } else if (id == "add-to-calendar") {
    actions_.push_back(AddToCalendar{*state_.booked});
  } else if (id == "book-another") {
    state_.booked.reset();
  } else if (id == "about-more") {
    state_.is_about_open = !state_.is_about_open;
  } else if (id == "zone") {
    state_.is_zone_open ? close_zones() : open_zones();
  } else if (id == "zone-close") {
    close_zones();
  } else if (const auto zone_name = rest_after(id, "zone:")) {
    choose_zone(*zone_name);
  } else if (id == "hours-12" || id == "hours-24") {
    state_.hour12 = id == "hours-12";
  } else if (const auto type = rest_after(id, "type:")) {
    start_type(std::string(*type));
    if (const EventType* chosen = chosen_type(state_))
      actions_.push_back(Emit{"eventtypeselected", Detail{}.text("eventType", chosen->uri).text("name", chosen->name).done()});
    move_focus("title");
  } else if (id == "back-to-types") {
    start_type({});
  } else if (!href.empty()) {
    actions_.push_back(OpenLink{href, state_.booked.has_value()});
  } else {
    return false;
  }
  return true;
}

bool Picker::enter_text(std::string_view id, std::string_view value) {
  if (id != "zone-search" || !state_.is_zone_open) return false;
  state_.zone_search = value.substr(0, 100);
  if (!state_.zones) return true;
  state_.zone_cursor = state_.zones->empty() ? std::string() : state_.zones->front().name;
  if (const std::size_t found = state_.zones->size(); std::exchange(announced_zones_, found) != found)
    announce(words_.formatted(Format::results, static_cast<double>(found), 0));
  return true;
}

void Picker::start_type(std::string type) {
  state_.availability = Availability(state_.availability.next_id());
  state_.type = std::move(type);
  const EventType* known = chosen_type(state_);
  describe(known ? *known : EventType());
  state_.is_about_open = false;
  state_.has_answer = false;
  drop_choice();
  state_.listed = kListStep;
  state_.booked.reset();
  state_.gone.clear();
  offered_slot_.reset();
  state_.months_at.reset();
  state_.day.reset();
  state_.is_day_automatic = true;
  state_.is_month_automatic = true;
  reported_failure_.clear();
  reported_stale_.reset();
  is_started_ = false;
}

void Picker::describe(const EventType& type) {
  state_.name = type.name;
  state_.duration = type.duration;
  state_.host = type.host;
  state_.place = type.place;
  state_.about = type.description;
}

void Picker::turn_page(int direction) {
  const DayRange shown = shown_days(state_);
  Day first = direction > 0 ? shown.end : shown.begin - chrono::days{1};
  if (direction < 0) first = state_.options.view == View::week ? first - chrono::days{6} : days_of(month_of(first)).begin;
  turn_to(std::max(first, today(state_)));
}

void Picker::turn_to(Day day) {
  state_.months_at.reset();
  state_.month = month_of(day);
  state_.cursor = day;
  state_.day.reset();
  state_.listed = kListStep;
  drop_choice();
  state_.is_day_automatic = true;
  state_.is_month_automatic = false;
  is_result_awaited_ = true;
  announced_trouble_.clear();
  const DayRange shown = shown_days(state_);
  announce(state_.options.view == View::week
               ? words_.formatted(Format::week_title, number_from(shown.begin), number_from(shown.end - chrono::days{1}))
               : words_.formatted(Format::month_title, static_cast<int>(state_.month.year()),
                                  static_cast<unsigned>(state_.month.month())));
}

void Picker::show_more() {
  const std::size_t days = find_node(screen_.root, "day-list")->children.size() - 1;  // without the button
  state_.listed += kListStep;
  const std::vector<Slot> slots = free_slots(state_, shown_days(state_));
  const std::vector<DaySlots> by_day = slots_by_day(slots, state_.zone);
  if (!state_.focus.empty() && days < by_day.size()) move_focus("heading:" + text_from_day(by_day[days].day));
}

void Picker::select_day(Day day) {
  state_.months_at.reset();
  if (state_.day != day || state_.taken) drop_choice();
  state_.month = month_of(day);
  state_.cursor = day;
  state_.day = day;
  state_.is_day_automatic = false;
  state_.is_month_automatic = false;
  actions_.push_back(Emit{"dateselected", Detail{}.text("date", text_from_day(day)).text("timezone", state_.zone_name).done()});
  is_result_awaited_ = knowledge_of(state_, day) != Knowledge::known;
  if (!is_result_awaited_) announce_day();
}

void Picker::announce_day() {
  const Day day = *state_.day;
  const auto count = free_slots(state_, {day, day + chrono::days{1}}).size();
  announce(filled(words_.message("loaded"), words_.formatted(Format::day_heading, number_from(day), 0),
                  words_.formatted(Format::free_times, static_cast<double>(count), 0)));
}

void Picker::drop_choice() {
  state_.chosen.reset();
  state_.is_checking = false;
  state_.form = Form::none;
  state_.taken.reset();
}

void Picker::choose_slot(Instant start) {
  if (state_.chosen == start) {
    drop_choice();
    return;
  }
  const std::optional<Slot> slot = slot_at(state_, start);
  if (!slot) return;
  // Choosing a time of the week view, or one near a taken time, selects its day too.
  const Day day = state_.zone.local_day_of(start);
  if (state_.day != day || state_.taken) select_day(day);
  drop_choice();
  state_.chosen = start;
  state_.chosen_of = slot->of;
  const EventType& type = type_of(state_, slot->of);
  actions_.push_back(Emit{"slotselected", Detail{}
                                              .text("start", text_from_instant(start))
                                              .text("end", text_from_instant(start + type.duration))
                                              .text("timezone", state_.zone_name)
                                              .text("eventType", type.uri)
                                              .text("eventTypeName", type.name)
                                              .number("duration", type.duration.count())
                                              .text("schedulingUrl", slot->scheduling_url)
                                              .done()});
  announce(
      filled(words_.message("chosen"), words_.formatted(state_.hour12 ? Format::time_12h : Format::time_24h, ms_from(start), 0)));
  // Checked while the visitor moves to "Book now", which can then open the booking page at once: browsers let a page open windows
  // only in the moments after a click.
  check_again(start);
  // Focus moves with the choice, but is never taken from the rest of the page.
  if (!state_.focus.empty()) move_focus("book");
}

void Picker::open_months() {
  state_.months_at = days_of(state_.month).begin;
  move_focus(month_id(*state_.months_at));
}

void Picker::close_months() {
  state_.months_at.reset();
  move_focus("month");
}

// If the month was visible already, its selections are kept. Focus moves to the day that Tab reaches, which is known after
// defaults are chosen: see keep_focus.
void Picker::choose_month(Day first) {
  state_.months_at.reset();
  const Day day = std::max(first, today(state_));
  if (!shown_days(state_).contains(day)) turn_to(day);
}

void Picker::open_zones() {
  state_.is_zone_open = true;
  state_.zone_search.clear();
  state_.zone_cursor = state_.zone_name;
  announced_zones_.reset();
  actions_.push_back(FetchZones{});
  move_focus("zone-search");
}

void Picker::close_zones() {
  state_.is_zone_open = false;
  move_focus("zone");
}

void Picker::choose_zone(std::string_view name) {
  actions_.push_back(ChangeZone{std::string(name), state_.now});
  close_zones();
}

void Picker::move_focus(std::string id) {
  state_.focus = id;
  actions_.push_back(MoveFocus{std::move(id)});
}

// The nearest visible time of the same kind as this taken one; empty if there is none.
std::string Picker::time_beside(std::string_view id) const {
  const std::string kind(id.substr(0, 5));
  const auto gone = kind == "time:" || kind == "book:" ? rest_after(id, kind) : std::nullopt;
  if (!gone) return {};
  const Instant start = instant_from(*gone);
  std::string nearest;
  Instant::duration least = Instant::duration::max();
  for (const Slot& slot : nearest_slots(state_, start)) {
    const Instant::duration apart = slot.start > start ? slot.start - start : start - slot.start;
    const std::string other = kind + text_from_ms(slot.start);
    if (apart >= least || !find_node(screen_.root, other)) continue;
    nearest = other;
    least = apart;
  }
  return nearest;
}

void Picker::keep_focus() {
  if (state_.focus.empty() || find_node(screen_.root, state_.focus)) return;
  // The focused node is gone: the nearest remaining one gets the focus, so that keyboard users keep their place.
  const std::string day = day_id(state_.cursor);
  const bool is_time = state_.focus == "book" || rest_after(state_.focus, "time:") || rest_after(state_.focus, "book:");
  const std::string time = state_.chosen ? "time:" + text_from_ms(*state_.chosen) : std::string();
  const std::string beside = state_.taken ? std::string() : time_beside(state_.focus);
  if (!beside.empty())
    move_focus(beside);
  else if (is_time && !time.empty() && find_node(screen_.root, time))
    move_focus(time);
  else if (is_time && find_node(screen_.root, "taken-text"))
    move_focus("taken-text");
  else if (find_node(screen_.root, day))
    move_focus(day);
  else if (find_node(screen_.root, "retry"))
    move_focus("retry");
  else
    move_focus(find_node(screen_.root, "month") ? "month" : "title");
  screen_.focus = state_.focus;
}

}  // namespace slotwire::web
