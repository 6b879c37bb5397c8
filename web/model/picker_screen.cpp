// The screen's frame around days and times, and the panels that replace them.
#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/screen_builder.h"

namespace slotwire::web {
namespace chrono = std::chrono;

ScreenBuilder::ScreenBuilder(const PickerState& state, const Words& words)
    : state_(state),
      words_(words),
      shown_(shown_days(state)),
      slots_(free_slots(state, shown_)),
      by_day_(slots_by_day(slots_, state.zone)),
      last_open_(last_open_day(state)) {}

void ScreenBuilder::build(Node& root) const {
  root.label = message("picker");
  add_header(root);
  switch (stage_of(state_)) {
    case Stage::picking:
      if (is_form_shown(state_)) {
        add_form(root);
        break;
      }
      add_notice(root);
      if (!find_node(root, "about") || !state_.is_about_open) {
        add_page_bar(root);
        add_page(root);
      }
      add_footer(root);
      if (state_.is_zone_open) add_zone_dialog(root);
      break;
    case Stage::booked:
      add_confirmation(root);
      break;
    case Stage::choosing_type:
      add_type_list(root);
      break;
    case Stage::loading_types:
      add_placeholders(root.add("type-list"), 3);
      break;
    case Stage::types_failed:
      state_.catalogue_failure->code == "event_type_not_found" ? add_unknown(root) : add_failure(root, *state_.catalogue_failure);
      break;
    case Stage::no_types:
      add_panel(root, "no-types", {}).add("retry", Kind::button, message("retry"));
      break;
    case Stage::not_configured:
      add_panel(root, "not-configured", "not-configured-hint").add("retry", Kind::button, message("retry"));
      break;
    case Stage::unknown_type:
      add_unknown(root);
      break;
    case Stage::public_link:
      add_public_link(root);
      break;
  }
}

// The months replace the calendar, or the days and their times.
void ScreenBuilder::add_page(Node& root) const {
  const bool is_list = state_.options.view == View::list;
  const bool has_calendar = !is_list && !(state_.options.view == View::week && state_.is_wide);
  if (state_.months_at)
    add_months(root);
  else if (has_calendar)
    add_calendar(root);
  if (state_.months_at && !has_calendar) return;
  if (state_.taken)
    add_taken(root);
  else if (has_calendar)
    add_times(root);
  else
    is_list ? add_day_list(root) : add_week(root);
}

std::string ScreenBuilder::message(std::string_view key) const { return words_.message(key); }

std::string ScreenBuilder::message(std::string_view key, std::string_view first, std::string_view second) const {
  return filled(words_.message(key), first, second);
}

std::string ScreenBuilder::formatted(Format kind, double a, double b) const { return words_.formatted(kind, a, b); }

std::string ScreenBuilder::month_text(Format kind, chrono::year_month month) const {
  return formatted(kind, static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

Node& ScreenBuilder::add_note(Node& parent, std::string_view id, Kind kind, Look look, std::string text) {
  Node& note = parent.add(id, kind, std::move(text));
  note.look = look;
  return note;
}

Node& ScreenBuilder::add_icon_button(Node& parent, std::string_view id, Icon icon) const {
  Node& button = parent.add(id, Kind::button);
  button.label = message(id);
  button.look = Look::icon;
  button.icon = icon;
  return button;
}

void ScreenBuilder::add_placeholders(Node& parent, int count) {
  parent.busy = true;
  for (int i = 1; i <= count; ++i) parent.add("loading:" + std::to_string(i), Kind::progress);
}

// The account's own text may be in any language: without isolation, a right-to-left page would show "30 Minute Meeting" with its
// 30 at the far end. U+2068 and U+2069 isolate its direction.
std::string ScreenBuilder::isolated(std::string_view text) const {
  if (!state_.locale.right_to_left || text.empty()) return std::string(text);
  return std::string("\xE2\x81\xA8").append(text).append("\xE2\x81\xA9");
}

void ScreenBuilder::add_header(Node& root) const {
  Node& header = root.add("header");
  if (state_.options.event_type.empty() && !state_.type.empty()) add_icon_button(header, "back-to-types", Icon::back);
  const Stage stage = stage_of(state_);
  const bool is_choosing = stage == Stage::choosing_type || stage == Stage::loading_types || stage == Stage::no_types;
  // With several event types, the one whose time is being booked.
  const bool is_one = is_form_shown(state_) || stage == Stage::booked;
  const std::string& name = is_one ? type_of(state_, state_.chosen_of).name : state_.name;
  const chrono::minutes duration = is_one ? type_of(state_, state_.chosen_of).duration : state_.duration;
  Node& title = header.add("title", Kind::heading, is_choosing ? message("choose-type") : isolated(name));
  title.level = 2;
  const EventType* type = chosen_type(state_);
  if (title.text.empty() && type) title.text = isolated(type->name);
  if (title.text.empty()) {
    title.busy = stage == Stage::picking && state_.availability.is_waiting();
    (title.busy ? title.label : title.text) = message("picker");
  }
  if (is_choosing) return;
  const auto add_fact = [&](std::string_view id, Icon icon, std::string text) {
    if (!text.empty()) add_note(header, id, Kind::text, Look::muted, std::move(text)).icon = icon;
  };
  const bool has_details = !state_.options.hide_details;
  if (has_details) add_fact("host", Icon::person, isolated(state_.host));
  if (duration.count() > 0) {
    add_fact("meta", Icon::clock, length_text(duration));
    // Calendly returns free times only for the event type's default duration, so other durations are only mentioned.
    std::string others;
    if (type) {
      for (const chrono::minutes length : type->duration_options) {
        if (length == duration) continue;
        if (!others.empty()) others += ", ";
        others += length_text(length);
      }
    }
    if (!others.empty()) header.children.back().hint = message("also-lengths", others);
  }
  if (!has_details) return;
  add_fact("place", Icon::pin, place_text());
  if (stage == Stage::picking && !is_form_shown(state_) && !state_.about.empty()) add_about(header);
}

// The kind of place. The host's own description of it is shown only after booking.
std::string ScreenBuilder::place_text() const {
  const std::string& kind = state_.place;
  if (kind.empty() || kind == "custom") return {};
  for (const std::string_view known : {"physical", "inbound_call", "outbound_call", "ask_invitee", "several"})
    if (kind == known) return message("place-" + kind);
  return message("place-online");
}

// The description: as much as fits, or all of it in place of days and times.
void ScreenBuilder::add_about(Node& header) const {
  const bool is_folded = !state_.folded.empty() && !state_.is_about_open;
  Node& about = header.add("about");
  add_note(about, "about-text", Kind::text, Look::muted, isolated(is_folded ? state_.folded : state_.about));
  if (state_.folded.empty() || state_.folded == state_.about) return;
  Node& more = about.add("about-more", Kind::button, message(is_folded ? "about-more" : "about-less"));
  more.look = Look::quiet;
  more.controls = "about-text";
  more.expanded = state_.is_about_open;
}

// Stale copies and failed days are reported above the calendar, which stays usable.
void ScreenBuilder::add_notice(Node& root) const {
  const Failure* failure = failure_of(state_, shown_);
  const std::optional<Instant> stale = state_.availability.oldest_stale(shown_);
  if (!state_.has_answer || (!failure && !stale)) return;
  Node& bar = root.add("notice-bar");
  if (stale && !(failure && failure->code == "offline")) {
    const auto age = chrono::duration_cast<chrono::seconds>(state_.now - *stale);
    const auto said = formatted(Format::age, static_cast<double>(std::max<long long>(age.count(), 0)));
    add_note(bar, "notice", Kind::status, Look::notice, message("stale", said));
  } else {
    add_note(bar, "notice", Kind::status, Look::warning,
             message(failure->code == "offline"             ? "offline"
                     : failure->code == "too_many_requests" ? "limited"
                                                            : "part-failed"));
  }
  if (failure) bar.add("retry", Kind::button, message("retry")).look = Look::quiet;
}

void ScreenBuilder::add_footer(Node& root) const {
  Node& footer = root.add("footer");
  const Instant at = state_.chosen ? *state_.chosen
                     : state_.day  ? state_.zone.start_of(*state_.day) + chrono::hours{12}
                                   : state_.now;
  const std::string title = formatted(Format::zone_title, ms_from(at));
  const bool is_locked = state_.options.lock_zone;
  Node& zone = footer.add("zone", is_locked ? Kind::group : Kind::button, title);
  zone.label = is_locked ? message("zone") : message("zone-button", title);
  zone.look = Look::quiet;
  zone.icon = Icon::globe;
  if (!is_locked) zone.expanded = state_.is_zone_open;
  Node& hours = footer.add("hours");
  hours.label = message("hours");
  for (const bool hour12 : {true, false}) {
    const std::string_view id = hour12 ? "hours-12" : "hours-24";
    Node& choice = hours.add(id, Kind::button, message(id));
    choice.look = Look::toggle;
    choice.pressed = state_.hour12 == hour12;
  }
}

void ScreenBuilder::add_zone_dialog(Node& root) const {
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
  if (!state_.zones || state_.zones->empty()) {
    if (!state_.zones)
      dialog.add("zones-loading", Kind::progress);
    else
      add_note(dialog, "zone-none", Kind::status, Look::muted, message("zone-none"));
    return;
  }
  Node& list = dialog.add("zone-list", Kind::listbox);
  list.label = message("zone");
  bool has_tabstop = false;
  for (const ZoneChoice& zone : *state_.zones) {
    Node& option = list.add("zone:" + zone.name, Kind::option, zone.label);
    option.selected = zone.name == state_.zone_name;
    option.tabstop = zone.name == state_.zone_cursor;
    has_tabstop |= option.tabstop;
  }
  if (!has_tabstop) list.children.front().tabstop = true;
}

void ScreenBuilder::add_type_list(Node& root) const {
  Node& list = root.add("type-list", Kind::list);
  list.label = message("choose-type");
  for (const EventType& type : state_.catalogue->types) {
    Node& item = list.add("item:" + type.uri, Kind::listitem);
    Node& button = item.add("type:" + type.uri, Kind::button, isolated(type.name));
    if (type.duration.count() > 0) button.hint = length_text(type.duration);
    if (type.kind == "group") {
      if (!button.hint.empty()) button.hint += " \xC2\xB7 ";
      button.hint += message("kind-group");
    }
    button.icon = Icon::next;
    button.color = type.color;
    if (!type.description.empty()) add_note(item, "about:" + type.uri, Kind::text, Look::muted, isolated(type.description));
  }
}

Node& ScreenBuilder::add_panel(Node& parent, std::string_view key, std::string_view hint) const {
  Node& panel = parent.add("state");
  panel.add("state-text", Kind::status, message(key));
  if (!hint.empty()) add_note(panel, "state-hint", Kind::text, Look::muted, message(hint));
  return panel;
}

void ScreenBuilder::add_public_link(Node& root) const {
  Node& panel = add_panel(root, "public-link", {});
  const EventType* type = chosen_type(state_);
  if (!type && !state_.catalogue->types.empty()) type = &state_.catalogue->types.front();
  if (type) add_page_link(panel, type->scheduling_url);
}

// The requested event type does not belong to this account. If the option is a link, it is offered; never another event type.
void ScreenBuilder::add_unknown(Node& root) const {
  const std::string& asked = state_.options.event_type;
  const bool is_link = asked.empty() || asked.find('/') != std::string::npos;
  Node& panel = is_link ? add_panel(root, "public-link", {}) : add_panel(root, "unknown-type", "unknown-type-hint");
  if (!is_link) panel.add("retry", Kind::button, message("retry"));
  if (!state_.options.page.empty()) add_page_link(panel, state_.options.page);
}

void ScreenBuilder::add_page_link(Node& panel, const std::string& address) const {
  Node& link = panel.add("open-booking", Kind::link, message("open-booking"));
  link.href = address;
  link.look = Look::primary;
}

void ScreenBuilder::add_failure(Node& parent, const Failure& failure) const {
  const bool is_offline = failure.code == "offline";
  Node& shown = parent.add("state");
  shown.add("state-text", Kind::alert,
            message(is_offline                            ? "offline"
                    : failure.code == "too_many_requests" ? "limited"
                                                          : "failed"));
  std::string hint;
  if (failure.retry_at) {
    const auto wait = chrono::ceil<chrono::seconds>(*failure.retry_at - state_.now);
    hint = message("limited-hint", formatted(Format::wait, static_cast<double>(std::max<long long>(wait.count(), 1))));
  } else {
    hint = message(is_offline ? "offline-hint" : "failed-hint");
  }
  add_note(shown, "state-hint", Kind::text, Look::muted, std::move(hint));
  shown.add("retry", Kind::button, message("retry")).look = Look::primary;
  if (!state_.options.page.empty()) add_page_link(shown, state_.options.page);
}

Screen screen_from(const PickerState& state, const Words& words) {
  Screen screen;
  screen.right_to_left = state.locale.right_to_left;
  screen.focus = state.focus;
  ScreenBuilder(state, words).build(screen.root);
  return screen;
}

}  // namespace slotwire::web
