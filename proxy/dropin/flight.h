#pragma once
// The records behind DropinService: what is on its way, and what became of it. Owned and locked by the service.
#include <algorithm>
#include <mutex>

#include "proxy/dropin/dropin_service.h"

namespace slotwire::proxy {

// Whoever asks after the account was exchanged finds nothing that was asked for before.
inline std::string key_of(const Account& account, std::string_view what) {
  return std::to_string(account.generation) + ' ' + std::string(what);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// For keys: two orders of one query are one question. By name only, since what has several values keeps their order.
inline Pairs sorted_by_name(Pairs query) {
  std::stable_sort(query.begin(), query.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return query;
}

struct DropinService::Landed {
  SharedAnswer answer;         // null: Calendly said nothing
  std::optional<Error> error;  // then
  ReplySource source = ReplySource::upstream;
  Tick fetched_at;
  Tick fresh_until;
  bool is_kept = false;
  bool is_range_complaint = false;
};

struct DropinService::Flight {
  std::string key;  // empty: personal, for one caller and never kept
  std::string path;
  std::string target;
  SharedAccount account;
  fetch::Retry retry{Tick()};
  std::string request_id;
  bool has_failed = false;  // once, and is being tried again
  std::vector<Landing> waiters;
};

struct DropinService::Batch {
  ApiCall call;
  SharedAccount account;
  ApiDone done;
  Instant first;  // of the range, both ends included
  Instant last;
  bool has_long_windows = false;
  std::vector<std::shared_ptr<Flight>> windows;
  std::mutex mutex;                          // of what follows
  std::vector<std::optional<Landed>> parts;  // one for each window
  std::size_t next = 0;                      // window to be asked for
  int running = 0;
  bool has_failed = false;
  bool is_over = false;
};

}  // namespace slotwire::proxy
