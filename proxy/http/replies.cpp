#include "proxy/http/replies.h"

#include "shared/answers.h"

namespace slotwire::http {

Reply reply_from_text(int status, std::string content_type, std::string body) {
  Reply reply;
  reply.status = status;
  reply.headers.set("Content-Type", std::move(content_type));
  reply.body = std::make_shared<const std::string>(std::move(body));
  return reply;
}

Reply json_reply(int status, std::string json) {
  return reply_from_text(status, "application/json; charset=utf-8", std::move(json));
}

Reply error_reply(int status, const Error& error, std::string_view data_json) {
  Reply reply = json_reply(status, json_from_error(error, data_json));
  reply.headers.set("Cache-Control", "no-store");
  if (error.retry_after) reply.headers.set("Retry-After", std::to_string(error.retry_after->count()));
  return reply;
}

Reply refusal_in_envelope(const AskedAt&, int status, const Error& error) { return error_reply(status, error); }

}  // namespace slotwire::http
