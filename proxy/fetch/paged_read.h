#pragma once
// Reads a list that Calendly returns page by page: how long a call may take, when a failed page is retried, and when the reading
// ends. Pure; the pages' content belongs to the owner. A single answer counts as a list of one page.
#include <chrono>
#include <optional>

#include "proxy/fetch/retry.h"

namespace slotwire::fetch {

class PagedRead {
 public:
  static constexpr std::chrono::seconds kPage{10};   // for one page, attempts and rests together
  static constexpr std::chrono::seconds kWhole{60};  // for all pages
  static constexpr int kMostPages = 100;             // an endless list is an error of Calendly's

  explicit PagedRead(Tick now, int most_pages = kMostPages) : end_(now + kWhole), most_pages_(most_pages), retry_(now + kPage) {}

  // Time limit of a call for the next page, or for the one that failed.
  [[nodiscard]] std::chrono::milliseconds begin_call(Tick now);
  enum class After { ask_next, whole, endless };
  [[nodiscard]] After page_came(bool is_last, Tick now);
  // How long to rest before the page is requested again; nullopt: no retry, and the whole reading is void.
  [[nodiscard]] std::optional<std::chrono::milliseconds> rest_after(const RetryHint& failure, Tick now, double chance) const;
  [[nodiscard]] int pages() const { return pages_; }

 private:
  Tick end_;
  int most_pages_;
  int pages_ = 0;
  Retry retry_;  // of the next page
};

}  // namespace slotwire::fetch
