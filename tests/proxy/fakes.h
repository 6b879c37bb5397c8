#pragma once
// Small working replacements for the proxy's dependencies: a clock that the test sets, workers that run when the test says so,
// and a Calendly that answers from a table and keeps a log.
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/calendly/transport.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::tests {

inline Instant instant(std::string_view text) { return instant_from_text(text).value(); }
inline Day day(std::string_view text) { return day_from_text(text).value(); }

class ManualClock final : public time::Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] time::Tick tick() const override { return tick_; }
  void pass(std::chrono::milliseconds time) {
    now_ += time;
    tick_ += time;
  }
  // The system's clock is set; steady time is not affected.
  void set_wall(std::chrono::milliseconds by) { now_ += by; }

 private:
  Instant now_ = instant("2026-01-05T10:00:00Z");
  time::Tick tick_ = time::Tick() + std::chrono::hours(1);
};

// Runs tasks in the order they fall due, on the test's thread.
class ManualWorkers final : public time::Workers {
 public:
  explicit ManualWorkers(ManualClock& clock) : clock_(clock) {}
  void post_after(std::chrono::milliseconds wait, Task task) override { due_.emplace(clock_.tick() + wait, std::move(task)); }

  // Runs everything that is due now, including tasks posted by it.
  void run() {
    while (!due_.empty() && due_.begin()->first <= clock_.tick()) run_first();
  }
  // Runs only the first task that is due; false if there is none.
  bool run_one() {
    if (due_.empty() || due_.begin()->first > clock_.tick()) return false;
    run_first();
    return true;
  }
  [[nodiscard]] std::size_t waiting() const { return due_.size(); }
  // As if the process ended.
  void drop_all() { due_.clear(); }

 private:
  void run_first() {
    Task task = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    task();
  }
  ManualClock& clock_;
  std::multimap<time::Tick, Task> due_;
};

// Calendly as a function of the request, with a log of targets. Thread-safe.
class TableTransport final : public calendly::Transport {
 public:
  using Answer = std::function<calendly::Exchange(const calendly::UpstreamRequest& request)>;

  void answer(Answer answer) { answer_ = std::move(answer); }
  [[nodiscard]] calendly::Exchange send(const calendly::UpstreamRequest& request) override {
    log.push_back(request.target);
    return answer_(request);
  }
  [[nodiscard]] std::size_t calls_to(std::string_view path) const {
    std::size_t count = 0;
    for (const std::string& target : log) count += target.starts_with(path) ? 1 : 0;
    return count;
  }

  std::vector<std::string> log;

 private:
  Answer answer_;
};

inline calendly::UpstreamAnswer upstream(int status, std::string body) {
  calendly::UpstreamAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

// Calendly's usual answers for an account with one event type, which has one slot at 14:00 UTC on every requested day.
calendly::Exchange usual_answer(const calendly::UpstreamRequest& request);
// The bounds of an available-times request, as text.
std::pair<std::string, std::string> asked_bounds(const std::string& target);

inline constexpr std::string_view kTypeUri = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";

}  // namespace slotwire::tests
