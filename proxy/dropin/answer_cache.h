#pragma once
// Calendly's answers in memory under a cap: least recently used ones go first. Not thread-safe; the owner locks.
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proxy/dropin/api_answer.h"
#include "proxy/time/clock.h"

namespace slotwire::proxy {

struct KeptAnswer {
  SharedAnswer answer;
  Tick fetched_at;
  Tick fresh_until;
  bool depends_on_bookings = false;
  Tick quiet_until = {};  // Calendly failed a moment ago: served as it is until then, without asking
};

class AnswerCache {
 public:
  explicit AnswerCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void put(const std::string& key, KeptAnswer kept);
  // nullptr when unknown; valid until the next call. Counts as a use.
  [[nodiscard]] KeptAnswer* find(std::string_view key);
  void drop(std::string_view key);
  void drop_what_depends_on_bookings();
  void drop_all();

  [[nodiscard]] std::size_t count() const { return by_use_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    KeptAnswer kept;
  };
  using Entries = std::list<Entry>;
  void erase(Entries::iterator entry);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  Entries by_use_;                                                  // most recent first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // keys are views of Entry::key
};

}  // namespace slotwire::proxy
