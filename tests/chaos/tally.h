#pragma once
// What a part of the chaos tests did, how many invariants it looked at, and which did not hold: a row of the table of `make
// chaos`.
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/environment.h"

namespace slotwire::chaos {

// From SLOTWIRE_CHAOS_SEED; 1 when it is not set. `make chaos` draws one, prints it and sets it.
[[nodiscard]] std::uint32_t seed();

// Safe from any thread, which Catch2's own assertions are not.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)) {}
  void did(std::uint64_t times = 1);
  // Counts an invariant; `otherwise` says what was seen when it does not hold, and is asked only then.
  bool holds(bool condition, const std::function<std::string()>& otherwise);
  bool holds(bool condition, std::string_view otherwise);
  [[nodiscard]] std::uint64_t times() const;
  [[nodiscard]] std::vector<std::string> failures() const;

  // Prints the row, adds it to the file that SLOTWIRE_CHAOS_ROWS names, and fails the running test case when an invariant did not
  // hold. Called on the test's own thread.
  void report() const;

 private:
  std::string what_;
  mutable std::mutex mutex_;
  std::uint64_t times_ = 0;
  std::uint64_t checked_ = 0;
  std::vector<std::string> failures_;
};

// A row of something that this machine or this user cannot do: it counts as not run.
void report_not_run(const std::string& what, const std::string& why);

}  // namespace slotwire::chaos
