#pragma once
// Lets open widgets wait for changes of free times: each asks what came after the change it knows, and is answered at the next
// change. Knows nothing of HTTP. A wait is a record, not a thread, and one timer ends the waits that have lasted long enough.
//
// A change is an id and the days whose slots changed, for all event types. Ids come from the store's change log, so they mean the
// same on every server: a widget may wait here with an id from another server.
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

struct Changes {
  std::int64_t version = 0;               // the last change applied here
  std::vector<DayRange> days;             // changed since the widget's version; ascending, not adjacent; empty: none
  std::chrono::milliseconds ask_after{};  // how long the widget should wait before it asks again; 0: ask at once

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
  // Several waits may get the same object.
  using Done = std::function<void(std::shared_ptr<const Changes>)>;

  // `timer` and `clock` are borrowed. Stop the Workers before destroying this. `version`: the last change so far.
  ChangeHub(time::Workers& timer, const time::Clock& clock, std::int64_t version, ChangeHubSettings settings = {});
  ~ChangeHub();  // drops the waits without an answer: call close() first

  // Calls `done` once, on this thread or another, without a lock held. It does so at once without `since`, when a change after
  // `since` is known, or when too many are waiting. Otherwise it does so at the next change or after the longest wait, and
  // returns the wait's number for leave(). Numbers are not reused.
  std::optional<std::uint64_t> wait(std::optional<std::int64_t> since, std::string_view client, Done done);
  // The client has left: the wait is dropped, and `done` is not called unless a call is under way.
  void leave(std::uint64_t wait);
  // Free times of these days have changed. An empty range: none have, and no wait is answered. Ids ascend; an id that is not
  // newer than the last one is ignored.
  void note(std::int64_t id, DayRange days);
  // The last change did concern these days after all: all waits are answered.
  void note_late(DayRange days);
  // Answers all waits, and from now on every new one at once: for the end of the program.
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
  std::int64_t forgotten_;  // changes up to this id are no longer kept one by one
  std::deque<Change> changes_;
  std::map<std::uint64_t, Waiting> waiting_;  // in order of arrival, and so in order of their ends
  std::uint64_t last_wait_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_client_;
  bool has_timer_ = false;
  bool is_closed_ = false;
};

}  // namespace slotwire::live
