#pragma once
// A list that Calendly gives page by page, read to its end: how long a call may take, when a page that failed is asked for again,
// and when all is over. Pure; what the pages hold is the owner's business. What comes on one page is a list of one.
#include <chrono>
#include <optional>

#include "proxy/fetch/retry.h"

namespace slotwire::fetch {

class PagedRead {
 public:
  static constexpr std::chrono::seconds kPage{10};   // for one page, tries and rests together
  static constexpr std::chrono::seconds kWhole{60};  // for all of them
  static constexpr int kMostPages = 100;             // a list without an end is Calendly's trouble, not ours

  explicit PagedRead(Tick now, int most_pages = kMostPages) : end_(now + kWhole), most_pages_(most_pages), retry_(now + kPage) {}

  // A call for the page that is next, or for the one that failed, may take so long.
  [[nodiscard]] std::chrono::milliseconds begin_call(Tick now);
  enum class After { ask_next, whole, endless };
  [[nodiscard]] After page_came(bool is_last, Tick now);
  // How long to rest before the page is asked for again; nullopt: not again, and then nothing that came counts.
  [[nodiscard]] std::optional<std::chrono::milliseconds> rest_after(const RetryHint& failure, Tick now, double chance) const;
  [[nodiscard]] int pages() const { return pages_; }

 private:
  Tick end_;
  int most_pages_;
  int pages_ = 0;
  Retry retry_;  // of the page that is next
};

}  // namespace slotwire::fetch
