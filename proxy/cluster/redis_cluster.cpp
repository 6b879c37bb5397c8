#include "proxy/cluster/redis_cluster.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <random>
#include <string_view>

#include "proxy/cluster/redis_scripts.h"
#include "proxy/store/column_text.h"
#include "shared/time_between.h"

namespace slotwire::cluster {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLookAtChanges = "changed";
constexpr std::string_view kSettled = "settled";

// Unlike a host's name and process id, this differs after each start and between all machines.
std::string random_name() {
  std::random_device source;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> hex{};
    (void)std::to_chars(hex.data(), hex.data() + hex.size(), source(), 16);
    name += hex.data();
  }
  return name;
}

std::string prefix_of(const std::string& account) { return "slotwire:" + account + ':'; }

std::string name_of(const std::string& account, const std::string& uri) {
  return prefix_of(account) + std::string(uuid_from_uri(uri)) + ':';
}

std::string text_from(Day day) { return std::to_string(day.time_since_epoch().count()); }
Day day_from(std::int64_t number) { return Day(std::chrono::days(static_cast<int>(number))); }

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

// nullopt for text that this version of slotwire did not write; the cell then counts as absent.
std::optional<SharedCell> cell_from(Day day, std::string_view text, std::int64_t now_there, Instant now) {
  constexpr std::int64_t kLargest = 4'000'000'000'000'000;  // of milliseconds; larger numbers are no valid instant
  std::array<std::int64_t, 5> head{};
  for (std::int64_t& number : head) {
    const auto taken = taken_number(text);
    if (!taken || *taken < 0 || *taken > kLargest) return std::nullopt;
    number = *taken;
  }
  auto slots = store::slots_from_text(text);
  if (!slots) return std::nullopt;
  const auto [asked_at, fresh_until, seen_change, begin, end] = head;
  if (!DayRange{day_from(begin), day_from(end)}.contains(day)) return std::nullopt;
  return SharedCell{{day, now - milliseconds(now_there - asked_at), std::move(*slots)},
                    {day_from(begin), day_from(end)},
                    milliseconds(fresh_until - now_there),
                    seen_change};
}

// A list of days and cells in turn. A day whose cell is unreadable is returned separately, so that it is not lost.
struct ReadCells {
  std::vector<SharedCell> cells;
  bool is_whole = true;
};

ReadCells cells_from(const RedisValue& list, std::int64_t now_there, Instant now) {
  ReadCells read;
  for (std::size_t i = 0; i + 1 < list.list.size(); i += 2) {
    auto cell = cell_from(day_from(list.list[i].number), list.list[i + 1].text, now_there, now);
    if (cell) {
      read.cells.push_back(std::move(*cell));
    } else {
      read.is_whole = false;
    }
  }
  return read;
}

}  // namespace

RedisCluster::RedisCluster(RedisLink& link, const time::Clock& clock, std::chrono::seconds keep_for)
    : link_(link),
      clock_(clock),
      keep_for_(std::max<milliseconds>(keep_for, kLease)),
      owner_(random_name()),
      claim_(kClaimScript),
      renew_(kRenewScript),
      land_(kLandScript) {}

RedisCluster::~RedisCluster() { link_.listen({}); }

Claimed RedisCluster::claim(const ClaimTerms& terms) {
  std::vector<std::string> arguments = {owner_,
                                        std::to_string(kLease.count()),
                                        std::to_string(terms.seen_change),
                                        std::to_string(terms.longest_window.count()),
                                        std::to_string(terms.max_age ? terms.max_age->count() : -1),
                                        terms.freshness == Freshness::not_aging ? "not_aging" : "fresh"};
  for (const WantedDay& wanted : terms.days) {
    arguments.push_back(text_from(wanted.day));
    arguments.push_back(std::to_string(wanted.least_change));
  }
  const auto answer = link_.run(claim_, name_of(terms.account, terms.uri), arguments);
  if (!answer || answer->list.size() != 5) return alone_.claim(terms);
  const std::vector<RedisValue>& parts = answer->list;
  const Instant now = clock_.now();
  const std::int64_t now_there = parts[0].number;
  ReadCells known = cells_from(parts[1], now_there, now);
  if (!known.is_whole) return alone_.claim(terms);
  Claimed claimed;
  claimed.known = std::move(known.cells);
  claimed.copies = cells_from(parts[2], now_there, now).cells;
  const std::vector<RedisValue>& edges = parts[3].list;
  for (std::size_t i = 0; i + 1 < edges.size(); i += 2) {
    claimed.windows.push_back({day_from(edges[i].number), day_from(edges[i + 1].number)});
  }
  for (const RedisValue& day : parts[4].list) claimed.held.push_back(day_from(day.number));
  return claimed;
}

void RedisCluster::renew(const std::string& account, const std::string& uri, DayRange days) {
  (void)link_.run(renew_, name_of(account, uri),
                  {owner_, std::to_string(kLease.count()), text_from(days.begin), text_from(days.end)});
}

void RedisCluster::land(const std::string& account, const std::string& uri, DayRange window,
                        const std::vector<SharedCell>& cells) {
  land_or_release(account, uri, window, cells);
}

void RedisCluster::release(const std::string& account, const std::string& uri, DayRange days) {
  land_or_release(account, uri, days, {});
}

void RedisCluster::land_or_release(const std::string& account, const std::string& uri, DayRange days,
                                   const std::vector<SharedCell>& cells) {
  const std::string message =
      std::string(kSettled) + ' ' + owner_ + ' ' + account + ' ' + text_from(days.begin) + ' ' + text_from(days.end) + ' ' + uri;
  std::vector<std::string> arguments = {
      owner_, std::to_string(keep_for_.count()), text_from(days.begin), text_from(days.end), RedisLink::kChannel, message};
  const Instant now = clock_.now();
  for (const SharedCell& shared : cells) {
    const auto age = std::chrono::duration_cast<milliseconds>(time_between(shared.cell.fetched_at, now));
    arguments.push_back(std::to_string(std::max(age, milliseconds(0)).count()));
    arguments.push_back(std::to_string(shared.fresh_for.count()));
    arguments.push_back(std::to_string(shared.seen_change));
    arguments.push_back(text_from(shared.cell.day));
    arguments.push_back(text_from(shared.window.begin));
    arguments.push_back(text_from(shared.window.end));
    arguments.push_back(store::text_from_slots(shared.cell.slots));
  }
  (void)link_.run(land_, name_of(account, uri), arguments);
}

// Uses SCAN, because no list of an account's cells is kept: a purge is rare, storing cells is not. Bounded for the same reason.
void RedisCluster::forget(const std::string& account) {
  constexpr int kMostRounds = 1'000;
  std::string cursor = "0";
  for (int round = 0; round < kMostRounds; ++round) {
    const auto found = link_.run({"SCAN", cursor, "MATCH", prefix_of(account) + "*:cell:*", "COUNT", "500"});
    if (!found || found->list.size() != 2) return;
    std::vector<std::string> words = {"UNLINK"};
    for (const RedisValue& key : found->list[1].list) words.push_back(key.text);
    if (words.size() > 1 && !link_.run(words)) return;
    cursor = found->list[0].text;
    if (cursor == "0") return;
  }
}

void RedisCluster::notify() { (void)link_.run({"PUBLISH", RedisLink::kChannel, std::string(kLookAtChanges) + ' ' + owner_}); }

void RedisCluster::listen(std::function<void(const ClusterMessage&)> heard) {
  if (!heard) return link_.listen({});
  link_.listen([this, heard = std::move(heard)](const std::string& text) {
    std::string_view rest = text;
    const std::string_view kind = taken_word(rest);
    if (kind.empty()) return heard({});  // messages may have been lost
    if (taken_word(rest) == owner_) return;
    if (kind == kLookAtChanges) return heard({});
    if (kind != kSettled) return;  // from a newer version
    ClusterMessage message;
    message.kind = ClusterMessage::Kind::settled;
    message.account = taken_word(rest);
    const auto begin = taken_number(rest);
    const auto end = taken_number(rest);
    if (!begin || !end) return;
    message.days = {day_from(*begin), day_from(*end)};
    message.uri = rest;
    heard(message);
  });
}

ClusterState RedisCluster::state() const {
  const std::optional<Instant> since = link_.cut_off_since();
  return {since ? ClusterState::Kind::cut_off : ClusterState::Kind::connected, since};
}

}  // namespace slotwire::cluster
