#pragma once
// Answers several event types as one (shared/any_of.h). Each is asked for as if it were alone, so that calls, cells and prepared
// answers are those of single event types, and a union costs what its parts do.
//
//   find -> each name -> SlotService::find -+-> unite -> done
//   next -> days that memory knows of all, then a window of days after the other -> enough? -> done
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
// Whoever asks what is free next is answered from so many days.
inline constexpr std::chrono::days kNextDays{31};

struct Named {
  std::vector<std::string> names;  // at least one, each once
  Turn turn = Turn::fair;
  bool is_list = false;  // answered as several are, though it may be a list of one
};

struct NextQuery {
  std::optional<Instant> after;  // not given: from now on
  bool includes_after = false;   // a day begins with its first moment; of an instant only what comes after it is asked for
  std::optional<PartOfDay> part;
  std::size_t count = 1;
  std::string timezone = "UTC";
  std::shared_ptr<const ZoneOffsets> zone;  // `timezone`'s
  std::string request_id;
  fetch::Client client = {};
};

class AnyOfService {
 public:
  // All borrowed; must outlive the service. `window`: longest that one call to Calendly covers.
  AnyOfService(SlotService& slots, const connection::Connection& connection, const time::Clock& clock,
               SlotServiceSettings settings);

  // The event types that a text names, with commas between them. A comma in a link's query is the query's own, unless the name of
  // an event type of the account, switched off or not, or an address stands behind it; one that is written as %2C always is.
  // Errors: bad_input for more than kMostTypes.
  [[nodiscard]] Result<Named> named_in(const std::string& text, Turn turn) const;

  // As SlotService::find, for the one event type or for a list; `each.event_type` is not looked at.
  // Where some failed the answer says so of each, and names those that are not known. Errors besides: event_type_not_found,
  // naming them, where none is known.
  void find(Named named, SlotQuery each, SlotsDone done);

  // The first `count` times. What memory knows costs no call; beyond it the fewest windows, one after the other, and none after
  // the one that has enough. Errors: as find, when nothing is known of any day.
  void next(Named named, NextQuery query, SlotsDone done);

 private:
  struct Told;
  struct Search;
  using ToldDone = std::function<void(Result<Told>)>;

  void ask_each(const std::vector<std::string>& names, const SlotQuery& each, ToldDone done);
  [[nodiscard]] Result<Told> told_from(const std::vector<std::string>& names,
                                       const std::vector<std::optional<Result<SlotReply>>>& replies) const;
  [[nodiscard]] SlotsAnswer united(const Told& told, Turn turn, const SlotQuery& each) const;
  [[nodiscard]] SlotReply reply_from(const Told& told, Turn turn, const SlotQuery& each);
  void search(const std::shared_ptr<Search>& search);
  void take(const std::shared_ptr<Search>& search, const Result<Told>& told, DayRange days);
  void finish(Search& search) const;

  SlotService& slots_;
  const connection::Connection& connection_;
  const time::Clock& clock_;
  const std::chrono::days window_;
  const std::size_t max_bytes_;

  // Made once for all who are told the same of each part, and forgotten when a part is.
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
