// The part of DropinService that answers any range of available times from stored days.
#include <algorithm>

#include "proxy/dropin/reading.h"
#include "shared/time_between.h"

namespace slotwire::dropin {
namespace {

constexpr std::string_view kStart = "start_time";
constexpr std::string_view kEnd = "end_time";

// The only value of this name; nullopt when there is none or there are several.
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

}  // namespace

// Times are stored by whole UTC days. So callers share windows even if each range begins a second later, as ranges from "now" do.
void DropinService::read_times(const ApiCall& call, const SharedAccount& account, ApiDone done) {
  const Instant now = parts_.clock.now();
  const std::optional<Instant> start = instant_at(call, kStart);
  const std::optional<Instant> end = instant_at(call, kEnd);
  // Ranges that Calendly refuses for everyone are passed on, so that Calendly words the refusal.
  if (!start || !end || *end <= *start || *end <= now + std::chrono::seconds(60)) {
    return read_whole(call, account, std::move(done));
  }
  if (time_between(*start, *end) > kLongestApiRange) {
    return done(
        Error{ErrorCode::invalid_date_range,
              "The supplied parameters are invalid.",
              {{std::string(kEnd), "date range can be no greater than " + std::to_string(kLongestApiRange.count()) + " days"}}});
  }
  const Instant first = std::max(*start, now);
  Pairs rest = sorted_by_name(call.query);
  std::erase_if(rest, [](const auto& pair) { return pair.first == kStart || pair.first == kEnd; });
  const Question question{Question::Kind::times, target_from(call.path, rest)};
  fetch::Ask wanted{key_from_question(question), utc_days_touching({first, *end}), {}, call.client, call.request_id};
  wanted.is_whole = true;
  ask(std::move(wanted), std::make_shared<Reading>(Reading{question.kind, std::move(done), first, *end}), account);
}

}  // namespace slotwire::dropin
