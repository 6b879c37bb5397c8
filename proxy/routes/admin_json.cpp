#include "proxy/routes/admin_json.h"

#include <algorithm>

#include "shared/json_text.h"

namespace slotwire::routes {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view text) {
  append_json_key(out, key);
  append_json_string(out, text);
}

void append_text_or_null(std::string& out, std::string_view key, std::string_view text) {
  append_json_key(out, key);
  if (text.empty()) {
    out += "null";
  } else {
    append_json_string(out, text);
  }
}

void append_instant_or_null(std::string& out, std::string_view key, const std::optional<Instant>& instant) {
  append_text_or_null(out, key, instant ? text_from_instant(std::chrono::floor<std::chrono::seconds>(*instant)) : "");
}

void append_number(std::string& out, std::string_view key, std::uint64_t number) {
  append_json_key(out, key);
  out += std::to_string(number);
}

void append_names(std::string& out, std::string_view key, const std::vector<std::string>& names) {
  append_json_list(out, key, names, [&](const std::string& name) { append_json_string(out, name); });
}

void append_count_or_null(std::string& out, std::string_view key, std::optional<int> count) {
  append_json_key(out, key);
  out += count ? std::to_string(*count) : "null";
}

void append_usage(std::string& out, const Result<booking::BookingService::Usage>& usage) {
  append_json_key(out, "bookings");
  if (!usage) {
    out += "null";
    return;
  }
  const auto& sent = usage->counted.sent;
  out += '{';
  append_count_or_null(out, "lastMinute", sent.at(0));
  append_count_or_null(out, "lastHour", sent.at(1));
  append_count_or_null(out, "lastDay", sent.at(2));
  append_json_key(out, "limits");
  out += '{';
  append_count_or_null(out, "minute", booking::kBookingLimits.at(0).at_most);
  append_count_or_null(out, "hour", booking::kBookingLimits.at(1).at_most);
  append_count_or_null(out, "day", booking::kBookingLimits.at(2).at_most);
  out += '}';
  if (usage->refused_for) append_number(out, "refusedForS", static_cast<std::uint64_t>(usage->refused_for->count()));
  out += '}';
}

void append_booking(std::string& out, const calendly::ScheduledEvent& event) {
  out += '{';
  append_text(out, "uri", event.uri);
  append_text(out, "name", event.name);
  append_text(out, "status", event.status);
  append_text(out, "start", text_from_instant(std::chrono::floor<std::chrono::seconds>(event.time.begin)));
  append_text(out, "end", text_from_instant(std::chrono::floor<std::chrono::seconds>(event.time.end)));
  append_text_or_null(out, "eventTypeUri", event.event_type_uri);
  append_text_or_null(out, "location", event.location);
  append_count_or_null(out, "invitees", event.invitees);
  append_count_or_null(out, "inviteesLimit", event.invitees_limit);
  append_text_or_null(out, "createdAt", event.created_at);
  out += '}';
}

std::string_view name_of(fetch::ListStanding standing) {
  switch (standing) {
    case fetch::ListStanding::fresh:
      return "fresh";
    case fetch::ListStanding::old:
      return "old";
    case fetch::ListStanding::lost:
      return "too_old";
  }
  return "";
}

// Never includes the key, sealed or not.
void append_webhook(std::string& out, const std::optional<store::Webhook>& webhook, std::optional<Instant> last_delivery) {
  append_json_key(out, "webhook");
  out += '{';
  append_json_flag(out, "subscribed", webhook.has_value());
  if (webhook) {
    append_text(out, "callbackUrl", webhook->callback_url);
    append_instant_or_null(out, "createdAt", webhook->created_at);
    append_json_flag(out, "tellsOfEventTypes", webhook->tells_of_types);
    append_text(out, "createdBy", webhook->created_by);
  }
  if (last_delivery) append_instant_or_null(out, "lastDeliveryAt", last_delivery);
  out += '}';
}

}  // namespace

std::string json_from_status(const connection::Account& account, const TypesShown& types,
                             const Result<booking::BookingService::Usage>& usage, std::optional<Instant> last_delivery) {
  const store::ConnectionRecord& record = account.record;
  std::string out = "{";
  append_json_flag(out, "connected", record.mode != ConnectionMode::none);
  append_text(out, "connectionMode", name_from_mode(record.mode));
  append_text_or_null(out, "calendlyUserId", record.user_uri);
  append_text_or_null(out, "calendlyUserName", record.user_name);
  append_text_or_null(out, "organizationUri", record.organization_uri);
  append_json_list(out, "eventTypes", record.types, [&](const EventType& type) {
    append_event_type_json(out, type);
    out.pop_back();  // inside its braces, for fields that visitors do not get
    append_json_flag(out, "active", type.active);
    append_json_flag(out, "secret", type.secret);
    out += '}';
  });
  append_names(out, "leftOut", record.left_out);
  append_instant_or_null(out, "connectedAt", record.connected_at);
  append_text_or_null(out, "connectedBy", record.connected_by);
  append_instant_or_null(out, "lastSyncedAt", types.read_at);
  append_instant_or_null(out, "lastValidatedAt", std::max(record.last_validated_at, types.read_at));
  append_text(out, "eventTypesAre", name_of(types.state.standing));
  if (types.state.trouble) {
    append_json_key(out, "eventTypesProblem");
    out += '{';
    append_text(out, "code", name_from_code(types.state.trouble->code));
    append_text(out, "message", types.state.trouble->detail);
    out += '}';
  }
  append_text_or_null(out, "tokenFingerprint", record.token_fingerprint);
  append_json_key(out, "scopes");
  out += '{';
  append_names(out, "granted", record.granted_scopes);
  append_names(out, "missing", record.missing_scopes);
  append_names(out, "beyondPlan", record.beyond_plan);
  out += '}';
  append_usage(out, usage);
  append_webhook(out, record.webhook, last_delivery);
  if (account.problem) {
    append_json_key(out, "problem");
    out += '{';
    append_text(out, "code", name_from_code(account.problem->code));
    append_text(out, "message", account.problem->detail);
    append_json_list(out, "details", account.problem->details,
                     [&](const ErrorDetail& detail) { append_json_string(out, detail.message); });
    out += '}';
  }
  return out + "}";
}

std::string json_from_stats(const slots::SlotService::Stats& stats, const calendly::CalendlyClient::Counts& counts,
                            const Result<booking::BookingService::Usage>& usage) {
  std::string out = "{";
  append_number(out, "cells", stats.cells);
  append_number(out, "bytes", stats.bytes);
  append_number(out, "preparedAnswers", stats.prepared_answers);
  append_number(out, "preparedBytes", stats.prepared_bytes);
  append_number(out, "flights", stats.flights);
  append_number(out, "waiting", stats.waiting);
  append_number(out, "hits", stats.hits);
  append_number(out, "misses", stats.misses);
  append_number(out, "stale", stats.stale);
  append_number(out, "failed", stats.failed);
  append_number(out, "evicted", stats.evicted);
  append_number(out, "upstreamCalls", counts.calls);
  append_number(out, "upstreamFailures", counts.failures);
  append_json_flag(out, "breakerOpen", counts.is_breaker_open);
  append_json_key(out, "rateRemaining");
  out += counts.rate_remaining ? std::to_string(*counts.rate_remaining) : "null";
  append_usage(out, usage);
  return out + "}";
}

std::string json_from_bookings(const connection::BookingsRead& bookings, DayRange days) {
  std::string out = "{";
  append_text(out, "from", text_from_day(days.begin));
  append_text(out, "to", text_from_day(days.end - std::chrono::days(1)));
  append_json_flag(out, "complete", bookings.is_complete);
  append_json_list(out, "bookings", bookings.events, [&](const auto& event) { append_booking(out, event); });
  return out + "}";
}

std::string json_from_assistants(std::string_view mcp, const connection::Account& account, const std::vector<std::string>& open) {
  std::vector<EventType> listed = account.record.types;
  std::erase_if(listed, [](const EventType& type) { return !type.active || type.secret; });
  std::string out = "{";
  append_text(out, "mcp", mcp);
  append_json_list(out, "eventTypes", listed, [&](const EventType& type) {
    out += '{';
    append_text(out, "uri", type.uri);
    append_text(out, "name", type.name);
    append_json_flag(out, "open", std::find(open.begin(), open.end(), type.uri) != open.end());
    out += '}';
  });
  return out + "}";
}

std::string json_from_audit(const std::vector<store::AuditEntry>& entries) {
  std::string out = "{";
  append_json_list(out, "entries", entries, [&](const store::AuditEntry& entry) {
    out += '{';
    append_instant_or_null(out, "at", entry.at);
    append_text(out, "by", entry.subject);
    append_text(out, "role", entry.role);
    append_text(out, "action", entry.action);
    append_text(out, "outcome", entry.outcome);
    append_text(out, "client", entry.client);
    append_text(out, "requestId", entry.request_id);
    out += '}';
  });
  return out + "}";
}

}  // namespace slotwire::routes
