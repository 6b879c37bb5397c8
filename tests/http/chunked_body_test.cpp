// Finds the end of a chunked body, however it is split: a different result than a proxy's in front would allow request smuggling.
#include "proxy/http/chunked_body.h"

#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMost = 65'536;

struct Row {
  const char* name;
  std::string bytes;
  int status;        // 200: a body; 0: incomplete
  std::string body;  // as far as decoded
};

std::vector<Row> rows() {
  using namespace std::string_literals;
  const auto trailers = [](int count) {
    std::string bytes = "0\r\n";
    for (int i = 0; i < count; ++i) bytes += "X-" + std::to_string(i) + ": v\r\n";
    return bytes + "\r\n";
  };
  return {
      {"one chunk", "5\r\nhello\r\n0\r\n\r\n", 200, "hello"},
      {"none", "0\r\n\r\n", 200, ""},
      {"several, sizes in either case", "A\r\n0123456789\r\nb\r\n01234567890\r\n0\r\n\r\n", 200, "012345678901234567890"},
      {"zeros in front", "00000005\r\nhello\r\n000\r\n\r\n", 200, "hello"},
      {"line breaks as data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", 200, "\r\n\r\n"},
      {"a chunk that looks like the end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", 200, "0\r\n\r\n"},
      {"extensions", "5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n", 200, "hello"},
      {"trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\nY:\r\n\r\n", 200, "hello"},
      {"twenty trailers", trailers(20), 200, ""},
      {"no end yet", "5\r\nhello\r\n0\r\n", 0, "hello"},
      {"no size", "\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"only an extension", ";a=b\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"a negative size", "-5\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"a sign", "+5\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"0x", "0x5\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"a space before", " 5\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"a space behind", "5 \r\nhello\r\n0\r\n\r\n", 400, ""},
      {"a space before the extension", "5 ;a\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"no hexadecimal digit", "5g\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"nine digits", "000000005\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"past 32 bits", "100000005\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"past 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"the largest size", "ffffffff\r\nhello", 413, ""},
      {"one byte too many", "10001\r\nhello", 413, ""},
      {"one byte too many in sum", "1\r\nx\r\n10000\r\nhello", 413, "x"},
      {"LF alone behind the size", "5\nhello\r\n0\r\n\r\n", 400, ""},
      {"CR alone behind the size", "5\rhello\r\n0\r\n\r\n", 400, ""},
      {"LF alone in an extension", "5;a\nhello\r\n0\r\n\r\n", 400, ""},
      {"CR alone in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", 400, ""},
      {"NUL in an extension", "5;a\0b\r\nhello\r\n0\r\n\r\n"s, 400, ""},
      {"a long extension", "5;" + std::string(1100, 'a'), 400, ""},
      {"no line break behind the data", "5\r\nhello0\r\n\r\n", 400, "hello"},
      {"LF alone behind the data", "5\r\nhello\n0\r\n\r\n", 400, "hello"},
      {"CR alone behind the data", "5\r\nhello\r0\r\n\r\n", 400, "hello"},
      {"more data than said", "5\r\nhello!\r\n0\r\n\r\n", 400, "hello"},
      {"less data than said", "6\r\nhello\r\n0\r\n\r\n", 400, "hello\r"},
      {"data without end", "1\r\n" + std::string(1100, 'a'), 400, "a"},
      {"a trailer that is none", "0\r\nGET / HTTP/1.1\r\n\r\n", 400, ""},
      {"a trailer without a name", "0\r\n: x\r\n\r\n", 400, ""},
      {"a trailer with a space before the colon", "0\r\nX : x\r\n\r\n", 400, ""},
      {"a folded trailer", "0\r\nX: x\r\n y\r\n\r\n", 400, ""},
      {"LF alone behind a trailer", "0\r\nX: x\n\r\n", 400, ""},
      {"LF alone at the end", "0\r\n\n", 400, ""},
      {"a long trailer", "0\r\nX: " + std::string(1100, 'a'), 400, ""},
      {"many trailers", trailers(21), 400, ""},
  };
}

struct Outcome {
  int status = 0;
  std::string body;
  std::string left;  // after the body
};

// Like the loop: bytes that were not consumed are offered again with the next ones.
Outcome read_in_pieces(std::string_view bytes, const std::vector<std::size_t>& cuts) {
  http::ChunkedBody chunks;
  std::string waiting;
  std::size_t from = 0;
  for (std::size_t piece = 0; piece <= cuts.size(); ++piece) {
    const std::size_t to = piece < cuts.size() ? cuts[piece] : bytes.size();
    waiting += bytes.substr(from, to - from);
    from = to;
    const auto step = chunks.take(waiting, kMost);
    if (const auto* refused = std::get_if<http::Refused>(&step)) return {refused->status, chunks.body(), ""};
    const auto taken = std::get<http::ChunkedBody::Taken>(step);
    waiting.erase(0, taken.bytes);
    if (taken.is_complete) return {200, chunks.body(), waiting + std::string(bytes.substr(from))};
  }
  return {0, chunks.body(), waiting};
}

std::vector<std::size_t> every_byte(std::size_t size) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = 1; at < size; ++at) cuts.push_back(at);
  return cuts;
}

std::string chunked_post(std::string_view chunks, std::string_view more_headers = "") {
  return "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + std::string(more_headers) + "\r\n" +
         std::string(chunks);
}

}  // namespace

TEST_CASE("chunks: the body and its end are the same however it is cut into pieces", "[http][chunks]") {
  for (const Row& row : rows()) {
    INFO(row.name);
    const std::string bytes = row.bytes + (row.status == 200 ? get("/next") : "");
    const auto check = [&](const Outcome& outcome) {
      CHECK(outcome.status == row.status);
      CHECK(outcome.body == row.body);
      if (row.status == 200) CHECK(outcome.left == get("/next"));
    };
    check(read_in_pieces(bytes, {}));
    check(read_in_pieces(bytes, every_byte(bytes.size())));
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) check(read_in_pieces(bytes, {cut}));
  }
}

TEST_CASE("chunks: as much as a body may have, in one chunk or one for each byte", "[http][chunks]") {
  const std::string all(kMost, 'x');
  CHECK(read_in_pieces("10000\r\n" + all + "\r\n0\r\n\r\n", {}).body == all);
  std::string by_byte;
  for (std::size_t i = 0; i < kMost; ++i) by_byte += "1\r\nx\r\n";
  CHECK(read_in_pieces(by_byte + "0\r\n\r\n", {}).body == all);
  CHECK(read_in_pieces(by_byte + "1\r\nx\r\n0\r\n\r\n", {}).status == 413);
}

TEST_CASE("chunks: no single changed byte upsets the reader", "[http][chunks]") {
  const std::string bytes = "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-Y: z\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(read_in_pieces(std::string_view(bytes).substr(0, size), {}).status == 0);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(byte);
      const Outcome outcome = read_in_pieces(changed, {});
      // An accepted body ends where the bytes end: a changed size can only swallow whole chunks.
      if (outcome.status != 200) continue;
      REQUIRE(outcome.left.empty());
      const bool is_chunk_swallowed = outcome.body == "hello\r\n1\r\n!";
      REQUIRE((outcome.body.size() == 6 || is_chunk_swallowed));
    }
  }
}

TEST_CASE("chunks: over a socket, cut anywhere, and the next request is read behind them", "[http][chunks]") {
  TestServer server(echo);
  SocketClient client = server.client();
  const std::string bytes = chunked_post("5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    INFO(cut);
    client.send(bytes.substr(0, cut));
    client.send(bytes.substr(cut) + get("/next"));
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->body == "POST /c? hello world");
    CHECK(client.read_answer()->body == "GET /next? ");
  }
  client.send(chunked_post("", "Expect: 100-continue\r\n"));
  CHECK(client.read_answer()->status == 100);
  client.send("2\r\nhi\r\n0\r\n\r\n");
  CHECK(client.read_answer()->body == "POST /c? hi");
}

TEST_CASE("chunks: a body that is refused ends the connection, and nothing behind it becomes a request", "[http][chunks]") {
  TestServer server(echo);
  for (const auto& [chunks, status] : std::vector<std::pair<std::string, int>>{
           {"5\r\nhello!\r\n0\r\n\r\n", 400}, {"5\nhello\r\n0\r\n\r\n", 400}, {"10001\r\n", 413}}) {
    SocketClient client = server.client();
    client.send(chunked_post(chunks) + get("/smuggled") + get("/smuggled"));
    const auto refusal = client.read_answer();
    REQUIRE(refusal.has_value());
    CHECK(refusal->status == status);
    CHECK(refusal->header("connection") == "close");
    client.end_sending();
    CHECK_FALSE(client.read_answer().has_value());
  }
}

TEST_CASE("chunks: their deadline is the body's, and chunks that trickle in do not move it", "[http][chunks]") {
  http::ServerSettings settings;
  settings.body_deadline = 150ms;
  TestServer server(echo, settings);
  SocketClient client = server.client();
  const auto begin = std::chrono::steady_clock::now();
  client.send(chunked_post(""));
  std::optional<Answer> answer;
  while (!answer && std::chrono::steady_clock::now() - begin < 5s) {
    client.send("1\r\nx\r\n");
    answer = client.read_answer(false, 10ms);
  }
  REQUIRE(answer.has_value());
  CHECK(answer->status == 408);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}
