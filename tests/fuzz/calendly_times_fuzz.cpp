// Calendly's available times: whatever comes, no time is made up, and what was read goes on unchanged to the widget, to the
// stores and back to Calendly.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "proxy/dropin/times_json.h"
#include "proxy/store/column_text.h"
#include "shared/answers.h"
#include "shared/day_cells.h"
#include "shared/json_members.h"
#include "shared/time_style.h"
#include "shared/wire_json.h"
#include "tests/fuzz/fuzz.h"

namespace {

using slotwire::Instant;
using slotwire::Slot;
using slotwire::fuzz::holds;

void hold_the_same(const std::vector<Slot>& slots) {
  // As it stands in the stores.
  std::vector<Slot> without_breaks = slots;
  for (Slot& slot : without_breaks) std::erase(slot.scheduling_url, '\n');
  const auto stored = slotwire::store::slots_from_text(slotwire::store::text_from_slots(slots));
  holds(stored && *stored == without_breaks, "a store gives back what it was given");

  // As it goes to browsers and programs.
  slotwire::SlotsAnswer answer;
  answer.event_type_uri = "https://api.calendly.com/event_types/A";
  answer.duration = std::chrono::minutes(30);
  answer.days = {slotwire::Day(std::chrono::days(20'000)), slotwire::Day(std::chrono::days(20'007))};
  answer.slots = slots;
  const std::string json = slotwire::json_from_slots(answer);
  const auto read = slotwire::slots_from_json(json);
  holds(read.has_value(), "our own answer can be read");
  holds(read->slots.size() == slots.size(), "no time is lost");
  for (std::size_t i = 0; i < slots.size(); ++i) {
    holds(read->slots[i].start == slots[i].start && read->slots[i].invitees_remaining == slots[i].invitees_remaining &&
              read->slots[i].scheduling_url == slots[i].scheduling_url,
          "a time is told as it was read");
  }
  holds(json.find('<') == json.npos && json.find('>') == json.npos, "nothing in an answer ends a script");
}

}  // namespace

FUZZ_TARGET(calendly_times) {
  const auto slots = slotwire::slots_from_calendly(bytes);
  const auto extents = slotwire::dropin::times_from_calendly(bytes);
  holds(slotwire::dropin::is_json(bytes) || (!slots && !extents), "only JSON is read");
  if (!slots) {
    holds(!extents, "what shows no slots has no times to merge either");
    holds(slots.error().code == slotwire::ErrorCode::calendly_unavailable, "what cannot be read is Calendly's failure");
    return;
  }
  const nlohmann::json document = nlohmann::json::parse(bytes);
  const nlohmann::json& collection = document.at("collection");
  holds(slots->size() <= collection.size(), "no time is made up");
  for (const Slot& slot : *slots) {
    holds(slot.invitees_remaining > 0, "a time that is shown has a place");
    const std::string written = slotwire::text_in_style(slot.start, slot.listed_in);
    const auto again = slotwire::instant_from_text(written);
    holds(again && *again == slot.start, "a start goes back to Calendly as the instant that it is");
    holds(std::any_of(collection.begin(), collection.end(),
                      [&](const nlohmann::json& entry) {
                        const auto start = slotwire::instant_from_text(slotwire::text_at(entry, "start_time"));
                        return start && *start == slot.start;
                      }),
          "every time stands in Calendly's answer");
  }
  hold_the_same(*slots);

  // In cells of a day each, whichever way round they came.
  if (slots->size() < 200) {
    const slotwire::Day first = slots->empty() ? slotwire::Day() : slotwire::utc_day_of(slots->front().start);
    const slotwire::DayRange window{first, first + std::chrono::days(7)};
    std::vector<Slot> turned(slots->rbegin(), slots->rend());
    const auto cells = slotwire::cells_from_window(window, *slots, Instant());
    holds(cells == slotwire::cells_from_window(window, turned, Instant()),
          "cells do not depend on the order in which times came");
    for (const auto& cell : cells) {
      for (const Slot& slot : cell.slots) holds(slotwire::utc_day_of(slot.start) == cell.day, "a time is in the cell of its day");
    }
  }

  if (!extents) return;
  holds(extents->size() == collection.size(), "each entry is a time to merge");
  const auto answer = std::make_shared<slotwire::dropin::ApiAnswer>();
  answer->body = std::string(bytes);
  answer->times = *extents;
  const std::string merged = slotwire::dropin::merged_times({answer}, Instant::min(), Instant::max());
  const nlohmann::json whole = nlohmann::json::parse(merged, nullptr, false);
  holds(whole.is_object() && whole.at("collection").is_array(), "what is merged is JSON");
  for (const nlohmann::json& entry : whole.at("collection"))
    holds(std::find(collection.begin(), collection.end(), entry) != collection.end(), "an entry is merged as it came");
}
