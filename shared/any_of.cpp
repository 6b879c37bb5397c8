#include "shared/any_of.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <tuple>

#include "shared/answer_text.h"
#include "shared/json_text.h"

namespace slotwire {
namespace {

constexpr std::array<std::string_view, 2> kTurns = {"fair", "order"};

// FNV-1a over the name, then the finalizer of splitmix64, so that neighbouring instants get unrelated hashes.
std::uint64_t hash_of(std::string_view uri, Instant start) {
  std::uint64_t mixed = 0xcbf29ce484222325;
  for (const char c : uri) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  mixed += static_cast<std::uint64_t>(start.time_since_epoch().count()) * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

void append_offer(std::string& out, const Slot& slot, const EventType& type) {
  append_json_field(out, "start", text_from_instant(slot.start));
  append_json_field(out, "end", text_from_instant(slot.start + type.duration));
  append_json_field(out, "status", "available");
  append_json_field(out, "inviteesRemaining", slot.invitees_remaining);
  append_json_field(out, "schedulingUrl", slot.scheduling_url);
  append_json_field(out, "eventTypeUri", type.uri);
}

void append_slots(std::string& out, const SlotsAnswer& answer) {
  append_json_key(out, "slots");
  out += '[';
  for (std::size_t i = 0; i < answer.slots.size();) {
    const Slot& slot = answer.slots[i];
    if (i > 0) out += ',';
    out += '{';
    append_offer(out, slot, answer.types[slot.of]);
    std::size_t end = ++i;
    while (end < answer.slots.size() && answer.slots[end].start == slot.start) ++end;
    const std::span<const Slot> others(answer.slots.data() + i, end - i);
    append_json_list(out, "alternatives", others, [&](const Slot& other) {
      out += '{';
      append_offer(out, other, answer.types[other.of]);
      out += '}';
    });
    out += '}';
    i = end;
  }
  out += ']';
}

// The value that all event types share; empty when they differ.
std::string shared_text(const std::vector<EventType>& types, std::string EventType::*text) {
  const auto is_same = [&](const EventType& type) { return type.*text == types.front().*text; };
  return std::all_of(types.begin(), types.end(), is_same) ? types.front().*text : std::string();
}

std::string joined_names(const std::vector<EventType>& types) {
  std::vector<std::string_view> names;
  for (const EventType& type : types)
    if (std::find(names.begin(), names.end(), type.name) == names.end()) names.push_back(type.name);
  std::string joined;
  for (const std::string_view name : names) joined.append(joined.empty() ? "" : " \xC2\xB7 ").append(name);
  return joined;
}

void append_types(std::string& out, const SlotsAnswer& answer, Turn turn, std::span<const MissingType> missing) {
  append_json_list(out, "eventTypes", answer.types, [&](const EventType& type) { append_event_type_json(out, type); });
  append_json_list(out, "missing", missing, [&](const MissingType& type) {
    out += '{';
    append_json_field(out, "eventType", type.name);
    append_json_field(out, "error", name_from_code(type.error));
    out += '}';
  });
  append_json_field(out, "anyOf", name_from_turn(turn));
  append_json_field(out, "eventTypeName", joined_names(answer.types));
  append_json_field(out, "profileName", shared_text(answer.types, &EventType::host));
  append_json_field(out, "locationKind", shared_text(answer.types, &EventType::place));
  append_json_field(out, "description", shared_text(answer.types, &EventType::description));
  const auto is_as_long = [&](const EventType& type) { return type.duration == answer.types.front().duration; };
  if (std::all_of(answer.types.begin(), answer.types.end(), is_as_long)) {
    append_json_field(out, "duration", answer.types.front().duration.count());
  } else {
    append_json_key(out, "duration");
    out += "null";
  }
  append_json_field(out, "timezone", answer.timezone);
}

}  // namespace

std::string_view name_from_turn(Turn turn) { return kTurns[static_cast<std::size_t>(turn)]; }
std::optional<Turn> turn_from_name(std::string_view name) {
  for (const Turn turn : {Turn::fair, Turn::order})
    if (name == name_from_turn(turn)) return turn;
  return std::nullopt;
}

std::vector<Slot> any_of(std::span<const TypeSlots> types, Turn turn) {
  std::vector<Slot> all;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto same = [&](const TypeSlots& other) { return other.uri == types[i].uri; };
    if (std::any_of(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    for (const Slot& slot : types[i].slots) {
      all.push_back(slot);
      all.back().of = static_cast<std::uint16_t>(i);
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Slot& a, const Slot& b) { return std::tie(a.start, a.of) < std::tie(b.start, b.of); });
  if (turn == Turn::order) return all;
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const Slot& slot) { return slot.start != first->start; });
    const auto lot = [&](const Slot& slot) { return std::tuple(hash_of(types[slot.of].uri, slot.start), types[slot.of].uri); };
    const auto chosen = std::min_element(first, last, [&](const Slot& a, const Slot& b) { return lot(a) < lot(b); });
    std::rotate(first, chosen, chosen + 1);
    first = last;
  }
  return all;
}

std::string json_from_any_of(const SlotsAnswer& answer, Turn turn, std::span<const MissingType> missing) {
  std::string out = open_envelope(true, "Available slots retrieved");
  out.reserve(1024 + answer.slots.size() * 300);
  append_types(out, answer, turn, missing);
  append_days(out, "startDate", "endDate", answer.days);
  append_slots(out, answer);
  append_provenance(out, answer);
  return out + "}}";
}

std::string json_from_next(const NextAnswer& answer) {
  std::string out =
      open_envelope(true, answer.found.slots.empty() ? "Nothing is free in the days looked at" : "Next free times retrieved");
  append_types(out, answer.found, answer.turn, answer.missing);
  append_json_key(out, "part");
  if (answer.part)
    append_json_string(out, name_from_part(*answer.part));
  else
    out += "null";
  append_instant(out, "after", answer.after);
  append_instant(out, "lookedUntil", answer.looked_until);
  append_slots(out, answer.found);
  append_provenance(out, answer.found);
  return out + "}}";
}

}  // namespace slotwire
