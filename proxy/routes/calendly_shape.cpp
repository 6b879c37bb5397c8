#include "proxy/routes/calendly_shape.h"

#include "proxy/http/replies.h"
#include "shared/json_text.h"

namespace slotwire::routes {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
    case ErrorCode::invalid_date_range:
      return 400;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::method_not_allowed:
      return 405;
    case ErrorCode::unsupported_media_type:
      return 415;
    case ErrorCode::too_many_requests:
    case ErrorCode::calendly_rate_limited:
      return 429;
    case ErrorCode::booking_unknown:
      return 504;
    default:
      return 503;
  }
}

std::string_view title_of(int status) {
  switch (status) {
    case 401:
      return "Unauthenticated";
    case 403:
      return "Permission Denied";
    case 404:
      return "Resource Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Invalid Argument";
  }
}

std::string seconds_text(std::chrono::seconds time) { return std::to_string(time.count()); }

void set_rate(http::Reply& reply, const calendly::RateState& rate) {
  reply.headers.set("X-RateLimit-Limit", std::to_string(rate.limit));
  reply.headers.set("X-RateLimit-Remaining", std::to_string(rate.remaining));
  reply.headers.set("X-RateLimit-Reset", seconds_text(rate.until_reset));
}

std::string cache_status_of(const dropin::ApiReply& api, CallKind kind) {
  if (kind == CallKind::write) return "slotwire; fwd=method";
  if (kind == CallKind::personal_read) return "slotwire; fwd=bypass";
  switch (api.source) {
    case dropin::ReplySource::cache:
      return "slotwire; hit; ttl=" + seconds_text(api.fresh_for);
    case dropin::ReplySource::stale:
      return "slotwire; hit; ttl=" + seconds_text(api.fresh_for) + "; detail=\"upstream failed\"";
    case dropin::ReplySource::upstream:
      break;
  }
  return api.is_kept ? "slotwire; fwd=miss; stored" : "slotwire; fwd=miss";
}

}  // namespace

http::Reply reply_from_api(const dropin::ApiReply& api, CallKind kind) {
  http::Reply reply;
  reply.status = api.answer->status;
  // A redirect would lead the client, with its token, past this proxy.
  if (reply.status < 200 || (reply.status >= 300 && reply.status < 400)) {
    return calendly_error_reply({ErrorCode::calendly_unavailable, "Calendly gave an unexpected answer."});
  }
  if (!api.answer->content_type.empty()) reply.headers.set("Content-Type", api.answer->content_type);
  if (!api.answer->body.empty()) reply.body = {api.answer, &api.answer->body};
  if (api.answer->retry_after) reply.headers.set("Retry-After", seconds_text(*api.answer->retry_after));
  if (api.rate) set_rate(reply, *api.rate);
  const bool is_shared = kind == CallKind::shared_read && reply.status < 300;
  reply.headers.set("Cache-Control", is_shared ? "max-age=0, private, must-revalidate" : "no-store");
  reply.headers.set("Cache-Status", cache_status_of(api, kind));
  if (api.source != dropin::ReplySource::upstream) reply.headers.set("Age", seconds_text(api.age));
  if (api.source == dropin::ReplySource::stale) reply.headers.set("Warning", "110 slotwire \"Response is Stale\"");
  return reply;
}

http::Reply calendly_error_reply(const Error& error) { return calendly_error_reply(status_of(error.code), error); }

http::Reply calendly_error_reply(int status, const Error& error) {
  std::string body = "{";
  append_json_field(body, "title", title_of(status));
  append_json_field(body, "message", error.detail);
  if (!error.details.empty()) {
    append_json_key(body, "details");
    body += '[';
    for (const ErrorDetail& detail : error.details) {
      if (!body.ends_with('[')) body += ',';
      body += '{';
      append_json_field(body, "parameter", detail.field);
      append_json_field(body, "message", detail.message);
      body += '}';
    }
    body += ']';
  }
  http::Reply reply = http::json_reply(status, body + "}");
  reply.headers.set("Cache-Control", "no-store");
  constexpr std::chrono::seconds kUsualWait{30};
  const std::chrono::seconds wait = error.retry_after.value_or(kUsualWait);
  if (status == 429 || status == 503) reply.headers.set("Retry-After", seconds_text(wait));
  if (status == 429) {
    reply.headers.set("X-RateLimit-Remaining", "0");
    reply.headers.set("X-RateLimit-Reset", seconds_text(wait));
  }
  if (status == 401) reply.headers.set("WWW-Authenticate", "Bearer");
  return reply;
}

}  // namespace slotwire::routes
