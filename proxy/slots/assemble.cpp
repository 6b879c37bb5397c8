#include "proxy/slots/assemble.h"

#include <algorithm>

#include "proxy/text/compress.h"
#include "proxy/text/digest.h"

namespace slotwire::slots {
namespace {

bool continues(const AnsweredWindow& window, const DayRange& fetch, Day day, const fetch::Outcome& outcome,
               const DayRange& outcome_fetch) {
  const std::optional<ErrorCode> error = outcome.error ? std::optional(outcome.error->code) : std::nullopt;
  return window.days.end == day && window.source == outcome.source && window.error == error && fetch == outcome_fetch;
}

std::string weak_etag_over(std::string_view text) { return "W/\"" + text::sha256_hex(text, 12) + '"'; }

std::shared_ptr<PreparedAnswer> compressed(std::string json) {
  auto prepared = std::make_shared<PreparedAnswer>();
  prepared->gzip = text::gzip_of(json);
  prepared->brotli = text::brotli_of(json);
  prepared->json = std::move(json);
  return prepared;
}

}  // namespace

const DaySlots& slots_of(const fetch::Cell& cell) { return *static_cast<const DaySlots*>(cell.payload.get()); }

Result<SlotsAnswer> assembled_answer(const EventType& type, const SlotQuery& query, const fetch::Outcomes& outcomes,
                                     Instant now) {
  SlotsAnswer answer;
  answer.event_type_uri = type.uri;
  answer.event_type_name = type.name;
  answer.duration = type.duration;
  answer.host = type.host;
  answer.place = type.place;
  answer.description = type.description;
  answer.timezone = query.timezone;
  answer.days = query.days;
  answer.cached = true;
  bool is_any_known = outcomes.empty();
  DayRange fetch{};
  for (const auto& [day, outcome] : outcomes) {
    const bool has_failed = outcome.source == WindowSource::failed;
    is_any_known = is_any_known || !has_failed;
    answer.cached = answer.cached && outcome.source == WindowSource::cache;
    answer.stale = answer.stale || outcome.source == WindowSource::stale;
    answer.complete = answer.complete && !has_failed;
    const DayRange outcome_fetch = has_failed ? DayRange{} : outcome.cell.window;
    if (answer.windows.empty() || !continues(answer.windows.back(), fetch, day, outcome, outcome_fetch)) {
      AnsweredWindow window;
      window.days = {day, day};
      window.source = outcome.source;
      if (outcome.error) window.error = outcome.error->code;
      if (!has_failed) window.fetched_at = outcome.cell.fetched_at;
      answer.windows.push_back(window);
      fetch = outcome_fetch;
    }
    answer.windows.back().days.end = day + std::chrono::days(1);
    if (has_failed) continue;
    const fetch::Cell& cell = outcome.cell;
    answer.fetched_at = std::min(answer.fetched_at.value_or(cell.fetched_at), cell.fetched_at);
    const DaySlots& slots = slots_of(cell);
    std::copy_if(slots.begin(), slots.end(), std::back_inserter(answer.slots),
                 [&](const Slot& slot) { return query.range.contains(slot.start) && slot.start > now; });
  }
  if (!is_any_known) return *outcomes.begin()->second.error;
  return answer;
}

Instant fresh_until(const SlotsAnswer& answer, const fetch::Outcomes& outcomes, Instant now, std::chrono::seconds idle) {
  if (answer.stale || !answer.complete) return now;
  Instant until = now + idle;
  if (!outcomes.empty()) {
    until = outcomes.begin()->second.cell.fresh_until;
    for (const auto& [day, outcome] : outcomes) until = std::min(until, outcome.cell.fresh_until);
  }
  return answer.slots.empty() ? until : std::min(until, answer.slots.front().start);
}

std::shared_ptr<const PreparedAnswer> prepared_from(const SlotsAnswer& answer, Instant fresh_until,
                                                    const std::function<std::string(const SlotsAnswer&)>& json) {
  // The tag covers everything a visitor sees, but not where it came from: an answer that looks the same need not be sent again.
  SlotsAnswer visible = answer;
  visible.cached = false;
  visible.fetched_at.reset();
  visible.windows.clear();
  std::shared_ptr<PreparedAnswer> prepared = compressed(json(answer));
  prepared->etag = weak_etag_over(json(visible));
  prepared->fresh_until = fresh_until;
  prepared->is_stale = answer.stale;
  prepared->is_complete = answer.complete;
  return prepared;
}

std::shared_ptr<const PreparedAnswer> prepared_from_json(std::string json) {
  std::shared_ptr<PreparedAnswer> prepared = compressed(std::move(json));
  prepared->etag = weak_etag_over(prepared->json);
  return prepared;
}

std::shared_ptr<const PreparedAnswer> prepared_public_link(std::string_view scheduling_url, Instant fresh_until) {
  std::shared_ptr<PreparedAnswer> prepared = compressed(json_from_public_link(scheduling_url));
  prepared->etag = weak_etag_over(prepared->json);
  prepared->fresh_until = fresh_until;
  prepared->is_public_link = true;
  return prepared;
}

}  // namespace slotwire::slots
