#include "proxy/http/static_files.h"

#include <catch_amalgamated.hpp>
#include <fstream>
#include <unistd.h>

#include "proxy/http/router.h"
#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;
namespace fs = std::filesystem;

namespace {

class WebFolder {
 public:
  WebFolder() : path_(fs::temp_directory_path() / ("slotwire-web-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "web" / "sub");
    write("secret.txt", "outside");
    write("web/widget.js", "plain script");
    write("web/widget.js.br", "brotli bytes");
    write("web/widget.js.gz", "gzip bytes");
    write("web/widget-3f9a61c2.wasm", std::string("\0asm", 4));
    write("web/demo.html", "<!doctype html>demo");
    write("web/sub/deep.css", "a{}");
    write("web/.hidden", "hidden");
    write("web/lonely.gz", "an archive of its own");
    fs::create_symlink("../secret.txt", path_ / "web" / "link.txt");
  }
  ~WebFolder() { fs::remove_all(path_); }
  void write(const std::string& name, std::string_view bytes) const { std::ofstream(path_ / name, std::ios::binary) << bytes; }
  [[nodiscard]] fs::path web() const { return path_ / "web"; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("static files: over a socket, by encoding, tag and age", "[http][static]") {
  const WebFolder folder;
  const StaticFiles files = StaticFiles::from_folders({folder.web()}).value();
  Router router;
  router.on_no_route([&](const Request& request) { return files.find(request); });
  TestServer server([&](const Request& request) { return router(request); });
  SocketClient client = server.client();
  const auto ask = [&](std::string_view path, std::string_view headers = "") {
    client.send(get(path, headers));
    return client.read_answer().value();
  };

  const Answer plain = ask("/widget.js");
  CHECK(plain.status == 200);
  CHECK(plain.body == "plain script");
  CHECK(plain.header("content-type") == "text/javascript; charset=utf-8");
  CHECK(plain.header("vary") == "Accept-Encoding");
  CHECK(plain.header("access-control-allow-origin") == "*");
  CHECK(plain.header("cross-origin-resource-policy") == "cross-origin");
  CHECK(plain.header("cache-control").starts_with("public, max-age=300"));
  CHECK(plain.header("content-encoding").empty());

  const Answer brotli = ask("/widget.js", "Accept-Encoding: gzip, br\r\n");
  CHECK(brotli.body == "brotli bytes");
  CHECK(brotli.header("content-encoding") == "br");
  const Answer gzip = ask("/widget.js", "Accept-Encoding: gzip, br;q=0.5\r\n");
  CHECK(gzip.body == "gzip bytes");
  CHECK(gzip.header("content-encoding") == "gzip");
  CHECK(brotli.header("etag") != gzip.header("etag"));

  const Answer unchanged = ask("/widget.js", "Accept-Encoding: br\r\nIf-None-Match: \"old\", " + brotli.header("etag") + "\r\n");
  CHECK(unchanged.status == 304);
  CHECK(unchanged.header("etag") == brotli.header("etag"));
  CHECK(unchanged.header("content-length").empty());
  CHECK(ask("/widget.js", "If-None-Match: \"old\"\r\n").status == 200);

  const Answer wasm = ask("/widget-3f9a61c2.wasm", "Accept-Encoding: br\r\n");
  CHECK(wasm.body.size() == 4);
  CHECK(wasm.header("content-type") == "application/wasm");
  CHECK(wasm.header("content-encoding").empty());
  CHECK(wasm.header("cache-control") == "public, max-age=31536000, immutable");

  for (const char* path : {"/demo", "/demo.html"}) {
    const Answer page = ask(path);
    CHECK(page.body == "<!doctype html>demo");
    CHECK(page.header("content-security-policy").find("script-src 'self' 'wasm-unsafe-eval'") != std::string::npos);
    CHECK(page.header("content-security-policy").find("unsafe-inline") == std::string::npos);
    CHECK(page.header("access-control-allow-origin").empty());
  }
  CHECK(ask("/sub/deep.css").status == 200);
  CHECK(ask("/lonely.gz").body == "an archive of its own");

  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/sub/../widget.js",
                           "/sub/..%2f..%2fsecret.txt", "//widget.js", "/./widget.js", "/link.txt", "/.hidden", "/sub", "/sub/",
                           "/", "/widget.js/", "/widget.js%00.html", "/etc/passwd", "/%5c..%5csecret.txt"}) {
    INFO(path);
    const Answer answer = ask(path);
    CHECK((answer.status == 404 || answer.status == 400));
    CHECK(answer.body.find("outside") == std::string::npos);
  }
}

TEST_CASE("static files: files are read once, so a later change or loss on disk is not seen", "[http][static]") {
  const WebFolder folder;
  const StaticFiles files = StaticFiles::from_folders({folder.web()}).value();
  folder.write("web/widget.js", "changed");
  CHECK(*files.bytes_of("widget.js") == "plain script");
}

TEST_CASE("static files: the first of several folders wins", "[http][static]") {
  const WebFolder folder;
  folder.write("web/sub/demo.html", "other demo");
  const StaticFiles files = StaticFiles::from_folders({folder.web() / "sub", folder.web()}).value();
  CHECK(*files.bytes_of("demo.html") == "other demo");
  CHECK(*files.bytes_of("widget.js") == "plain script");
}

TEST_CASE("static files: a missing folder or too much is an error", "[http][static]") {
  const WebFolder folder;
  CHECK_FALSE(StaticFiles::from_folders({folder.web() / "missing"}).has_value());
  StaticSettings small;
  small.max_total_bytes = 20;
  CHECK_FALSE(StaticFiles::from_folders({folder.web()}, small).has_value());
}

TEST_CASE("has_content_hash: eight or more hex digits between a dash and a dot", "[http][static]") {
  CHECK(has_content_hash("widget-3f9a61c2.wasm"));
  CHECK(has_content_hash("a/b-0123456789abcdef.js"));
  CHECK_FALSE(has_content_hash("widget-3f9a61c.wasm"));
  CHECK_FALSE(has_content_hash("widget-3f9a61cz.wasm"));
  CHECK_FALSE(has_content_hash("widget.js"));
  CHECK_FALSE(has_content_hash("abc-12345678/widget.js"));
  CHECK_FALSE(has_content_hash("widget-12345678"));
}
