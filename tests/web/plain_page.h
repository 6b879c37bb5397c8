#pragma once
// A page for tests: plain English texts, a proxy that answers from a list of free starts, and helpers to read a screen.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "web/model/picker.h"

namespace slotwire::web::test {

inline Instant at(std::string_view text) { return instant_from_text(text).value(); }
inline Day day(std::string_view text) { return day_from_text(text).value(); }

// Returns the format and its numbers, so that a test sees exactly what was requested.
class PlainWords : public Words {
 public:
  std::string formatted(Format kind, double a, double b) const override {
    switch (kind) {
      case Format::number:
        return std::to_string(static_cast<int>(a));
      case Format::free_times:
        return std::to_string(static_cast<int>(a)) + " free";
      case Format::time_24h:
      case Format::time_12h:
        return text_from_instant(Instant{std::chrono::milliseconds{static_cast<long long>(a)}});
      case Format::day_heading:
      case Format::day_long:
        return text_from_day(Day{std::chrono::days{static_cast<int>(a)}});
      case Format::month_title:
        return std::to_string(static_cast<int>(a)) + "-" + std::to_string(static_cast<int>(b));
      default:
        return std::to_string(static_cast<int>(kind)) + ":" + std::to_string(static_cast<long long>(a));
    }
  }
  std::string message(std::string_view key) const override {
    for (const Message& message : kMessages)
      if (message.key == key) return std::string(message.english);
    missing.insert(std::string(key));
    return {};
  }
  mutable std::set<std::string> missing;  // keys that no table has
};

// Europe/Amsterdam around 2026: clocks go forward on 2026-03-29 and back on 2026-10-25, both at 01:00 UTC.
inline ZoneOffsets amsterdam() {
  using std::chrono::hours;
  return ZoneOffsets(
      hours{1},
      {{at("2026-03-29T01:00:00Z"), hours{2}}, {at("2026-10-25T01:00:00Z"), hours{1}}, {at("2027-03-28T01:00:00Z"), hours{2}}});
}

// The proxy's answer for a window: every free start in it.
inline SlotsAnswer answer_for(DayRange days, const std::set<Instant>& free, Instant fetched_at) {
  SlotsAnswer answer;
  answer.types.resize(1);
  answer.types[0].uri = "https://api.calendly.com/event_types/ZZZ";
  answer.types[0].name = "30 Minute Meeting";
  answer.types[0].duration = std::chrono::minutes{30};
  answer.event_type_name = "30 Minute Meeting";
  answer.duration = std::chrono::minutes{30};
  for (const Instant start : free)
    if (days.contains(utc_day_of(start)))
      answer.slots.push_back({start, 1, "https://calendly.com/acme/" + text_from_instant(start)});
  answer.windows = {{days, WindowSource::upstream, fetched_at, {}}};
  answer.fetched_at = fetched_at;
  return answer;
}

// A picker with its page. `settle` collects the actions of each step.
class Bench {
 public:
  explicit Bench(std::string_view now, ZoneOffsets zone = {}) {
    picker.set_zone("Test/Zone", std::move(zone));
    picker.set_clock(at(now));
  }
  void start(std::string_view type = "30min") {
    picker.set_option("event-type", type);
    settle();
  }
  void settle() {
    picker.settle();
    actions.clear();
    for (Action& action : picker.take_actions()) {
      if (const auto* fetch = std::get_if<FetchSlots>(&action)) fetches.push_back(*fetch);
      actions.push_back(std::move(action));
    }
  }
  // Answers every open fetch, and those that follow from the answers.
  void answer_all() {
    while (!fetches.empty()) {
      const FetchSlots fetch = fetches.front();
      fetches.erase(fetches.begin());
      picker.take_answer(fetch.id, answer_for(fetch.days, free, picker.state().now));
      settle();
    }
  }
  bool activate(std::string_view id) {
    const bool is_known = picker.activate(id);
    settle();
    return is_known;
  }
  bool press(std::string_view key) {
    const bool is_taken = picker.press(picker.state().focus, key);
    settle();
    return is_taken;
  }
  const Node* find(std::string_view id) const { return find_node(picker.screen().root, id); }
  template <class Kind>
  const Kind* action() const {
    for (const Action& action : actions)
      if (const auto* found = std::get_if<Kind>(&action)) return found;
    return nullptr;
  }

  PlainWords words;
  Picker picker{words};
  std::set<Instant> free;
  std::vector<FetchSlots> fetches;  // open
  std::vector<Action> actions;      // of the last step
};

}  // namespace slotwire::web::test
