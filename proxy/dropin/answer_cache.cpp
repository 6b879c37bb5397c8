#include "proxy/dropin/answer_cache.h"

namespace slotwire::proxy {
namespace {

std::size_t bytes_of(const std::string& key, const ApiAnswer& answer) {
  constexpr std::size_t kBookkeeping = 256;  // list and map nodes, shared_ptr's block
  return kBookkeeping + key.capacity() + answer.body.capacity() + answer.times.capacity() * sizeof(TimeExtent);
}

}  // namespace

void AnswerCache::put(const std::string& key, KeptAnswer kept) {
  drop(key);
  bytes_ += bytes_of(key, *kept.answer);
  by_use_.push_front({key, std::move(kept)});
  by_key_.emplace(by_use_.front().key, by_use_.begin());
  while (bytes_ > max_bytes_ && !by_use_.empty()) erase(std::prev(by_use_.end()));
}

KeptAnswer* AnswerCache::find(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return &found->second->kept;
}

void AnswerCache::drop(std::string_view key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) erase(found->second);
}

void AnswerCache::drop_what_depends_on_bookings() {
  for (auto entry = by_use_.begin(); entry != by_use_.end();) {
    const auto next = std::next(entry);
    if (entry->kept.depends_on_bookings) erase(entry);
    entry = next;
  }
}

void AnswerCache::drop_all() {
  by_key_.clear();
  by_use_.clear();
  bytes_ = 0;
}

void AnswerCache::erase(Entries::iterator entry) {
  bytes_ -= bytes_of(entry->key, *entry->kept.answer);
  by_key_.erase(entry->key);
  by_use_.erase(entry);
}

}  // namespace slotwire::proxy
