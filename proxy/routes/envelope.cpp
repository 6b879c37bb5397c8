#include "proxy/routes/envelope.h"

#include "proxy/http/replies.h"
#include "proxy/text/ascii.h"
#include "shared/json_text.h"

namespace slotwire::routes {

int status_from_code(ErrorCode code, Audience audience) {
  switch (code) {
    case ErrorCode::bad_input:
    case ErrorCode::invalid_date_range:
    case ErrorCode::invalid_token:
      return 400;
    case ErrorCode::insufficient_scope:
      return audience == Audience::admin ? 400 : 503;
    case ErrorCode::bad_signature:
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::event_type_not_found:
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::method_not_allowed:
      return 405;
    case ErrorCode::slot_taken:
    case ErrorCode::booking_not_available:
    case ErrorCode::idempotency_conflict:
      return 409;
    case ErrorCode::payload_too_large:
      return 413;
    case ErrorCode::unsupported_media_type:
      return 415;
    case ErrorCode::too_many_requests:
      return 429;
    case ErrorCode::not_connected:
    case ErrorCode::token_rejected:
    case ErrorCode::token_unreadable:
    case ErrorCode::calendly_rate_limited:
    case ErrorCode::calendly_unavailable:
    case ErrorCode::calendar_error:
    case ErrorCode::booking_limit:
    case ErrorCode::storage_failed:
    case ErrorCode::stopping:
      return 503;
    case ErrorCode::booking_unknown:
      return 504;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

http::Reply reply_from_error(Error error, Audience audience, std::string_view data_json) {
  const int status = status_from_code(error.code, audience);
  constexpr std::chrono::seconds kUsualWait{30};
  if (status == 503 && !error.retry_after) error.retry_after = kUsualWait;
  http::Reply reply = http::error_reply(status, error, data_json);
  if (status == 401) reply.headers.set("WWW-Authenticate", "Bearer");
  return reply;
}

http::Reply success_reply(std::string_view message, std::string_view data_json) {
  std::string body = R"({"success":true,"message":)";
  append_json_string(body, message);
  body += ",\"data\":";
  body += data_json;
  body += '}';
  http::Reply reply = http::json_reply(200, std::move(body));
  reply.headers.set("Cache-Control", "no-store");
  return reply;
}

Result<Done> check_is_json(const http::Request& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  std::string_view media = type.substr(0, type.find(';'));
  while (media.ends_with(' ')) media.remove_suffix(1);
  if (!text::equal_ignoring_case(media, "application/json")) {
    return Error{ErrorCode::unsupported_media_type, "The body must be JSON (Content-Type: application/json)."};
  }
  return Done{};
}

}  // namespace slotwire::routes
