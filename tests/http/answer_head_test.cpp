#include "proxy/http/answer_head.h"

#include <catch_amalgamated.hpp>

#include "proxy/http/replies.h"

using namespace slotwire;
using namespace slotwire::http;

TEST_CASE("head_from_reply: status, the reply's own headers in order, the body's length", "[http][head]") {
  Reply reply = reply_from_text(404, "text/plain", "twelve bytes");
  reply.headers.add("X-Twice", "1");
  reply.headers.add("X-Twice", "2");
  const std::string rest = "Content-Type: text/plain\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 12\r\n";
  CHECK(head_from_reply(reply, false) == "HTTP/1.1 404 Not Found\r\n" + rest + "\r\n");
  CHECK(head_from_reply(reply, true) == "HTTP/1.1 404 Not Found\r\n" + rest + "Connection: close\r\n\r\n");
}

TEST_CASE("head_from_reply: framing is decided here alone", "[http][head]") {
  Reply reply = reply_from_text(200, "text/plain", "twelve bytes");
  reply.headers.set("content-length", "5");
  reply.headers.set("Connection", "keep-alive");
  CHECK(head_from_reply(reply, false) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: keep-alive\r\nContent-Length: 12\r\n\r\n");
  CHECK(head_from_reply(reply, true) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\nConnection: close\r\n\r\n");
  for (const int status : {204, 304}) {
    reply.status = status;
    CHECK(head_from_reply(reply, false).find("Content-Length") == std::string::npos);
  }
}

TEST_CASE("head_from_reply: what would be another line, or no header at all, is left out", "[http][head]") {
  using namespace std::string_literals;
  for (const auto& [name, value] : {std::pair{"X-Echo"s, "a\r\nSet-Cookie: b"s},
                                    {"X-Echo"s, "a\nb"s},
                                    {"X-Echo"s, "a\0b"s},
                                    {"X Echo"s, "a"s},
                                    {"X-Echo:"s, "a"s},
                                    {""s, "a"s},
                                    {"X\r\nY"s, "a"s}}) {
    Reply reply;
    reply.status = 204;
    reply.headers.add(name, value);
    CHECK(head_from_reply(reply, false) == "HTTP/1.1 204 No Content\r\n\r\n");
  }
}

TEST_CASE("head_from_reply: a status that has no name keeps its number", "[http][head]") {
  Reply reply;
  reply.status = 299;
  CHECK(head_from_reply(reply, false) == "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
}
