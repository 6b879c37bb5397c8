// What the pure parts cost as work grows: each is given ten, a hundred, a thousand times as much and timed. Prints one JSON
// object a line,
//   {"what":"merge","of":"slots","n":10000,"ns":123.4}        nanoseconds for each of n
// natively and, from the same file, as WebAssembly under node. Judging is parts/growth.mjs's work.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "shared/answers.h"
#include "shared/any_of.h"
#include "shared/day_cells.h"
#include "shared/window_plan.h"
#include "shared/zone_offsets.h"
#ifdef GROWTH_HAS_PROXY
#include "proxy/fetch/cells.h"
#include "shared/wire_json.h"
#endif

namespace {

using namespace slotwire;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Day kFirst{days{20'000}};
constexpr Instant kNow{Instant{kFirst}};
constexpr std::int64_t kSlotsADay = 48;
constexpr days kWindow{7};

// Results end here, so that nothing is optimised away.
volatile std::size_t ending;

struct Growing {
  const char* what;
  const char* of;  // what `n` counts
  std::vector<std::size_t> sizes;
  // Prepares n of it and gives back what is timed. That may be called several times.
  std::function<std::function<std::size_t()>(std::size_t n)> prepare;
};

std::vector<Slot> slots(std::size_t count, minutes apart = minutes{24 * 60 / kSlotsADay}) {
  std::vector<Slot> made;
  made.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Instant start = kNow + apart * static_cast<std::int64_t>(i);
    made.emplace_back(start, 1, "https://calendly.com/d/abc-def-ghi/" + text_from_instant(start) + "?month=2024-10");
  }
  return made;
}

DayRange days_of(std::size_t slot_count) {
  return {kFirst, kFirst + days{(static_cast<std::int64_t>(slot_count) + kSlotsADay - 1) / kSlotsADay}};
}

std::vector<DayCell> cells(std::size_t slot_count, Instant fetched_at) {
  return cells_from_window(days_of(slot_count), slots(slot_count), fetched_at);
}

// A zone with two changes a year for as long as the slots go on.
ZoneOffsets zone_over(std::size_t slot_count) {
  std::vector<ZoneTransition> changes;
  for (Day day = kFirst + days{90}; day < days_of(slot_count).end; day += days{182})
    changes.push_back({Instant{day} + hours{1}, hours{changes.size() % 2 ? 1 : 2}});
  return {hours{1}, std::move(changes)};
}

#ifdef GROWTH_HAS_PROXY
const std::vector<std::size_t> kByHundred = {100, 10'000, 1'000'000};
#else
const std::vector<std::size_t> kByHundred = {100, 10'000, 100'000};  // more than any browser holds
#endif

std::vector<Growing> everything() {
  std::vector<Growing> all;
  all.push_back({"planner: windows over every second day", "days", kByHundred, [](std::size_t n) {
                   std::vector<Day> wanted;
                   for (std::size_t i = 0; i < n; ++i) wanted.push_back(kFirst + days{2 * static_cast<std::int64_t>(i)});
                   return [wanted] { return windows_covering(wanted, kWindow).value().size(); };
                 }});
  all.push_back({"cells: one window's slots into days", "slots", kByHundred, [](std::size_t n) {
                   return [all_slots = slots(n), n] { return cells_from_window(days_of(n), all_slots, kNow).size(); };
                 }});
  all.push_back({"merge: days as they arrive", "slots", kByHundred, [](std::size_t n) {
                   return [arriving = cells(n, kNow)] {
                     DayCells merged;
                     merged.merge(arriving);
                     return merged.all().size();
                   };
                 }});
  all.push_back({"merge: days, the latest first", "slots", kByHundred, [](std::size_t n) {
                   std::vector<DayCell> arriving = cells(n, kNow);
                   std::reverse(arriving.begin(), arriving.end());
                   return [arriving] {
                     DayCells merged;
                     merged.merge(arriving);
                     return merged.all().size();
                   };
                 }});
  all.push_back({"merge: newer days over older ones", "slots", kByHundred, [](std::size_t n) {
                   return [older = cells(n, kNow), newer = cells(n, kNow + minutes{5})] {
                     DayCells merged;
                     merged.merge(older);
                     merged.merge(newer);
                     return merged.all().size();
                   };
                 }});
  all.push_back({"merge: the same slots once more", "slots", kByHundred, [](std::size_t n) {
                   return [arriving = cells(n, kNow)] {
                     DayCells merged;
                     merged.merge(arriving);
                     merged.merge(arriving);
                     return merged.all().size();
                   };
                 }});
  all.push_back({"grouping: into a visitor's days", "slots", kByHundred, [](std::size_t n) {
                   return [all_slots = slots(n), zone = zone_over(n)] { return slots_by_day(all_slots, zone).size(); };
                 }});
  all.push_back({"union of 3 event types", "slots", kByHundred, [](std::size_t n) {
                   return [third = slots(n / 3 + 1)] {
                     const std::vector<TypeSlots> types = {{"https://a", third}, {"https://b", third}, {"https://c", third}};
                     return any_of(types, Turn::fair).size();
                   };
                 }});
  // Ten is the most that the proxy takes.
  all.push_back({"union of several, 1,000 slots each", "event types", {2, 5, 10}, [](std::size_t n) {
                   std::vector<std::string> names;
                   for (std::size_t i = 0; i < n; ++i)
                     names.push_back("https://api.calendly.com/event_types/" + std::to_string(i));
                   return [names, each = slots(1'000)] {
                     std::vector<TypeSlots> types;
                     for (const std::string& name : names) types.push_back({name, each});
                     return any_of(types, Turn::fair).size();
                   };
                 }});
#ifdef GROWTH_HAS_PROXY
  all.push_back({"answer: slots into JSON", "slots", kByHundred, [](std::size_t n) {
                   SlotsAnswer answer;
                   answer.slots = slots(n);
                   answer.days = days_of(n);
                   answer.duration = minutes{30};
                   return [answer] { return json_from_slots(answer).size(); };
                 }});
  // Calendly lists in order; nothing promises it.
  for (const bool is_backwards : {false, true}) {
    all.push_back({is_backwards ? "reading: Calendly's list into days, the latest first" : "reading: Calendly's list into days",
                   "slots",
                   {100, 10'000, 100'000},
                   [is_backwards](std::size_t n) {
                     std::vector<Slot> listed = slots(n);
                     if (is_backwards) std::reverse(listed.begin(), listed.end());
                     std::string text;
                     for (const Slot& slot : listed) {
                       text += std::string(text.empty() ? "{\"collection\":[" : ",") +
                               "{\"status\":\"available\",\"invitees_remaining\":1,\"start_time\":\"" +
                               text_from_instant(slot.start) + "\",\"scheduling_url\":\"" + slot.scheduling_url + "\"}";
                     }
                     text += "]}";
                     return [text, n] { return cells_from_window(days_of(n), slots_from_calendly(text).value(), kNow).size(); };
                   }});
  }
  all.push_back(
      {"cache: 30 days put, then looked up", "event types", {10, 1'000, 10'000}, [](std::size_t n) {
         std::vector<std::string> keys;
         for (std::size_t i = 0; i < n; ++i) keys.push_back("https://api.calendly.com/event_types/" + std::to_string(i));
         return [keys] {
           fetch::Cells kept(std::size_t{4} << 30);
           std::size_t found = 0;
           for (const std::string& key : keys) {
             std::vector<fetch::Cell> month;
             for (int i = 0; i < 30; ++i)
               month.push_back({kFirst + days{i}, kNow, kNow + minutes{5}, kNow + minutes{4}, {kFirst, kFirst + days{30}}});
             kept.put(key, std::move(month), kNow);
           }
           for (const std::string& key : keys)
             for (int i = 0; i < 30; ++i) found += kept.find(key, kFirst + days{i}) != nullptr;
           return found;
         };
       }});
  all.push_back({"cache: twice what it may hold", "cells", {100, 10'000, 1'000'000}, [](std::size_t n) {
                   return [n] {
                     // Of a cell without slots the cache counts 200 bytes.
                     fetch::Cells kept(n * 100);
                     for (std::size_t i = 0; i < n; ++i) {
                       const Day day = kFirst + days{static_cast<std::int64_t>(i % 30)};
                       kept.put("https://api.calendly.com/event_types/" + std::to_string(i / 30),
                                {{day, kNow, kNow + minutes{5}, kNow + minutes{4}, {day, day + days{1}}}}, kNow);
                     }
                     return kept.cell_count();
                   };
                 }});
#endif
  return all;
}

// The fastest of several, in CPU time (under node there is only the time of day), so that other work on the machine disturbs
// little; short ones are repeated until the clock can tell them.
double nanoseconds(const std::function<std::size_t()>& work) {
  constexpr double kLongEnough = 20e6;
  constexpr double kTooLongForMore = 300e6;  // two rounds, then, instead of three
  double least = 0;
  std::size_t times = 1;
  for (int round = 0; round < 3;) {
    const std::clock_t from = std::clock();
    for (std::size_t i = 0; i < times; ++i) ending = work();
    const double took = static_cast<double>(std::clock() - from) * (1e9 / CLOCKS_PER_SEC);
    if (took < kLongEnough && round == 0) {
      times *= 4;
      continue;
    }
    if (took > kTooLongForMore && round == 0) round = 1;
    const double each = took / static_cast<double>(times);
    least = least > 0 ? std::min(least, each) : each;
    ++round;
  }
  return least;
}

}  // namespace

int main() {
  for (const Growing& growing : everything()) {
    for (const std::size_t n : growing.sizes) {
      const double each = nanoseconds(growing.prepare(n)) / static_cast<double>(n);
      std::printf("{\"what\":\"%s\",\"of\":\"%s\",\"n\":%zu,\"ns\":%.2f}\n", growing.what, growing.of, n, each);
      std::fflush(stdout);
    }
  }
}
