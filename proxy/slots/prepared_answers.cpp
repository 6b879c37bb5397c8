#include "proxy/slots/prepared_answers.h"

#include <utility>

namespace slotwire::slots {
namespace {

std::size_t bytes_of(const KeptReply& kept) {
  const PreparedAnswer& answer = *kept.reply.answer;
  return answer.json.size() + answer.gzip.size() + answer.brotli.size();
}

}  // namespace

const KeptReply* PreparedAnswers::find(const std::string& key, std::uint64_t version,
                                       const std::shared_ptr<const connection::Account>& account, Instant now, time::Tick tick) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const KeptReply& kept = found->second;
  const bool is_true = kept.reply.same_until ? tick < *kept.reply.same_until : now < kept.reply.answer->fresh_until;
  if (is_true && kept.version == version && kept.account == account) return &kept;
  bytes_ -= bytes_of(kept);
  by_key_.erase(found);
  return nullptr;
}

void PreparedAnswers::keep(const std::string& key, KeptReply kept) {
  const std::size_t bytes = bytes_of(kept);
  if (bytes_ + bytes > max_bytes_) clear();  // rebuilding from cells takes a fraction of a millisecond, so no order is kept
  if (by_key_.emplace(key, std::move(kept)).second) bytes_ += bytes;
}

void PreparedAnswers::clear() {
  by_key_.clear();
  bytes_ = 0;
}

}  // namespace slotwire::slots
