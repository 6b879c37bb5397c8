#include "proxy/cluster/redis_texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "proxy/store/column_text.h"

namespace slotwire::cluster {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLookAtChanges = "changed";
constexpr std::string_view kSettled = "settled";

// Later dates can neither be written as text nor calculated with safely.
constexpr std::int64_t kLastDay = 2'932'896;
constexpr std::int64_t kLastMs = 253'402'300'799'999;

std::optional<Day> day_from(std::int64_t number) {
  if (number < 0 || number > kLastDay) return std::nullopt;
  return Day(std::chrono::days(static_cast<int>(number)));
}

std::optional<DayRange> days_from(std::int64_t begin, std::int64_t end) {
  const auto first = day_from(begin);
  const auto last = day_from(end);
  if (!first || !last || *last <= *first) return std::nullopt;
  return DayRange{*first, *last};
}

// Cuts the next word off the front of `text` and returns it.
std::string_view taken_word(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<std::int64_t> taken_number(std::string_view& text) {
  const std::string_view word = taken_word(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

// Of "asked_at_ms fresh_until_ms seen_change first_day end_day" and the day's slots below.
std::optional<SharedCell> cell_from(Day day, std::string_view text, std::int64_t now_there, Instant now) {
  std::array<std::int64_t, 5> head{};
  for (std::int64_t& number : head) {
    const auto taken = taken_number(text);
    if (!taken || *taken < 0) return std::nullopt;
    number = *taken;
  }
  const auto [asked_at, fresh_until, seen_change, begin, end] = head;
  const std::optional<DayRange> window = days_from(begin, end);
  if (asked_at > kLastMs || fresh_until > kLastMs || !window || !window->contains(day)) return std::nullopt;
  const Instant fetched_at = now - milliseconds(now_there - asked_at);
  if (fetched_at < Instant() || fetched_at > Instant(milliseconds(kLastMs))) return std::nullopt;
  auto slots = store::slots_from_text(text);
  if (!slots) return std::nullopt;
  return SharedCell{{day, fetched_at, std::move(*slots)}, *window, milliseconds(fresh_until - now_there), seen_change};
}

// A list of days and cells in turn. A day whose cell is unreadable makes the list incomplete, so that it is not lost.
struct ReadCells {
  std::vector<SharedCell> cells;
  bool is_whole = true;
};

ReadCells cells_from(const RedisValue& list, std::int64_t now_there, Instant now) {
  ReadCells read;
  for (std::size_t i = 0; i + 1 < list.list.size(); i += 2) {
    const auto day = day_from(list.list[i].number);
    auto cell = day ? cell_from(*day, list.list[i + 1].text, now_there, now) : std::nullopt;
    if (cell) {
      read.cells.push_back(std::move(*cell));
    } else {
      read.is_whole = false;
    }
  }
  return read;
}

}  // namespace

std::optional<Claimed> claimed_from(const RedisValue& answer, Instant now) {
  if (answer.list.size() != 5) return std::nullopt;
  const std::int64_t now_there = answer.list[0].number;
  if (now_there < 0 || now_there > kLastMs) return std::nullopt;
  ReadCells known = cells_from(answer.list[1], now_there, now);
  if (!known.is_whole) return std::nullopt;
  Claimed claimed;
  claimed.known = std::move(known.cells);
  claimed.copies = cells_from(answer.list[2], now_there, now).cells;
  const std::vector<RedisValue>& edges = answer.list[3].list;
  for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
    const auto window = days_from(edges[i].number, edges[i + 1].number);
    if (!window) return std::nullopt;
    claimed.windows.push_back(*window);
  }
  for (const RedisValue& held : answer.list[4].list) {
    const auto day = day_from(held.number);
    if (!day) return std::nullopt;
    claimed.held.push_back(*day);
  }
  return claimed;
}

std::string text_from_message(const ClusterMessage& message, std::string_view owner) {
  const auto number = [](Day day) { return std::to_string(day.time_since_epoch().count()); };
  if (message.kind == ClusterMessage::Kind::look_at_changes) return std::string(kLookAtChanges) + ' ' + std::string(owner);
  return std::string(kSettled) + ' ' + std::string(owner) + ' ' + message.account + ' ' + number(message.days.begin) + ' ' +
         number(message.days.end) + ' ' + message.uri;
}

std::optional<ClusterMessage> message_from_text(std::string_view text, std::string_view owner) {
  if (text.empty()) return ClusterMessage();
  const std::string_view kind = taken_word(text);
  if (taken_word(text) == owner) return std::nullopt;
  if (kind == kLookAtChanges) return ClusterMessage();
  if (kind != kSettled) return std::nullopt;
  ClusterMessage message;
  message.kind = ClusterMessage::Kind::settled;
  message.account = taken_word(text);
  const auto begin = taken_number(text);
  const auto end = taken_number(text);
  const auto days = begin && end ? days_from(*begin, *end) : std::nullopt;
  if (!days) return std::nullopt;
  message.days = *days;
  message.uri = text;
  return message;
}

}  // namespace slotwire::cluster
