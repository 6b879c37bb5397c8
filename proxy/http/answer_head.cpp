#include "proxy/http/answer_head.h"

#include <algorithm>

#include "proxy/text/ascii.h"

namespace slotwire::http {
namespace {

bool is_sendable(std::string_view name, std::string_view value) {
  return text::is_token(name) && std::none_of(value.begin(), value.end(), text::is_control);
}

}  // namespace

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 424:
      return "Failed Dependency";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

std::string head_from_reply(const Reply& reply, bool closes) {
  std::string head;
  head.reserve(512);
  head += "HTTP/1.1 ";
  head += std::to_string(reply.status);
  head += ' ';
  head += reason_of(reply.status);
  head += "\r\n";
  const auto add = [&head](std::string_view name, std::string_view value) {
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
  };
  for (const auto& [name, value] : reply.headers.all()) {
    // The code below alone writes the headers that frame the answer.
    const bool is_framing =
        text::equal_ignoring_case(name, "content-length") || (closes && text::equal_ignoring_case(name, "connection"));
    if (!is_framing && is_sendable(name, value)) add(name, value);
  }
  const bool has_length = reply.status >= 200 && reply.status != 204 && reply.status != 304;
  if (has_length) add("Content-Length", std::to_string(reply.body ? reply.body->size() : 0));
  if (closes) add("Connection", "close");
  head += "\r\n";
  return head;
}

}  // namespace slotwire::http
