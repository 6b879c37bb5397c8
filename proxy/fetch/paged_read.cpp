#include "proxy/fetch/paged_read.h"

#include <algorithm>

namespace slotwire::fetch {

std::chrono::milliseconds PagedRead::begin_call(Tick now) {
  retry_.begin_attempt();
  return retry_.left(now);
}

PagedRead::After PagedRead::page_came(bool is_last, Tick now) {
  ++pages_;
  if (is_last) return After::whole;
  if (pages_ >= most_pages_) return After::endless;
  retry_ = Retry(std::min(now + kPage, end_));
  return After::ask_next;
}

std::optional<std::chrono::milliseconds> PagedRead::rest_after(const RetryHint& failure, Tick now, double chance) const {
  return retry_.wait_after(failure, now, chance);
}

}  // namespace slotwire::fetch
