#include "tests/chaos/tally.h"

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace slotwire::chaos {
namespace {

using Json = nlohmann::json;

// More of them say nothing new.
constexpr std::size_t kTold = 12;

void add_row(const Json& row) {
  if (const std::string file = text_in_environment("SLOTWIRE_CHAOS_ROWS"); !file.empty()) {
    std::ofstream(file, std::ios::app) << row.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }
}

}  // namespace

std::uint32_t seed() { return static_cast<std::uint32_t>(number_in_environment("SLOTWIRE_CHAOS_SEED", 1)); }

void Tally::did(std::uint64_t times) {
  const std::lock_guard lock(mutex_);
  times_ += times;
}

bool Tally::holds(bool condition, const std::function<std::string()>& otherwise) {
  const std::lock_guard lock(mutex_);
  ++checked_;
  if (!condition) failures_.push_back(otherwise());
  return condition;
}

bool Tally::holds(bool condition, std::string_view otherwise) {
  return holds(condition, [&] { return std::string(otherwise); });
}

std::uint64_t Tally::times() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

std::vector<std::string> Tally::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void Tally::report() const {
  const std::lock_guard lock(mutex_);
  const std::vector<std::string> told(failures_.begin(),
                                      failures_.begin() + static_cast<std::ptrdiff_t>(std::min(kTold, failures_.size())));
  std::cout << what_ << ": " << times_ << " times, " << checked_ << " invariants checked, " << failures_.size() << " failures\n";
  add_row({{"what", what_}, {"times", times_}, {"checked", checked_}, {"failures", failures_.size()}, {"told", told}});
  for (const std::string& failure : told) UNSCOPED_INFO(failure);
  CHECK(failures_.empty());
  INFO(what_);
  CHECK(times_ > 0);
  CHECK(checked_ > 0);
}

void report_not_run(const std::string& what, const std::string& why) {
  std::cout << what << ": not run: " << why << '\n';
  add_row({{"what", what}, {"notRun", why}});
}

}  // namespace slotwire::chaos
