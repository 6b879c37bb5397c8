// Input from the page: options, clock, zone, answers. picker_visit.cpp has the visitor's actions.
#include "web/model/picker.h"

#include <algorithm>

#include "web/model/month_grid.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

std::optional<int> weekday_from(std::string_view text) {
  if (text.size() != 1 || text[0] < '0' || text[0] > '6') return std::nullopt;
  return text[0] - '0';
}

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
    if (value.empty())
      options.hour12.reset();
    else
      options.hour12 = value != "false" && value != "0";
    state_.hour12 = options.hour12.value_or(state_.locale.hour12);
  } else if (name == "first-day") {
    options.first_day = weekday_from(value);
  } else if (name == "date") {
    const Result<Day> day = day_from_text(value);
    if (!day) return;
    options.date = *day;
    if (is_started_ && is_bookable_day(state_, *day)) select_day(*day);
  } else if (name == "page") {
    options.page = value;
  } else if (name == "hide-details") {
    options.hide_details = !value.empty();
  } else if (name == "timezone-lock") {
    options.lock_zone = !value.empty();
    state_.is_zone_open &= !options.lock_zone;
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
  // Keeps the instant in view: the chosen slot, else the first slot of the selected day.
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
    announce(filled(words_.message("zone-changed"), words_.formatted(Format::zone_title, ms_from(kept.value_or(state_.now)), 0)));
}

void Picker::set_zones(std::vector<ZoneChoice> zones) {
  const bool is_there =
      std::any_of(zones.begin(), zones.end(), [this](const ZoneChoice& zone) { return zone.name == state_.zone_cursor; });
  if (!is_there) state_.zone_cursor = zones.empty() ? std::string() : zones.front().name;
  state_.zones = std::move(zones);
}

void Picker::set_locale(const Locale& locale) {
  state_.locale = locale;
  state_.hour12 = state_.options.hour12.value_or(locale.hour12);
}

void Picker::take_answer(std::uint32_t fetch, SlotsAnswer answer) {
  EventType type;
  type.name = answer.event_type_name;
  type.duration = answer.duration;
  type.host = answer.host;
  type.place = answer.place;
  type.description = answer.description;
  if (!state_.availability.take_answer(fetch, answer, state_.now)) return;
  state_.has_answer = true;
  state_.types = std::move(answer.types);
  describe(type);
}

void Picker::take_failure(std::uint32_t fetch, std::string_view code, std::optional<chrono::seconds> retry_after) {
  Failure failure{std::string(code), {}};
  if (retry_after) failure.retry_at = state_.now + std::max(*retry_after, chrono::seconds{1});
  if (fetch == 0)
    state_.catalogue_failure = failure;
  else
    state_.availability.take_failure(fetch, failure);
}

void Picker::take_catalogue(Catalogue catalogue) {
  state_.catalogue = std::move(catalogue);
  state_.catalogue_failure.reset();
}

void Picker::expire_days(DayRange days) {
  days.begin = std::max(days.begin, utc_day_of(state_.now));
  const auto is_looked_at = [this](const DayRange& window) {
    if (state_.chosen && window.contains(utc_day_of(*state_.chosen))) return true;
    if (!state_.day) return false;
    const std::vector<Day> shown = utc_days_of(state_, {*state_.day, *state_.day + chrono::days{1}});
    return std::any_of(shown.begin(), shown.end(), [&](Day day) { return window.contains(day); });
  };
  for (const Availability::Window& window : state_.availability.request_known_again(days))
    actions_.push_back(FetchSlots{window.id, state_.type, window.days, true, !is_looked_at(window.days)});
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
      finish_checking();
    } else if (stage_of(state_) == Stage::loading_types && !state_.types_asked) {
      state_.types_asked = true;
      actions_.push_back(FetchTypes{});
    }
    report_state();
    wake_later();
  }
  screen_ = screen_from(state_, words_);
  if (is_started_) announce_trouble();
  keep_focus();
}

std::vector<Action> Picker::take_actions() { return std::exchange(actions_, {}); }

}  // namespace slotwire::web
