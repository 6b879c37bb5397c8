#include "tests/sim/faults.h"

#include <algorithm>
#include <array>
#include <random>

namespace slotwire::sim {
namespace {

constexpr std::array<std::pair<std::string_view, FaultKind>, 14> kKinds = {{
    {"latency", FaultKind::latency},
    {"error", FaultKind::error},
    {"insufficient_scope", FaultKind::insufficient_scope},
    {"hang", FaultKind::hang},
    {"close", FaultKind::close},
    {"cut", FaultKind::cut},
    {"truncated_json", FaultKind::truncated_json},
    {"drip", FaultKind::drip},
    {"oversized", FaultKind::oversized},
    {"redirect", FaultKind::redirect},
    {"odd_headers", FaultKind::odd_headers},
    {"wrong_content_type", FaultKind::wrong_content_type},
    {"not_json", FaultKind::not_json},
    {"slot_taken", FaultKind::slot_taken},
}};

int random_up_to(int most) {
  thread_local std::mt19937 engine(std::random_device{}());
  return std::uniform_int_distribution<int>(0, most)(engine);
}

}  // namespace

std::variant<int, std::string> Faults::add(const Json& document) {
  if (!document.is_object()) return "a fault is an object";
  const std::string name = document.value("kind", "");
  const auto kind = std::ranges::find(kKinds, name, &std::pair<std::string_view, FaultKind>::first);
  if (kind == kKinds.end()) return "kind is not one of those in faults.h: " + name;
  Fault fault{.kind = kind->second,
              .endpoint = document.value("endpoint", "*"),
              .match = document.value("match", ""),
              .times = std::nullopt,
              .skip = document.value("skip", 0),
              .settings = document};
  if (document.contains("times")) fault.times = document["times"].get<int>();
  if (fault.kind == FaultKind::error && !document.contains("status")) return "an error needs a status";
  std::lock_guard lock(mutex_);
  fault.id = ++last_id_;
  faults_.push_back(std::move(fault));
  return last_id_;
}

void Faults::clear() {
  {
    std::lock_guard lock(mutex_);
    faults_.clear();
    ++clearings_;
  }
  cleared_.notify_all();
}

Json Faults::list() const {
  std::lock_guard lock(mutex_);
  Json all = Json::array();
  for (const Fault& fault : faults_) {
    Json entry = fault.settings;
    entry["id"] = fault.id;
    entry["met"] = fault.met;
    all.push_back(std::move(entry));
  }
  return all;
}

FaultsMet Faults::meet(std::string_view endpoint, std::string_view target) {
  std::lock_guard lock(mutex_);
  FaultsMet met;
  for (Fault& fault : faults_) {
    if (fault.endpoint != "*" && fault.endpoint != endpoint) continue;
    if (!fault.match.empty() && target.find(fault.match) == std::string_view::npos) continue;
    if (fault.times && fault.met >= *fault.times) continue;
    if (fault.kind != FaultKind::latency && met.fault) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    ++fault.met;
    if (fault.kind == FaultKind::latency) {
      met.latency += std::chrono::milliseconds(fault.settings.value("ms", 0));
      if (const int jitter = fault.settings.value("jitter_ms", 0); jitter > 0) {
        met.latency += std::chrono::milliseconds(random_up_to(jitter));
      }
    } else {
      met.fault = fault;
    }
  }
  return met;
}

void Faults::wait(std::chrono::milliseconds duration, const std::function<bool()>& is_pointless) {
  // A disconnected client can only be detected by checking, so the wait checks at intervals.
  constexpr std::chrono::milliseconds kLook(100);
  using SteadyTime = std::chrono::steady_clock::time_point;
  const SteadyTime end = duration.count() == 0 ? SteadyTime::max() : std::chrono::steady_clock::now() + duration;
  std::unique_lock lock(mutex_);
  const int clearings = clearings_;
  const auto is_over = [&] { return stopping_ || clearings_ != clearings; };
  while (std::chrono::steady_clock::now() < end) {
    const SteadyTime look = std::min(end, std::chrono::steady_clock::now() + kLook);
    if (cleared_.wait_until(lock, look, is_over)) return;
    lock.unlock();
    const bool pointless = is_pointless();
    lock.lock();
    if (pointless) return;
  }
}

void Faults::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  cleared_.notify_all();
}

}  // namespace slotwire::sim
