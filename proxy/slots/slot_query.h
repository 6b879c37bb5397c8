#pragma once
// What a visitor asks of the slot service, and what comes back.
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
  DayRange days;  // the range's days in `timezone`: echoed, not used
  std::string timezone = "UTC";
  std::string request_id;
  // Copies older than this are asked for anew though they are fresh: the look before a booking. Cells and flights are
  // shared as ever, so it costs at most one call for each day and age, whoever asks.
  std::optional<std::chrono::seconds> max_age = {};
  fetch::Client client = {};  // of whose share of the account's calls windows are paid
};

// An answer as bytes, made once and shared by everyone who gets it.
struct PreparedAnswer {
  std::string json;
  std::string gzip;
  std::string brotli;
  std::string etag;     // weak, over the slots
  Instant fresh_until;  // of the first cell to grow old; in the past when the answer is stale or incomplete
  bool is_public_link = false;
  bool is_stale = false;
  bool is_complete = true;
};

enum class AnsweredFrom { cache, upstream, stale };

struct SlotReply {
  std::shared_ptr<const PreparedAnswer> answer;
  AnsweredFrom from = AnsweredFrom::cache;
  std::optional<time::Tick> same_until = {};  // of a copy: whoever asks the same before then is told the same
};

using SlotsDone = std::function<void(Result<SlotReply>)>;

}  // namespace slotwire::slots
