#include "proxy/mcp/mcp_service.h"

#include <algorithm>

#include "proxy/booking/booking_rules.h"
#include "proxy/slots/next_query.h"
#include "proxy/slots/range_query.h"
#include "proxy/text/url.h"

namespace slotwire::mcp {
namespace {

Error not_found() {
  return {ErrorCode::event_type_not_found, "There is no such event type here; list_event_types tells those that there are."};
}

// Renames the fields to the tool's own names.
Error renamed(Error error) {
  for (ErrorDetail& detail : error.details)
    if (detail.field == "after") detail.field = "from";
  return error;
}

}  // namespace

const EventType* McpService::Open::find(std::string_view name) const {
  const EventType* type = account->find_type(name);
  if (!type || type->secret || std::find(uris.begin(), uris.end(), type->uri) == uris.end()) return nullptr;
  return type;
}

std::vector<EventType> McpService::Open::types() const {
  std::vector<EventType> types;
  for (const EventType& type : account->record.types)
    if (find(type.uri)) types.push_back(type);
  return types;
}

void McpService::handle(const std::string& message, const std::optional<Head>& head, const Speaker& speaker,
                        std::function<void(std::optional<Answer>)> done) {
  Understood what = understand(message, head, speaker.may_book);
  if (std::holds_alternative<Silence>(what)) return done(std::nullopt);
  if (auto* answer = std::get_if<Answer>(&what)) return done(std::move(*answer));
  const ToolCall call = std::get<ToolCall>(std::move(what));
  const ToolDone told = [call, done = std::move(done)](const ToolResult& result) { done(answer_to(call, result)); };
  const Result<Asked> asked = asked_from(call);
  if (!asked) return told(result_from_error(asked.error()));
  (void)parts_.types.when_read([this, asked = *asked, speaker, told] {
    // The store decides which event types are open, so that one that an admin closes is closed on every server at once.
    parts_.workers.post([this, asked, speaker, told] { carry_out(asked, speaker, told); });
  });
}

void McpService::carry_out(const Asked& asked, const Speaker& speaker, const ToolDone& done) {
  if (const auto* cancelled = std::get_if<CancelAsked>(&asked)) return done(cancel(*cancelled));
  Result<std::vector<std::string>> uris = parts_.store.assistant_types();
  if (!uris) return done(result_from_error(uris.error()));
  if (const auto lost = parts_.types.lost()) return done(result_from_error(*lost));
  const Open open{parts_.connection.account(), std::move(*uris)};
  if (open.account->record.mode == ConnectionMode::none)
    return done(result_from_error({ErrorCode::not_connected, "No Calendly account is connected."}));
  if (std::holds_alternative<ListAsked>(asked)) return done(result_from_types(open.types()));
  if (const auto* wanted = std::get_if<FindAsked>(&asked)) return find(*wanted, open, speaker, done);
  book(std::get<BookAsked>(asked), open, speaker, done);
}

void McpService::find(const FindAsked& asked, const Open& open, const Speaker& speaker, const ToolDone& done) {
  std::vector<EventType> types;
  slots::Named named{{}, Turn::fair, true};
  for (const std::string& name : asked.event_types) {
    const EventType* type = open.find(name);
    if (!type) return done(result_from_error(not_found()));
    if (std::find(named.names.begin(), named.names.end(), type->uri) != named.names.end()) continue;
    named.names.push_back(type->uri);
    types.push_back(*type);
  }
  const auto zone = parts_.zones.find(asked.timezone);
  if (!zone) return done(result_from_error(zone.error()));
  const slots::SlotsDone told = [asked, types, zone = *zone, done](const Result<slots::SlotReply>& found) {
    done(found ? result_from_times(found->answer->json, types, asked, *zone) : result_from_error(found.error()));
  };
  const Instant now = parts_.clock.now();
  if (asked.to) {
    const Result<slots::AskedRange> range =
        slots::asked_range(asked.from, asked.to, asked.timezone, parts_.zones, now, {"from", "to"});
    if (!range) return done(result_from_error(range.error()));
    slots::SlotQuery query{"", range->range, range->days, range->timezone, speaker.request_id};
    query.client = speaker.payer;
    return parts_.slots.find(std::move(named), std::move(query), told);
  }
  Result<slots::NextQuery> query = slots::asked_next({std::nullopt, asked.from, std::nullopt, asked.timezone}, parts_.zones, now);
  if (!query) return done(result_from_error(renamed(query.error())));
  query->count = asked.count;
  query->part = asked.part;
  query->request_id = speaker.request_id;
  query->client = speaker.payer;
  parts_.slots.next(std::move(named), std::move(*query), told);
}

void McpService::book(BookAsked asked, const Open& open, const Speaker& speaker, const ToolDone& done) {
  const EventType* type = open.find(asked.wish.event_type);
  if (!type && !asked.wish.event_type.empty()) return done(result_from_error(not_found()));
  if (!asked.problems.empty() || !type)
    return done(result_from_error({ErrorCode::bad_input, "Some fields are wrong.", std::move(asked.problems)}));
  asked.wish.event_type = type->uri;
  if (!speaker.may_book) return done(result_from_booking(parts_.bookings.not_here(asked.wish)));
  if (asked.confirmation.empty()) {
    // Checks what can be checked without Calendly, so that a person is not asked to confirm a booking that cannot be made.
    const std::vector<ErrorDetail> problems = booking::problems_of(asked.wish, parts_.zones);
    if (!problems.empty()) return done(result_from_error({ErrorCode::bad_input, "Some fields are wrong.", problems}));
    const Result<std::string> form = parts_.bookings.form(type->uri, true);
    if (!form) return done(result_from_error(form.error()));
    return done(result_from_preview(asked.wish, *type, *form, confirmation_of(asked.wish, parts_.nonce())));
  }
  if (!confirms(asked.confirmation, asked.wish)) {
    const ErrorDetail detail{"confirmation", "is not of this booking: call without it, and show the person what would be booked"};
    return done(result_from_error({ErrorCode::bad_input, "Nothing was booked.", {detail}}));
  }
  booking::BookingRequest request;
  request.wish = std::move(asked.wish);
  request.key = asked.confirmation;
  request.client = speaker.client;
  request.payer = speaker.payer;
  request.request_id = speaker.request_id;
  request.is_admin = speaker.is_admin;
  parts_.bookings.book(std::move(request), [done](const booking::BookingAnswer& answer) { done(result_from_booking(answer)); });
}

// On Calendly's own page a link is enough to cancel. Its API cancels only with the account's token, whose rights no stranger may
// use.
ToolResult McpService::cancel(const CancelAsked& asked) const {
  const std::optional<text::Url> link = text::url_from_text(asked.cancel_url);
  const std::optional<text::Url> own = text::url_from_text(parts_.connection.account()->record.scheduling_url);
  const bool is_calendlys = link && ((link->scheme == "https" && link->authority == "calendly.com") ||
                                     (own && link->scheme == own->scheme && link->authority == own->authority));
  constexpr std::string_view kPath = "/cancellations/";
  const bool is_one =
      is_calendlys && link->rest.starts_with(kPath) && link->rest.size() > kPath.size() &&
      link->rest.substr(kPath.size()).find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
          std::string::npos;
  if (!is_one)
    return result_from_error(
        bad_input("cancelUrl", "must be the cancelUrl of a booking: https://calendly.com/cancellations/..."));
  return result_from_cancel_link(asked.cancel_url);
}

}  // namespace slotwire::mcp
