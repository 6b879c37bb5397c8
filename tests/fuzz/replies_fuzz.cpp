// What goes out when it holds what others wrote: an answer of Calendly's handed on, a refusal that repeats what was asked.
// However it reads, it is one answer with one length.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "proxy/http/answer_head.h"
#include "proxy/http/replies.h"
#include "proxy/http/router.h"
#include "proxy/routes/calendly_shape.h"
#include "shared/json_members.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

// The head as a plain reader has it: lines, names, values.
std::multimap<std::string, std::string> fields_of(const std::string& head) {
  holds(head.ends_with("\r\n\r\n") && head.find("\r\n\r\n") + 4 == head.size(), "a head ends once");
  std::multimap<std::string, std::string> fields;
  std::size_t at = head.find("\r\n") + 2;
  while (at + 2 < head.size()) {
    const std::size_t end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    holds(colon != line.npos && colon > 0 && line.find_first_of("\r\n") == line.npos, "a line is a name and a value");
    std::string name = line.substr(0, colon);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    fields.emplace(std::move(name), line.substr(colon + 2));
    at = end + 2;
  }
  return fields;
}

void hold_one_answer(const http::Reply& reply) {
  const auto fields = fields_of(http::head_from_reply(reply, false));
  holds(fields.count("content-length") <= 1 && fields.count("transfer-encoding") == 0, "one length");
  if (const auto length = fields.find("content-length"); length != fields.end())
    holds(length->second == std::to_string(reply.body ? reply.body->size() : 0), "that is right");
  holds(fields.count("set-cookie") == 0 && fields.count("access-control-allow-origin") == 0, "nobody adds a header");
}

void hold_routes(std::string_view path) {
  static const http::Router router = [] {
    http::Router made;
    const auto told = [](const http::Request& request) -> http::Step {
      std::string all;
      for (const std::string& value : request.path_values) all += value + '\n';
      return http::reply_from_text(200, "text/plain", all);
    };
    made.on("GET", "/api/app/calendly/slots/{eventType}", told);
    made.on("POST", "/api/app/calendly/bookings", told);
    made.on("*", "/calendly/v2/{rest...}", told);
    return made;
  }();
  if (!path.starts_with('/')) return;
  http::Request request;
  request.method = "GET";
  request.path = path;
  const http::Step step = router(request);
  holds(std::holds_alternative<http::Reply>(step), "a path is answered");
  const auto& reply = std::get<http::Reply>(step);
  holds(reply.status == 200 || reply.status == 400 || reply.status == 404 || reply.status == 405, "with what is there");
  hold_one_answer(reply);
  if (reply.status == 200) {
    const bool is_v2 = path.starts_with("/calendly/v2/") || path.find('%') != path.npos;
    holds(is_v2 || (path.starts_with("/api/app/calendly/slots/") && path.size() > 24 && path.find('/', 24) == path.npos),
          "by its own route");
  }
  if (reply.body && reply.status != 200) holds(json_from_text(*reply.body).is_object(), "a refusal is JSON");
}

}  // namespace

FUZZ_TARGET(replies) {
  fuzz::Input choices(bytes);
  const auto status = static_cast<int>(100 + choices.up_to(499));
  const auto kind = static_cast<routes::CallKind>(choices.up_to(2));
  const auto source = static_cast<dropin::ReplySource>(choices.up_to(2));
  fuzz::Input input(bytes);
  const std::string first(input.line());

  const auto answer = std::make_shared<dropin::ApiAnswer>();
  answer->status = status;
  answer->content_type = first;
  answer->body = std::string(input.rest());
  answer->retry_after = std::chrono::seconds(choices.up_to(100));
  dropin::ApiReply api;
  api.answer = answer;
  api.source = source;
  api.is_kept = choices.flip();
  const http::Reply reply = routes::reply_from_api(api, kind);
  hold_one_answer(reply);
  if (status < 200 || (status >= 300 && status < 400)) holds(reply.status == 503, "nobody is led past us");
  if (reply.status == status && !answer->body.empty())
    holds(*reply.body == answer->body, "Calendly's bytes are handed on as they came");

  const Error error{ErrorCode::bad_input, first, {{first, std::string(input.rest())}}};
  for (const http::Reply& refusal : {routes::calendly_error_reply(error), http::error_reply(400, error)}) {
    hold_one_answer(refusal);
    holds(json_from_text(*refusal.body).is_object(), "a refusal is JSON, whatever it repeats");
  }
  hold_routes(first);
}
