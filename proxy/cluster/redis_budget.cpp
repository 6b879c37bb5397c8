#include "proxy/cluster/redis_budget.h"

namespace slotwire::cluster {
namespace {

using std::chrono::milliseconds;

// Each Redis database serves one account, so there is one budget.
constexpr char kKey[] = "slotwire:budget";

// KEYS: budget, which holds "limit remaining reset_at" until the reset; limit 0 means unknown. ARGV: "take" and "reserved",
// "visitor" or "background"; "note", limit, remaining and ms to the reset; "exhausted" and ms; "forget". Returns the ms to wait,
// -1 for none. The calls each urgency leaves untouched repeat calls_left_alone(); the conformance test compares the two.
constexpr char kScript[] = R"(
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local limit, remaining, reset_at = nil, nil, nil
local there = redis.call('MGET', KEYS[1])[1]
if there then
  limit, remaining, reset_at = string.match(there, '^(%d+) (%d+) (%d+)$')
  limit, remaining, reset_at = tonumber(limit), tonumber(remaining), tonumber(reset_at)
  if not reset_at or now >= reset_at then limit, remaining, reset_at = nil, nil, nil end
end
local function keep(new_limit, new_remaining, new_reset_at)
  if new_reset_at <= now then
    redis.call('DEL', KEYS[1])
  else
    redis.call('SET', KEYS[1], string.format('%d %d %d', new_limit, new_remaining, new_reset_at), 'PX', new_reset_at - now)
  end
  return -1
end
if ARGV[1] == 'take' then
  if not remaining then return -1 end
  local left_alone = 0
  local part = ({visitor = 10, background = 5})[ARGV[2]]
  if part then left_alone = math.max(1, math.floor((limit > 0 and limit or 50) / part)) end
  if remaining <= left_alone then return reset_at - now end
  return keep(limit, remaining - 1, reset_at)
end
if ARGV[1] == 'forget' then return keep(0, 0, 0) end
if ARGV[1] == 'exhausted' then return keep(limit or 0, 0, now + ARGV[2]) end
local new_reset_at = now + ARGV[4]
local new_remaining = math.max(0, tonumber(ARGV[3]))
-- Answers of parallel calls arrive in any order: within one period the smallest number is the newest.
if remaining and new_reset_at - reset_at < 3000 then
  new_remaining = math.min(remaining, new_remaining)
  new_reset_at = math.max(reset_at, new_reset_at)
end
return keep(tonumber(ARGV[2]), new_remaining, new_reset_at)
)";

std::string name_from_urgency(calendly::Urgency urgency) {
  switch (urgency) {
    case calendly::Urgency::reserved:
    case calendly::Urgency::trial:
      return "reserved";
    case calendly::Urgency::visitor:
      return "visitor";
    case calendly::Urgency::background:
      return "background";
  }
  return "";
}

}  // namespace

RedisBudget::RedisBudget(RedisLink& link) : link_(link), script_(kScript) {}

std::optional<milliseconds> RedisBudget::take(time::Tick now, calendly::Urgency urgency) {
  const auto answer = link_.run(script_, kKey, {"take", name_from_urgency(urgency)});
  if (!answer) return local_.take(now, urgency);
  if (answer->number < 0) return std::nullopt;
  return milliseconds(answer->number);
}

void RedisBudget::note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
                       time::Tick now) {
  local_.note(limit, remaining, reset, now);
  if (!remaining || !reset) return;
  (void)link_.run(
      script_, kKey,
      {"note", std::to_string(limit.value_or(0)), std::to_string(*remaining), std::to_string(milliseconds(*reset).count())});
}

void RedisBudget::exhausted_for(milliseconds wait, time::Tick now) {
  local_.exhausted_for(wait, now);
  (void)link_.run(script_, kKey, {"exhausted", std::to_string(wait.count())});
}

void RedisBudget::forget() {
  local_.forget();
  (void)link_.run(script_, kKey, {"forget"});
}

}  // namespace slotwire::cluster
