#pragma once
// Ready answers as compressed bytes, reused for the same question while nothing has changed. Not thread-safe; the owner locks.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "proxy/connection/connection.h"
#include "proxy/slots/slot_query.h"

namespace slotwire::slots {

struct KeptReply {
  SlotReply reply;
  std::uint64_t version = 0;  // of the cells it was made from
  std::shared_ptr<const connection::Account> account;
  Instant refresh_from = Instant::max();  // when its first cell enters the last fifth of its life
};

class PreparedAnswers {
 public:
  explicit PreparedAnswers(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // nullptr unless the answer was made from these cells of this account and is still true. Valid until the next call.
  [[nodiscard]] const KeptReply* find(const std::string& key, std::uint64_t version,
                                      const std::shared_ptr<const connection::Account>& account, Instant now, time::Tick tick);
  void keep(const std::string& key, KeptReply kept);
  void clear();

  [[nodiscard]] std::size_t count() const { return by_key_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, KeptReply> by_key_;
};

}  // namespace slotwire::slots
