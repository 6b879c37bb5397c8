#pragma once
// The steps that Redis executes atomically, in Lua. All times are Redis's own, in milliseconds, so servers' clocks need not
// agree.
//
//   {name}cell:<day>   "asked_at fresh_until seen_change window_begin window_end\n" and column_text   lives for the stale time
//   {name}lock:<day>   "owner seen_change"                                                         lives for a lease
//
// Other programs' values under these keys, of any type, count as absent: MGET reads them as nil, where GET would fail.
//
// {name} identifies an event type of an account. Days are numbers since 1970; a window's end is exclusive.
namespace slotwire::cluster {

// KEYS: name. ARGV: owner, lease, seen_change, longest_window, max_age (-1: any), "not_aging" or "fresh", then day and
// least_change for each. Returns {now, {day, cell ...} known, {day, cell ...} copies, {begin, end ...} windows, {day ...} held}.
inline constexpr char kClaimScript[] = R"(
local owner, lease, seen, longest, max_age, freshness = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local days, least, cell_keys, lock_keys = {}, {}, {}, {}
for i = 7, #ARGV, 2 do
  days[#days + 1] = tonumber(ARGV[i])
  least[#least + 1] = tonumber(ARGV[i + 1])
  cell_keys[#cell_keys + 1] = KEYS[1] .. 'cell:' .. ARGV[i]
  lock_keys[#lock_keys + 1] = KEYS[1] .. 'lock:' .. ARGV[i]
end
if #days == 0 then return {now, {}, {}, {}, {}} end
local cells, locks = redis.call('MGET', unpack(cell_keys)), redis.call('MGET', unpack(lock_keys))

local function is_good(cell, least_change)
  local asked, fresh_until, change = string.match(cell, '^(%d+) (%d+) (%d+) ')
  if not change or tonumber(change) < least_change then return false end
  if max_age >= 0 and now - asked > max_age then return false end
  local limit = tonumber(fresh_until)
  if freshness == 'not_aging' then limit = limit - (limit - asked) / 5 end
  return now < limit
end
-- A lock by a server that had not seen the change does not hold: the slots it fetches would not count.
local function is_held(lock, least_change)
  if not lock then return false end
  local who, change = string.match(lock, '^(%S+) (%d+)$')
  return who and who ~= owner and tonumber(change) >= least_change
end

local known, copies, windows, held, window_end, is_ours = {}, {}, {}, {}, nil, {}
for i, day in ipairs(days) do
  local cell = cells[i]
  if cell and is_good(cell, least[i]) then
    known[#known + 1] = day
    known[#known + 1] = cell
  else
    if cell then
      copies[#copies + 1] = day
      copies[#copies + 1] = cell
    end
    if not (window_end and day < window_end) then
      if is_held(locks[i], least[i]) then
        held[#held + 1] = day
      else
        window_end = day + longest
        windows[#windows + 1] = day
        windows[#windows + 1] = window_end
      end
    end
  end
end
local least_of = {}
for i, day in ipairs(days) do least_of[day] = least[i] end
for i = 1, #windows, 2 do
  for day = windows[i], windows[i + 1] - 1 do
    local key = KEYS[1] .. 'lock:' .. string.format('%d', day)
    if not is_held(redis.call('MGET', key)[1], least_of[day] or 0) then
      redis.call('SET', key, owner .. ' ' .. seen, 'PX', lease)
    end
  end
end
return {now, known, copies, windows, held}
)";

// KEYS: name. ARGV: owner, lease, begin, end.
inline constexpr char kRenewScript[] = R"(
for day = tonumber(ARGV[3]), ARGV[4] - 1 do
  local key = KEYS[1] .. 'lock:' .. string.format('%d', day)
  local lock = redis.call('MGET', key)[1]
  if lock and string.match(lock, '^%S+') == ARGV[1] then redis.call('PEXPIRE', key, ARGV[2]) end
end
return 1
)";

// KEYS: name. ARGV: owner, keep, begin, end, channel, message, then age, fresh_for, seen_change, day, window_begin, window_end,
// text for each cell. Unlocks the owner's days, except those it locked again after it had seen more changes.
inline constexpr char kLandScript[] = R"(
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local seen_by_day = {}
for i = 7, #ARGV, 7 do
  local asked, fresh_until, seen = now - ARGV[i], now + ARGV[i + 1], tonumber(ARGV[i + 2])
  local key = KEYS[1] .. 'cell:' .. ARGV[i + 3]
  seen_by_day[tonumber(ARGV[i + 3])] = seen
  local there = redis.call('MGET', key)[1]
  local there_asked, there_seen = nil, nil
  if there then there_asked, there_seen = string.match(there, '^(%d+) %d+ (%d+) ') end
  local is_older = there_seen and (tonumber(there_seen) > seen or (tonumber(there_seen) == seen and tonumber(there_asked) > asked))
  if not is_older then
    local head = string.format('%d %d %d %s %s\n', asked, math.max(fresh_until, 0), seen, ARGV[i + 4], ARGV[i + 5])
    redis.call('SET', key, head .. ARGV[i + 6], 'PX', ARGV[2])
  end
end
for day = tonumber(ARGV[3]), ARGV[4] - 1 do
  local key = KEYS[1] .. 'lock:' .. string.format('%d', day)
  local lock = redis.call('MGET', key)[1]
  if lock then
    local who, seen = string.match(lock, '^(%S+) (%d+)$')
    if not who or who == ARGV[1] and (not seen_by_day[day] or tonumber(seen) <= seen_by_day[day]) then redis.call('DEL', key) end
  end
end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return 1
)";

}  // namespace slotwire::cluster
