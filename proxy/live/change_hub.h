#pragma once
// Where open widgets wait for free times to change: each asks what came after the change it knows, and is answered when
// something does. Pure of HTTP; a wait is a record, not a thread, and one timer ends those that have lasted long enough.
//
// A change is an id and the days whose slots changed, of all event types. Ids are the store's change log's, so that they
// mean the same on every server: a widget may wait here with what it heard there.
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "shared/calendar.h"

namespace slotwire::live {

// All days there are: what is told when it is not known which ones changed.

struct Changes {
  std::int64_t version = 0;    // the last change applied here
  std::vector<DayRange> days;  // that changed after what the widget knew; ascending, apart from each other; empty: none
  std::chrono::milliseconds ask_after{};  // how long the widget is to wait before it asks again; 0: at once

  bool operator==(const Changes&) const = default;
};

struct ChangeHubSettings {
  std::chrono::milliseconds longest_wait{25'000};
  std::size_t most_waiting = 2048;
  std::size_t most_waiting_of_client = 50;
  std::chrono::milliseconds ask_after_when_full{1500};
};

class ChangeHub {
 public:
  // Several waits may be given the same object.
  using Done = std::function<void(std::shared_ptr<const Changes>)>;

  // `timer` and `clock` are borrowed. The Workers must be stopped before this goes. `version`: the last change so far.
  ChangeHub(time::Workers& timer, const time::Clock& clock, std::int64_t version, ChangeHubSettings settings = {});
  ~ChangeHub();  // drops the waits unanswered: close() first

  // Calls `done` once, on this thread or another, without a lock held: at once without `since`, when something is known to
  // have changed after it, or when too many wait already; else at the next change, or after the longest wait, and what comes
  // back is the wait's number for leave(). Numbers are not used twice.
  std::optional<std::uint64_t> wait(std::optional<std::int64_t> since, std::string_view client, Done done);
  // Nobody listens any more: the wait counts no longer, and its `done` is dropped unless it is being called already.
  void leave(std::uint64_t wait);
  // Free times of these days have changed; an empty range: none have, and nobody is woken. Ids ascend; one that is not newer
  // than the last is ignored.
  void note(std::int64_t id, DayRange days);
  // Days have changed with the last change after all: whoever waits is answered.
  void note_late(DayRange days);
  // Answers everybody, and from now on at once: for the end of the program.
  void close();

  [[nodiscard]] std::int64_t version() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Waiting {
    std::int64_t since;
    std::string client;
    time::Tick until;
    Done done;
  };
  struct Change {
    std::int64_t id;
    DayRange days;
  };
  using Answered = std::vector<std::pair<Done, std::shared_ptr<const Changes>>>;

  // Under mutex_:
  [[nodiscard]] Changes changes_after(std::int64_t since) const;
  std::map<std::uint64_t, Waiting>::iterator forget(std::map<std::uint64_t, Waiting>::iterator wait);
  void answer_all_if(const std::function<bool(const Waiting&)>& is_due, std::chrono::milliseconds ask_after, Answered& answered);
  void set_timer(time::Tick now);

  void on_timer();

  time::Workers& timer_;
  const time::Clock& clock_;
  const ChangeHubSettings settings_;
  mutable std::mutex mutex_;
  std::int64_t version_;
  std::int64_t forgotten_;  // changes up to this id are not remembered one by one
  std::deque<Change> changes_;
  std::map<std::uint64_t, Waiting> waiting_;  // in the order they came, so in the order they end
  std::uint64_t last_wait_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_client_;
  bool has_timer_ = false;
  bool is_closed_ = false;
};

}  // namespace slotwire::live
