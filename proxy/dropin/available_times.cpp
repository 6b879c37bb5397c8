// The half of DropinService that answers any range of available times from windows that the account may ask.
#include <algorithm>

#include "proxy/calendly/query.h"
#include "proxy/dropin/flight.h"
#include "proxy/dropin/times_json.h"
#include "shared/window_plan.h"

namespace slotwire::proxy {
namespace {

constexpr int kMostParallel = 6;
constexpr std::chrono::days kShortWindow{7};
constexpr std::string_view kStart = "start_time";
constexpr std::string_view kEnd = "end_time";

// The one value of this name; nullopt when there is none or there are several.
std::optional<Instant> instant_at(const ApiCall& call, std::string_view name) {
  std::optional<Instant> found;
  for (const auto& [each, value] : call.query) {
    if (each != name) continue;
    const Result<Instant> instant = instant_from_text(value);
    if (found || !instant) return std::nullopt;
    found = *instant;
  }
  return found;
}

std::vector<Day> days_of(DayRange range) {
  std::vector<Day> days;
  for (Day day = range.begin; day < range.end; day += std::chrono::days(1)) days.push_back(day);
  return days;
}

}  // namespace

// Windows are of whole UTC days, and known by their days: so callers whose ranges begin a second later each time, as ranges
// from "now" do, share them.
void DropinService::read_times(const ApiCall& call, const SharedAccount& account, ApiDone done) {
  const Instant now = parts_.clock.now();
  const std::optional<Instant> start = instant_at(call, kStart);
  const std::optional<Instant> end = instant_at(call, kEnd);
  // What Calendly refuses whoever asks is refused by Calendly, in its own words.
  if (!start || !end || *end <= *start || *end <= now + std::chrono::seconds(60)) {
    return read_one(call, account, std::move(done));
  }
  if (*end - *start > kLongestApiRange) {
    return done(
        Error{ErrorCode::invalid_date_range,
              "The supplied parameters are invalid.",
              {{std::string(kEnd), "date range can be no greater than " + std::to_string(kLongestApiRange.count()) + " days"}}});
  }
  const std::chrono::days longest = std::min(settings_.window, account->record.longest_window.value_or(kLongestWindowEver));
  const auto batch = std::make_shared<Batch>();
  batch->call = call;
  batch->account = account;
  batch->done = std::move(done);
  batch->first = std::max(*start, now);
  batch->last = *end;
  batch->has_long_windows = longest > kShortWindow;
  std::string rest;
  for (const auto& [name, value] : sorted_by_name(call.query)) {
    if (name != kStart && name != kEnd) rest += query_encoded(name) + '=' + query_encoded(value) + '&';
  }
  const Result<std::vector<DayRange>> windows =
      windows_covering(days_of(utc_days_touching({batch->first, batch->last})), longest);
  for (const DayRange window : windows ? *windows : std::vector<DayRange>()) {
    const std::optional<InstantRange> range = askable_range(window, now);
    if (!range) continue;  // the rest of today, seconds before midnight
    auto flight = std::make_shared<Flight>();
    flight->path = call.path;
    flight->target = call.path + '?' + rest + "start_time=" + query_encoded(calendly_text_from_instant(range->begin)) +
                     "&end_time=" + query_encoded(calendly_text_from_instant(range->end));
    flight->key = key_of(*account, call.path + '?' + rest + text_from_day(window.begin) + ".." + text_from_day(window.end));
    flight->account = account;
    flight->request_id = call.request_id;
    batch->windows.push_back(std::move(flight));
  }
  batch->parts.resize(batch->windows.size());
  advance(batch);
}

void DropinService::advance(const std::shared_ptr<Batch>& batch) {
  std::unique_lock lock(batch->mutex);
  while (batch->running < kMostParallel && batch->next < batch->windows.size() && !batch->has_failed) {
    const std::size_t at = batch->next++;
    ++batch->running;
    lock.unlock();
    // May land before this returns, from the cache: then the call inside has done what is left of this loop.
    fetch(batch->windows[at], [this, batch, at](const Landed& landed) { land(batch, at, landed); });
    lock.lock();
  }
  const bool is_over = batch->running == 0 && (batch->has_failed || batch->next == batch->windows.size());
  if (!is_over || std::exchange(batch->is_over, true)) return;
  lock.unlock();
  finish(*batch);
}

void DropinService::land(const std::shared_ptr<Batch>& batch, std::size_t at, const Landed& landed) {
  {
    const std::lock_guard lock(batch->mutex);
    batch->parts[at] = landed;
    --batch->running;
    if (landed.error || landed.answer->status != 200) batch->has_failed = true;
  }
  advance(batch);
}

void DropinService::finish(Batch& batch) {
  std::vector<SharedAnswer> answers;
  Landed whole;
  whole.source = ReplySource::cache;
  whole.is_kept = true;
  for (const std::optional<Landed>& part : batch.parts) {
    if (!part) continue;  // an earlier one failed
    if (part->is_range_complaint && batch.has_long_windows) {
      parts_.connection.note_short_windows(batch.account->generation);
      const SharedAccount account = parts_.connection.account();
      if (account->token && account->record.longest_window == kShortWindow) {
        return read_times(batch.call, account, std::move(batch.done));
      }
    }
    if (part->error) return batch.done(*part->error);
    if (part->answer->status != 200) return batch.done(reply_from(*part));
    const bool is_first = answers.empty();
    answers.push_back(part->answer);
    whole.fetched_at = is_first ? part->fetched_at : std::min(whole.fetched_at, part->fetched_at);
    whole.fresh_until = is_first ? part->fresh_until : std::min(whole.fresh_until, part->fresh_until);
    whole.is_kept = whole.is_kept && part->is_kept;
    if (part->source == ReplySource::stale || (part->source == ReplySource::upstream && whole.source == ReplySource::cache)) {
      whole.source = part->source;
    }
  }
  const auto merged = std::make_shared<ApiAnswer>();
  merged->content_type = answers.empty() ? "application/json" : answers.front()->content_type;
  merged->body = merged_times(answers, batch.first, batch.last);
  whole.answer = merged;
  batch.done(reply_from(whole));
}

}  // namespace slotwire::proxy
