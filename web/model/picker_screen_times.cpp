// Times: of the selected day, of all days as a list, and near a taken one; and the confirmation.
#include "shared/part_of_day.h"
#include "web/model/month_grid.h"
#include "web/model/screen_builder.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

constexpr std::size_t kLongList = 12;
constexpr std::string_view kParts[] = {"morning", "afternoon", "evening"};  // in the order of PartOfDay

}  // namespace

std::string ScreenBuilder::time_text(Instant start) const {
  std::string text = formatted(state_.hour12 ? Format::time_12h : Format::time_24h, ms_from(start));
  // An hour that occurs twice when clocks are set back.
  if (state_.zone.is_ambiguous(start)) return message("again", text, formatted(Format::zone_offset, ms_from(start)));
  return text;
}

std::string ScreenBuilder::range_text(Instant start, std::uint16_t of) const {
  std::string text = formatted(state_.hour12 ? Format::range_12h : Format::range_24h, ms_from(start),
                               ms_from(start + type_of(state_, of).duration));
  if (state_.zone.is_ambiguous(start)) return message("again", text, formatted(Format::zone_offset, ms_from(start)));
  return text;
}

std::string ScreenBuilder::length_text(chrono::minutes length) const {
  return formatted(Format::duration, static_cast<double>(length.count()));
}

std::string ScreenBuilder::places_text(const Slot& slot) const {
  return slot.invitees_remaining > 1 ? formatted(Format::places_left, slot.invitees_remaining) : std::string();
}

void ScreenBuilder::add_book(Node& parent, std::string_view id, const Slot& slot, std::string_view what) const {
  const bool is_checking = (state_.is_checking || state_.form == Form::opening) && state_.chosen == slot.start;
  Node& book = parent.add(id, Kind::button, message(is_checking ? "checking" : "book-now"));
  if (!is_checking) book.label = message("book-label", what);
  book.disabled = is_checking;
  book.busy = is_checking;
  book.look = Look::primary;
}

void ScreenBuilder::add_time(Node& list, const Slot& slot) const {
  const std::string key = text_from_ms(slot.start);
  const bool is_chosen = state_.chosen == slot.start;
  Node& item = list.add("slot:" + key, Kind::listitem);
  const std::string text = time_text(slot.start);
  Node& time = item.add("time:" + key, Kind::button, text);
  time.pressed = is_chosen;
  time.hint = state_.duration.count() > 0 ? places_text(slot) : length_text(type_of(state_, slot.of).duration);
  if (is_chosen) add_book(item, "book", slot, text);
}

void ScreenBuilder::add_times(Node& root) const {
  Node& times = root.add("times");
  if (const Failure* failure = panel_failure(state_)) {
    add_failure(times, *failure);
    return;
  }
  if (!state_.day) {
    add_without_day(times);
    return;
  }
  const Day day = *state_.day;
  const std::string day_text = formatted(Format::day_heading, number_from(day));
  const std::string label = message("times-of", day_text);
  Node& title = times.add("times-title", Kind::heading, day_text);
  title.label = label;
  title.level = 3;
  const std::vector<Slot> slots = free_slots(state_, {day, day + chrono::days{1}});
  if (!slots.empty()) {
    Node& list = times.add("time-list", Kind::list);
    list.label = label;
    // In a long list each part of the day begins with its name.
    std::string_view part;
    for (const Slot& slot : slots) {
      add_time(list, slot);
      const std::string_view here = kParts[static_cast<std::size_t>(part_of_day(state_.zone.local_time_of(slot.start)))];
      if (slots.size() >= kLongList && here != part) list.children.back().text = message(here);
      part = here;
    }
    return;
  }
  const Knowledge knowledge = knowledge_of(state_, day);
  if (knowledge == Knowledge::known)
    add_note(times, "times-note", Kind::status, Look::muted, message("times-none"));
  else if (knowledge == Knowledge::failed)
    add_note(times, "times-note", Kind::alert, Look::warning, message("times-unknown"));
  else
    add_loading(times);
}

void ScreenBuilder::add_loading(Node& parent) const {
  Node& loading = parent.add("times-loading");
  loading.label = message("times-loading");
  add_placeholders(loading, 5);
}

// No day is selected: the page is still loading, has no free day, or the visitor is moving by keyboard.
void ScreenBuilder::add_without_day(Node& parent) const {
  if (!slots_.empty()) {
    add_note(parent, "times-note", Kind::status, Look::muted, message("times-pick-day"));
    return;
  }
  if (!is_known(state_, shown_)) {
    if (failure_of(state_, shown_))
      add_note(parent, "times-note", Kind::alert, Look::warning, message("part-failed"));
    else
      add_loading(parent);
    return;
  }
  const bool is_week = state_.options.view == View::week;
  add_note(parent, "times-note", Kind::status, Look::muted,
           is_week ? message("week-none") : message("month-none", month_text(Format::month_title, state_.month)));
  const NextFree next = next_free_after(state_, shown_.end - chrono::days{1});
  switch (next.outcome) {
    case NextFree::Outcome::found:
      parent.add("next-free", Kind::button, message("next-free", formatted(Format::day_heading, number_from(next.day)))).look =
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
               message("none-ahead", formatted(Format::day_long, number_from(next.day))));
      break;
  }
}

// By day: a heading, then each time with its end and its own "Book now" button.
void ScreenBuilder::add_day_list(Node& root) const {
  Node& list = root.add("day-list");
  std::size_t listed = 0;
  for (const DaySlots& day : by_day_) {
    if (listed >= state_.listed) {
      list.add("more-times", Kind::button, message("more-times"));
      break;
    }
    listed += day.slots.size();
    const std::string key = text_from_day(day.day);
    const std::string day_text = formatted(Format::day_heading, number_from(day.day));
    Node& section = list.add("section:" + key);
    section.add("heading:" + key, Kind::heading, day_text).level = 4;
    Node& rows = section.add("rows:" + key, Kind::list);
    rows.label = message("times-of", day_text);
    for (const Slot& slot : day.slots) {
      const std::string start = text_from_ms(slot.start);
      const std::string range = range_text(slot.start, slot.of);
      Node& row = rows.add("slot:" + start, Kind::listitem);
      row.add("range:" + start, Kind::text, range).hint = places_text(slot);
      add_book(row, "book:" + start, slot, message("day-status", day_text, range));
    }
  }
  if (!by_day_.empty()) return;
  if (const Failure* failure = panel_failure(state_))
    add_failure(list, *failure);
  else
    add_without_day(list);
}

std::string ScreenBuilder::taken_text(Instant start) const {
  const std::string day = formatted(Format::day_heading, number_from(state_.zone.local_day_of(start)));
  return message("just-taken", message("day-status", day, time_text(start)));
}

void ScreenBuilder::add_taken(Node& root) const {
  const Instant start = *state_.taken;
  Node& taken = root.add("taken");
  const Day day = state_.zone.local_day_of(start);
  taken.add("taken-text", Kind::heading, taken_text(start)).level = 3;
  const std::vector<Slot> others = nearest_slots(state_, start);
  add_note(taken, "taken-hint", Kind::text, Look::muted, message(others.empty() ? "nearest-none" : "nearest"));
  if (!others.empty()) {
    Node& list = taken.add("taken-list", Kind::list);
    list.label = message("nearest");
    for (const Slot& slot : others) {
      const std::string key = text_from_ms(slot.start);
      const Day other = state_.zone.local_day_of(slot.start);
      const std::string day_text = formatted(Format::day_heading, number_from(other));
      const std::string text = time_text(slot.start);
      Node& time = list.add("slot:" + key, Kind::listitem).add("time:" + key, Kind::button, text);
      time.label = message("day-status", day_text, text);
      if (other != day) time.hint = day_text;
    }
  }
  taken.add("all-times", Kind::button, message("all-times")).look = Look::quiet;
}

void ScreenBuilder::add_when(Node& parent, const std::string& prefix, Instant start) const {
  parent.add(prefix + "-day", Kind::text, formatted(Format::day_long, number_from(state_.zone.local_day_of(start))));
  parent.add(prefix + "-time", Kind::text, range_text(start, state_.chosen_of));
  add_note(parent, prefix + "-zone", Kind::text, Look::muted, formatted(Format::zone_title, ms_from(start)));
}

// The form itself is part of the page, with real inputs; these nodes describe the time that is being booked.
void ScreenBuilder::add_form(Node& root) const {
  const Instant start = *state_.chosen;
  Node& form = root.add("form");
  form.busy = state_.form == Form::sending;
  add_when(form, "form", start);
  // Not while it is being sent: then the missing slot may be this visitor's own booking.
  if (!form.busy && !slot_at(state_, start)) form.add("form-taken", Kind::alert, taken_text(start));
}

void ScreenBuilder::add_confirmation(Node& root) const {
  const Book& booked = *state_.booked;
  Node& panel = root.add("confirmation");
  Node& title = panel.add("booked", Kind::heading, message("booked"));
  title.level = 3;
  title.icon = Icon::check;
  add_when(panel, "booked", booked.start);
  if (!state_.guests.empty()) add_note(panel, "booked-guests", Kind::text, Look::muted, state_.guests);
  add_note(panel, "booked-hint", Kind::text, Look::muted, message("booked-hint"));
  panel.add("add-to-calendar", Kind::button, message("add-to-calendar")).look = Look::primary;
  panel.add("book-another", Kind::button, message("book-another")).look = Look::quiet;
  const auto add_link = [&](std::string_view id, const std::string& url) {
    if (url.empty()) return;
    Node& link = panel.add(id, Kind::link, message(id));
    link.href = url;
    link.look = Look::quiet;
  };
  add_link("reschedule-booking", state_.reschedule_url);
  add_link("cancel-booking", state_.cancel_url);
}

}  // namespace slotwire::web
