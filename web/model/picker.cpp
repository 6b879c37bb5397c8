#include "web/model/picker.h"

#include <algorithm>
#include <charconv>

#include "shared/json_text.h"
#include "web/model/month_grid.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

std::optional<int> number_from(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

std::optional<std::string_view> rest_after(std::string_view id, std::string_view prefix) {
  if (id.substr(0, prefix.size()) != prefix) return std::nullopt;
  return id.substr(prefix.size());
}

// Of an id that is on the screen, so it is digits alone.
Instant instant_from(std::string_view ms_text) {
  std::int64_t ms = 0;
  for (const char digit : ms_text) ms = ms * 10 + (digit - '0');
  return Instant{chrono::milliseconds{ms}};
}

double ms_from(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }
double number_from_day(Day day) { return static_cast<double>(day.time_since_epoch().count()); }

class Detail {
 public:
  Detail& text(std::string_view key, std::string_view value) {
    append_json_key(json_, key);
    append_json_string(json_, value);
    return *this;
  }
  std::string done() { return json_ + '}'; }

 private:
  std::string json_ = "{";
};

}  // namespace

void Picker::set_option(std::string_view name, std::string_view value) {
  Options& options = state_.options;
  if (name == "event-type") {
    if (is_started_ && value == options.event_type) return;
    options.event_type = value;
    start_type(std::string(value));
  } else if (name == "view") {
    options.view = value == "week" ? View::week : value == "list" ? View::list : View::month;
  } else if (name == "hour12") {
    if (value.empty()) options.hour12.reset();
    else options.hour12 = value != "false" && value != "0";
    state_.hour12 = options.hour12.value_or(state_.locale.hour12);
  } else if (name == "first-day") {
    options.first_day = number_from(value);
    if (options.first_day && (*options.first_day < 0 || *options.first_day > 6)) options.first_day.reset();
  } else if (name == "date") {
    const Result<Day> day = day_from_text(value);
    if (!day) return;
    options.date = *day;
    if (is_started_ && is_bookable_day(state_, *day)) select_day(*day);
  } else if (name == "height") {
    options.height = number_from(value);
  }
}

void Picker::set_clock(Instant now) {
  state_.now = now;
  state_.availability.forget_failures_due(now);
  if (state_.catalogue_failure && state_.catalogue_failure->retry_at && *state_.catalogue_failure->retry_at <= now) {
    state_.catalogue_failure.reset();
    state_.types_asked = false;
  }
}

void Picker::set_zone(std::string name, ZoneOffsets zone) {
  const bool is_change = is_started_ && !state_.zone_name.empty() && name != state_.zone_name;
  // The instant is kept: the chosen slot, else the first slot of the selected day, stays what is looked at.
  std::optional<Instant> kept = state_.chosen;
  if (!kept && state_.day) {
    const std::vector<Slot> slots = free_slots(state_, {*state_.day, *state_.day + chrono::days{1}});
    kept = slots.empty() ? state_.zone.start_of(*state_.day) + chrono::hours{12} : slots.front().start;
  }
  state_.zone_name = std::move(name);
  state_.zone = std::move(zone);
  if (!is_started_) return;
  if (kept) {
    const Day day = std::clamp(state_.zone.local_day_of(*kept), today(state_), last_day(state_));
    state_.day = day;
    state_.cursor = day;
    state_.month = month_of(day);
  }
  if (is_change)
    announce(filled(words_.message("zone-changed"), words_.word(WordKind::zone_title, ms_from(kept.value_or(state_.now)), 0)));
}

void Picker::set_locale(const Locale& locale) {
  state_.locale = locale;
  state_.hour12 = state_.options.hour12.value_or(locale.hour12);
}

void Picker::take_answer(std::uint32_t fetch, SlotsAnswer answer) {
  std::string uri = answer.event_type_uri;
  std::string name = answer.event_type_name;
  const chrono::minutes duration = answer.duration;
  if (!state_.availability.take_answer(fetch, std::move(answer), state_.now)) return;
  state_.has_answer = true;
  state_.type_uri = std::move(uri);
  state_.name = std::move(name);
  state_.duration = duration;
}

void Picker::take_failure(std::uint32_t fetch, std::string_view code, std::optional<chrono::seconds> retry_after) {
  Failure failure{std::string(code), {}};
  if (retry_after) failure.retry_at = state_.now + std::max(*retry_after, chrono::seconds{1});
  if (fetch == 0) state_.catalogue_failure = failure;
  else state_.availability.take_failure(fetch, failure);
}

void Picker::take_catalogue(Catalogue catalogue) {
  state_.catalogue = std::move(catalogue);
  state_.catalogue_failure.reset();
}

bool Picker::activate(std::string_view id) {
  if (id == "retry" || id == "retry-search") {  // also when the page hears that the connection is back
    state_.availability.forget_failures();
    if (state_.catalogue_failure) state_.types_asked = false;
    state_.catalogue_failure.reset();
    told_failure_.clear();
    return true;
  }
  const Node* node = find_node(screen_.root, id);
  if (!node || !is_active(*node)) return false;
  const std::string href = node->href;
  if (id == "previous-month" || id == "next-month") {
    const Day first = days_of(state_.month + chrono::months{id == "next-month" ? 1 : -1}).begin;
    show_month_of(std::max(first, today(state_)));
  } else if (id == "next-free") {
    const NextFree next = next_free_after(state_, days_of(state_.month).end - chrono::days{1});
    if (next.outcome == NextFree::Outcome::found) {
      select_day(next.day);
      move_focus("day:" + text_from_day(next.day));
    }
  } else if (id == "back-to-today") {
    show_month_of(today(state_));
  } else if (const auto day_text = rest_after(id, "day:")) {
    if (const Result<Day> day = day_from_text(*day_text)) select_day(*day);
  } else if (const auto start_text = rest_after(id, "time:")) {
    choose_slot(instant_from(*start_text));
  } else if (id == "book") {
    book();
  } else if (const auto booked_text = rest_after(id, "book:")) {
    state_.chosen = instant_from(*booked_text);
    book();
  } else if (id == "zone") {
    state_.is_zone_open ? close_zones() : open_zones();
  } else if (id == "zone-close") {
    close_zones();
  } else if (const auto zone_name = rest_after(id, "zone:")) {
    choose_zone(*zone_name);
  } else if (id == "hours-12" || id == "hours-24") {
    state_.hour12 = id == "hours-12";
  } else if (id == "view-month" || id == "view-list") {
    state_.options.view = id == "view-list" ? View::list : View::month;
  } else if (const auto type = rest_after(id, "type:")) {
    start_type(std::string(*type));
    if (const EventType* chosen = chosen_type(state_))
      actions_.push_back(Emit{"eventtypeselected", Detail{}.text("eventType", chosen->uri).text("name", chosen->name).done()});
    move_focus("title");
  } else if (id == "back-to-types") {
    start_type({});
  } else if (!href.empty()) {
    actions_.push_back(OpenLink{href});
  } else {
    return false;
  }
  return true;
}

bool Picker::enter_text(std::string_view id, std::string_view value) {
  if (id != "zone-search" || !state_.is_zone_open) return false;
  state_.zone_search = value.substr(0, 100);
  const auto found = found_zones(state_);
  state_.zone_cursor = found.empty() ? std::string() : found.front()->name;
  announce(words_.word(WordKind::results, static_cast<double>(found.size()), 0));
  return true;
}

void Picker::start_type(std::string type) {
  state_.availability = Availability(state_.availability.next_id());
  state_.type = std::move(type);
  state_.type_uri.clear();
  state_.name.clear();
  state_.duration = {};
  state_.has_answer = false;
  state_.chosen.reset();
  state_.day.reset();
  state_.is_day_automatic = true;
  state_.is_month_automatic = true;
  told_failure_.clear();
  told_stale_.reset();
  is_started_ = false;
  if (const EventType* known = chosen_type(state_)) {
    state_.type_uri = known->uri;
    state_.name = known->name;
    state_.duration = known->duration;
  }
}

void Picker::show_month_of(Day day) {
  state_.month = month_of(day);
  state_.cursor = day;
  state_.day.reset();
  state_.chosen.reset();
  state_.is_day_automatic = true;
  state_.is_month_automatic = false;
  announce(words_.word(WordKind::month_title, static_cast<int>(state_.month.year()), static_cast<unsigned>(state_.month.month())));
}

void Picker::select_day(Day day) {
  state_.month = month_of(day);
  state_.cursor = day;
  if (state_.day != day) state_.chosen.reset();
  state_.day = day;
  state_.is_day_automatic = false;
  state_.is_month_automatic = false;
  actions_.push_back(Emit{"dateselected", Detail{}.text("date", text_from_day(day)).text("timezone", state_.zone_name).done()});
  if (knowledge_of(state_, day) != Knowledge::known) return;
  const auto count = free_slots(state_, {day, day + chrono::days{1}}).size();
  announce(filled(words_.message("loaded"), words_.word(WordKind::day_heading, number_from_day(day), 0),
                  words_.word(WordKind::free_times, static_cast<double>(count), 0)));
}

void Picker::choose_slot(Instant start) {
  if (state_.chosen == start) {
    state_.chosen.reset();
    return;
  }
  state_.chosen = start;
  const std::vector<Slot> slots = state_.availability.cells().slots_in({start, start + chrono::microseconds{1}});
  if (slots.empty()) return;
  actions_.push_back(Emit{"slotselected", Detail{}
                                              .text("start", text_from_instant(start))
                                              .text("end", text_from_instant(start + state_.duration))
                                              .text("timezone", state_.zone_name)
                                              .text("eventType", state_.type_uri)
                                              .text("schedulingUrl", slots.front().scheduling_url)
                                              .done()});
  announce(filled(words_.message("chosen"),
                  words_.word(state_.hour12 ? WordKind::time_12h : WordKind::time_24h, ms_from(start), 0)));
  // Focus moves on with the choice, but is never taken from the rest of the page.
  if (!state_.focus.empty()) move_focus("book");
}

void Picker::book() {
  if (!state_.chosen) return;
  const Instant start = *state_.chosen;
  const std::vector<Slot> slots = state_.availability.cells().slots_in({start, start + chrono::microseconds{1}});
  if (slots.empty()) return;
  actions_.push_back(Book{slots.front().scheduling_url, start, start + state_.duration, state_.type_uri});
}

void Picker::open_zones() {
  state_.is_zone_open = true;
  state_.zone_search.clear();
  state_.zone_cursor = state_.zone_name;
  if (state_.zones.empty()) actions_.push_back(FetchZones{});
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

void Picker::settle() {
  if (!is_started_ && state_.now != Instant{}) {
    is_started_ = true;
    Day first = today(state_);
    if (state_.options.date && is_bookable_day(state_, *state_.options.date)) {
      first = *state_.options.date;
      state_.day = first;
      state_.is_day_automatic = false;
      state_.is_month_automatic = false;
    }
    state_.cursor = first;
    state_.month = month_of(first);
  }
  if (is_started_) {
    if (stage_of(state_) == Stage::picking) {
      pick_defaults();
      plan();
    } else if (stage_of(state_) == Stage::loading_types && !state_.types_asked) {
      state_.types_asked = true;
      actions_.push_back(FetchTypes{});
    }
    tell_state();
    wake_later();
  }
  screen_ = screen_from(state_, words_);
  keep_focus();
}

void Picker::pick_defaults() {
  const Day first = today(state_);
  if (state_.day && *state_.day < first) {  // midnight has passed
    state_.day.reset();
    state_.is_day_automatic = true;
  }
  if (days_of(state_.month).end <= first) state_.month = month_of(first);
  state_.cursor = std::clamp(state_.cursor, first, last_day(state_));
  if (month_of(state_.cursor) != state_.month)
    state_.cursor = std::max(days_of(state_.month).begin, first);
  if (state_.chosen &&
      (*state_.chosen <= state_.now ||
       state_.availability.cells().slots_in({*state_.chosen, *state_.chosen + chrono::microseconds{1}}).empty()))
    state_.chosen.reset();

  if (!state_.is_day_automatic || state_.day) return;
  const DayRange month{std::max(days_of(state_.month).begin, first), days_of(state_.month).end};
  // Only a first free day with no unknown day before it is the first.
  for (Day day = month.begin; day < month.end; day += chrono::days{1}) {
    if (!free_slots(state_, {day, day + chrono::days{1}}).empty()) {
      state_.day = day;
      state_.cursor = day;
      return;
    }
    if (knowledge_of(state_, day) != Knowledge::known) return;
  }
  if (!state_.is_month_automatic) return;
  const NextFree next = next_free_after(state_, month.end - chrono::days{1});
  if (next.outcome != NextFree::Outcome::found) return;
  state_.is_month_automatic = false;
  state_.month = month_of(next.day);
  state_.day = next.day;
  state_.cursor = next.day;
}

void Picker::plan() {
  // Today is always wanted: the loader has asked for the 31 days from today on already, and the first window is that one.
  std::vector<Day> wanted{utc_day_of(state_.now)};
  const std::vector<Day> month = utc_days_of(state_, days_of(state_.month));
  wanted.insert(wanted.end(), month.begin(), month.end());
  const bool is_empty_month = free_slots(state_, days_of(state_.month)).empty() &&
                              std::all_of(month.begin(), month.end(), [this](Day day) {
                                return state_.availability.knowledge_of(day) == Knowledge::known;
                              });
  if (is_empty_month) {
    const NextFree next = next_free_after(state_, days_of(state_.month).end - chrono::days{1});
    if (next.wanted) wanted.push_back(*next.wanted);
  }
  for (const Availability::Window& window : state_.availability.ask_for(wanted, state_.now))
    actions_.push_back(FetchSlots{window.id, state_.type, window.days});
}

void Picker::tell_state() {
  const Stage stage = stage_of(state_);
  const DayRange month = days_of(state_.month);
  const Failure* failure = !state_.type.empty()         ? failure_of(state_, month)
                           : state_.catalogue_failure ? &*state_.catalogue_failure
                                                      : nullptr;
  const std::string code = failure ? failure->code : std::string();
  if (code != told_failure_ && !code.empty()) {
    actions_.push_back(Emit{"error", Detail{}.text("code", code).done()});
    announce(words_.message(code == "offline" ? "offline" : code == "too_many_requests" ? "limited" : "failed"));
  }
  told_failure_ = code;

  const std::optional<Instant> stale = stage == Stage::picking ? state_.availability.oldest_stale(month) : std::nullopt;
  if (stale && stale != told_stale_)
    actions_.push_back(Emit{"stale", Detail{}.text("fetchedAt", text_from_instant(*stale)).done()});
  told_stale_ = stale;

  const bool is_waiting = state_.availability.is_waiting();
  if (stage == Stage::picking && state_.has_answer && was_loading_ && !is_waiting) {
    std::size_t free_days = slots_by_day(free_slots(state_, month), state_.zone).size();
    if (free_days == 0 && !failure)
      announce(filled(words_.message("month-none"),
                      words_.word(WordKind::month_title, static_cast<int>(state_.month.year()), static_cast<unsigned>(state_.month.month()))));
  }
  was_loading_ = is_waiting;

  const bool is_ready = stage != Stage::loading_types && (stage != Stage::picking || state_.has_answer);
  if (is_ready && !is_ready_told_) {
    is_ready_told_ = true;
    actions_.push_back(Emit{"ready", "{}"});
  }
}

void Picker::wake_later() {
  std::optional<Instant> next;
  if (stage_of(state_) == Stage::picking) {
    next = state_.availability.next_check(utc_days_of(state_, days_of(state_.month)));
    // The age of old copies is shown in minutes.
    if (told_stale_) next = std::min(next.value_or(Instant::max()), state_.now + chrono::minutes{1});
    const std::vector<Slot> ahead = free_slots(state_, {today(state_), today(state_) + chrono::days{1}});
    if (!ahead.empty()) next = std::min(next.value_or(Instant::max()), ahead.front().start);
  } else if (state_.catalogue_failure) {
    next = state_.catalogue_failure->retry_at;
  }
  if (next == wake_at_ || !next) return;
  wake_at_ = next;
  actions_.push_back(Wake{*next});
}

void Picker::move_focus(std::string id) {
  state_.focus = id;
  actions_.push_back(MoveFocus{std::move(id)});
}

void Picker::keep_focus() {
  if (state_.focus.empty() || find_node(screen_.root, state_.focus)) return;
  // What had the focus is gone: the nearest thing that is still there takes it, so that a keyboard is never left in the void.
  const std::string day = "day:" + text_from_day(state_.cursor);
  const bool is_time = state_.focus == "book" || rest_after(state_.focus, "time:").has_value();
  const std::string time = state_.chosen ? "time:" + text_from_ms(*state_.chosen) : std::string();
  if (is_time && !time.empty() && find_node(screen_.root, time)) move_focus(time);
  else if (find_node(screen_.root, day)) move_focus(day);
  else if (find_node(screen_.root, "retry")) move_focus("retry");
  else move_focus("title");
  screen_.focus = state_.focus;
}

std::vector<Action> Picker::take_actions() { return std::exchange(actions_, {}); }

}  // namespace slotwire::web
