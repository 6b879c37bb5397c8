#pragma once
// A visitor's question to the slot service, and its answer.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "proxy/fetch/shares.h"
#include "proxy/time/clock.h"
#include "shared/answers.h"
#include "shared/calendar.h"

namespace slotwire::slots {

struct SlotQuery {
  std::string event_type;  // uri, uuid or slug
  InstantRange range;
  DayRange days;  // the range's days in `timezone`: only copied into the answer
  std::string timezone = "UTC";
  std::string request_id;
  // Copies older than this are fetched again although they are fresh: the check before a booking. Cells and calls under way are
  // shared as always, so it costs at most one call for each day and age, however many visitors ask.
  std::optional<std::chrono::seconds> max_age = {};
  fetch::Client client = {};  // whose share of the account's calls pays for windows
};

// An answer as bytes, made once and shared by all requests that get it.
struct PreparedAnswer {
  std::string json;
  std::string gzip;
  std::string brotli;
  std::string etag;     // weak, over the slots
  Instant fresh_until;  // when the first cell expires; in the past when the answer is stale or incomplete
  bool is_public_link = false;
  bool is_stale = false;
  bool is_complete = true;
};

enum class AnsweredFrom { cache, upstream, stale };

struct SlotReply {
  std::shared_ptr<const PreparedAnswer> answer;
  AnsweredFrom from = AnsweredFrom::cache;
  std::optional<time::Tick> same_until = {};  // for a copy: the same question gets the same answer until then
};

using SlotsDone = std::function<void(Result<SlotReply>)>;

}  // namespace slotwire::slots
