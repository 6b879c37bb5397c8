#pragma once
// Answers several event types as one (shared/any_of.h). Each event type is asked separately, so that calls, cells and prepared
// answers are those of single event types, and a union costs no more than its parts.
//
//   find -> each name -> SlotService::find -+-> unite -> done
//   next -> the days that are cached for all, then one window of days after another -> enough? -> done
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "proxy/connection/connection.h"
#include "proxy/slots/slot_service.h"
#include "shared/any_of.h"
#include "shared/zone_offsets.h"

namespace slotwire::slots {

inline constexpr std::size_t kMostTypes = 10;
// "What is free next" searches at most this many days.
inline constexpr std::chrono::days kNextDays{31};

struct Named {
  std::vector<std::string> names;  // at least one, each once
  Turn turn = Turn::fair;
  bool is_list = false;  // answered in the form for several event types, even with one name
};

struct NextQuery {
  std::optional<Instant> after;  // none: from now on
  bool includes_after = false;   // for a day, whose first moment counts; after an instant only later times count
  std::optional<PartOfDay> part;
  std::size_t count = 1;
  std::string timezone = "UTC";
  std::shared_ptr<const ZoneOffsets> zone;  // `timezone`'s
  std::string request_id;
  fetch::Client client = {};
};

class AnyOfService {
 public:
  // All borrowed; must outlive the service. `window`: the longest range of one call to Calendly.
  AnyOfService(SlotService& slots, const connection::Connection& connection, const time::Clock& clock,
               SlotServiceSettings settings);

  // Splits a text at its commas into names of event types. A comma inside a link's query belongs to the query, unless it is
  // followed by an address or by the name of an event type of the account (active or not). A comma written as %2C always belongs
  // to the query. Errors: bad_input for more than kMostTypes.
  [[nodiscard]] Result<Named> named_in(const std::string& text, Turn turn) const;

  // Like SlotService::find, for one event type or for a list; `each.event_type` is ignored. If some event types failed, the
  // answer says so for each, and lists the unknown names. Additional errors: event_type_not_found, with the names, if none is
  // known.
  void find(Named named, SlotQuery each, SlotsDone done);

  // The first `count` times. Cached days cost no call. Beyond them it fetches as few windows as possible, one after another, and
  // stops as soon as it has enough. Errors: as in find, when nothing is known about any day.
  void next(Named named, NextQuery query, SlotsDone done);

 private:
  struct Collected;
  struct Search;
  using CollectedDone = std::function<void(Result<Collected>)>;

  void ask_each(const std::vector<std::string>& names, const SlotQuery& each, CollectedDone done);
  [[nodiscard]] Result<Collected> collected_from(const std::vector<std::string>& names,
                                                 const std::vector<std::optional<Result<SlotReply>>>& replies) const;
  [[nodiscard]] SlotsAnswer united(const Collected& collected, Turn turn, const SlotQuery& each) const;
  [[nodiscard]] SlotReply reply_from(const Collected& collected, Turn turn, const SlotQuery& each);
  void search(const std::shared_ptr<Search>& search);
  void take(const std::shared_ptr<Search>& search, const Result<Collected>& collected, DayRange days);
  void finish(Search& search) const;

  SlotService& slots_;
  const connection::Connection& connection_;
  const time::Clock& clock_;
  const std::chrono::days window_;
  const std::size_t max_bytes_;

  // A union made once for all requests whose parts have the same answers. It is dropped with any of its parts.
  struct Part {
    std::weak_ptr<const PreparedAnswer> answer;
    std::optional<ErrorCode> error;
    [[nodiscard]] bool is_gone() const { return !error && answer.expired(); }
    bool operator==(const Part& other) const { return answer.lock() == other.answer.lock() && error == other.error; }
  };
  struct Kept {
    std::vector<Part> parts;
    std::shared_ptr<const PreparedAnswer> whole;
  };
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace slotwire::slots
