// Where a request begins and ends, over real sockets: disagreeing with the proxy in front would allow request smuggling.
#include "proxy/http/request_reader.h"
#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;

namespace {

struct Row {
  const char* name;
  std::string bytes;
  int status;
};

std::string many_headers(int count) {
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < count; ++i) request += "X-" + std::to_string(i) + ": v\r\n";
  return request + "\r\n";
}

std::vector<Row> rows() {
  using namespace std::string_literals;
  return {
      {"plain", "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"absolute form", "GET http://other/a HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200},
      {"header name in any case", "POST / HTTP/1.1\r\nhOsT: a\r\ncontent-LENGTH: 2\r\n\r\nhi", 200},
      {"99 more headers", many_headers(99), 200},
      {"both lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"two lengths that differ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"two lengths that agree", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400},
      {"a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400},
      {"a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello", 400},
      {"a hex length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", 400},
      {"an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello", 400},
      {"a length past 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413},
      {"a body over the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413},
      {"chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 200},
      {"chunked, disguised", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked twice", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunked twice, in a list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
      {"another coding first", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked, then another",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
      {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\nhello", 400},
      {"no coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\nhello", 400},
      {"a coding with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", 400},
      {"a coding with a vertical tab",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"the length after the chunks",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"space before the colon", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\nhello",
       400},
      {"a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400},
      {"a folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"bare LF between headers", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare CR in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rTransfer-Encoding: chunked\r\n\r\n", 400},
      {"NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s, 400},
      {"NUL in the address", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s, 400},
      {"a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400},
      {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"two Authorizations", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer a\r\n\r\n", 400},
      {"two Content-Types",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
       400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a space in the address", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"authority form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"method with a slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n"s, 400},
      {"a compressed body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi", 415},
      {"an unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 2\r\n\r\nhi", 417},
      {"a long address", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"a long header, unfinished", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a'), 431},
      {"101 headers", many_headers(101), 431},
      {"long headers in sum",
       [] {
         std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
         for (int i = 0; i < 10; ++i) request += "X: " + std::string(8000, 'a') + "\r\n";
         return request + "\r\n";
       }(),
       431},
  };
}

}  // namespace

TEST_CASE("framing: what is ambiguous is refused in the API's envelope and ends the connection", "[http][framing]") {
  TestServer server(echo);
  for (const Row& row : rows()) {
    INFO(row.name);
    SocketClient client = server.client();
    client.send(row.bytes);
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == row.status);
    if (row.status == 200) continue;
    CHECK(answer->body.find("\"success\":false") != std::string::npos);
    CHECK(answer->header("content-type") == "application/json; charset=utf-8");
    CHECK(answer->header("connection") == "close");
    client.end_sending();
    CHECK(client.is_ended());
  }
}

TEST_CASE("framing: the verdict does not depend on how the bytes are cut into packets", "[http][framing]") {
  for (const Row& row : rows()) {
    INFO(row.name);
    const auto verdict = [](const auto& step) {
      if (const auto* refused = std::get_if<Refused>(&step)) return refused->status;
      return std::holds_alternative<RequestHead>(step) ? 200 : 0;
    };
    HeadReader whole;
    const int at_once = verdict(whole.read(row.bytes, 65536));
    HeadReader by_byte;
    int piecemeal = 0;
    for (std::size_t size = 1; size <= row.bytes.size() && piecemeal == 0; ++size) {
      piecemeal = verdict(by_byte.read(std::string_view(row.bytes).substr(0, size), 65536));
    }
    CHECK(at_once == row.status);
    CHECK(piecemeal == row.status);
  }
}

TEST_CASE("framing: no prefix and no single changed byte of a request upsets the reader", "[http][framing]") {
  const std::string request = "POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-Y: z\r\n\r\n";
  for (std::size_t size = 0; size < request.size(); ++size) {
    HeadReader reader;
    CHECK(std::holds_alternative<NeedsMore>(reader.read(std::string_view(request).substr(0, size), 100)));
  }
  for (std::size_t at = 0; at < request.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = request;
      changed[at] = static_cast<char>(byte);
      HeadReader reader;
      const auto step = reader.read(changed, 100);
      if (const auto* head = std::get_if<RequestHead>(&step)) {
        // An accepted head ends where the bytes end, and its length is one that the bytes contain.
        REQUIRE(head->head_bytes <= changed.size());
        REQUIRE(head->body_bytes <= 100);
        REQUIRE(head->path.find_first_of(std::string_view("\0\r\n ", 4)) == std::string_view::npos);
      }
    }
  }
}

TEST_CASE("framing: a body that follows 413 does not become the next request", "[http][framing]") {
  TestServer server(echo);
  SocketClient client = server.client();
  std::string body;
  while (body.size() < 1024 * 1024) body += get("/smuggled");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.send(body);
  const auto refusal = client.read_answer();
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 413);
  client.end_sending();
  CHECK_FALSE(client.read_answer().has_value());
}
