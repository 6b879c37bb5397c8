#include "proxy/http/connection_caps.h"

namespace slotwire::http {

bool ConnectionCaps::enter(const net::Address& client, bool is_exempt) {
  const std::lock_guard lock(mutex_);
  if (count_ >= in_all_) return false;
  if (!is_exempt) {
    std::size_t& open = by_client_[net::limit_key_of(client).bytes];
    if (open >= per_client_) return false;
    ++open;
  }
  ++count_;
  return true;
}

void ConnectionCaps::leave(const net::Address& client, bool is_exempt) {
  const std::lock_guard lock(mutex_);
  --count_;
  if (is_exempt) return;
  const auto found = by_client_.find(net::limit_key_of(client).bytes);
  if (found != by_client_.end() && --found->second == 0) by_client_.erase(found);
}

bool ConnectionCaps::enter_refused() { return enter(refused_, kRefusalsAtOnce); }
bool ConnectionCaps::enter_large_body() { return enter(large_bodies_, kLargeBodiesAtOnce); }

bool ConnectionCaps::enter(std::atomic<std::size_t>& count, std::size_t most) {
  if (++count <= most) return true;
  --count;
  return false;
}

}  // namespace slotwire::http
