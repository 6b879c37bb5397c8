#include <catch_amalgamated.hpp>
#include <fstream>

#include "tests/e2e/booking.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

// Forms in which a secret might leak.
std::vector<std::string> traces_of(const std::string& secret) {
  std::string hex;
  for (const unsigned char letter : secret) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[letter >> 4];
    hex += kDigits[letter & 15];
  }
  // The middle of the secret, so that a partial copy is found too. Base64 in all three alignments.
  const std::string middle = secret.substr(secret.size() / 4, secret.size() / 2);
  return {middle,
          hex.substr(hex.size() / 4, hex.size() / 2),
          base64url(middle.substr(0, middle.size() / 3 * 3)),
          base64url(secret.substr(1, 30)),
          base64url(secret.substr(2, 30)),
          base64url(secret.substr(0, 30))};
}

}  // namespace

TEST_CASE("secrecy: the token is in no answer, no log line and no byte of the database", "[e2e][secrecy]") {
  const std::string log_format = GENERATE("text", "json");
  INFO(log_format);
  const int metrics_port = free_port();
  Stack stack(
      {.proxy_settings = {
           {"CALENDLY_SLOTS_CACHE_TTL", "1"}, {"LOG_FORMAT", log_format}, {"METRICS_PORT", std::to_string(metrics_port)}}});
  std::vector<std::pair<std::string, std::string>> texts;
  const auto keep = [&](const std::string& name, const Reply& reply) {
    std::string all = reply.body;
    for (const auto& [header, value] : reply.headers) all += "\n" + header + ": " + value;
    texts.emplace_back(name, all);
  };
  Proxy& proxy = *stack.proxy;
  const auto use_everything = [&](const std::string& when) {
    keep(when + " connect", proxy.connect(kToken));
    keep(when + " status", proxy.admin_get("/api/web/calendly/connection/status"));
    keep(when + " audit", proxy.admin_get("/api/web/calendly/audit"));
    keep(when + " stats", proxy.admin_get("/api/web/calendly/cache/stats"));
    keep(when + " sync", proxy.admin_post("/api/web/calendly/event-types/sync", Json::object()));
    keep(when + " types", proxy.http().get("/api/app/calendly/event-types"));
    keep(when + " slots", proxy.slots("30min", day_text(1), day_text(7)));
    keep(when + " more slots", proxy.slots("60min", day_text(1), day_text(7)));
    keep(when + " health", proxy.http().get("/healthz"));
    keep(when + " link", proxy.http().post("/api/app/calendly/scheduling-links", R"({"eventType":"30min"})"));
    keep(when + " form", proxy.http().get("/api/app/calendly/booking-form/30min"));
    keep(when + " booking", book(proxy, wish_for(day_text(2) + "T14:00:00Z"), "key-" + std::to_string(texts.size())));
    keep(when + " bookings", proxy.admin_get("/api/web/calendly/bookings"));
    keep(when + " metrics", Http(metrics_port).get("/metrics"));
    keep(when + " readiness", proxy.http().get("/readyz"));
    keep(when + " token in the address", proxy.http().get(std::string("/nothing/") + "?x=1"));
  };
  use_everything("in health:");
  // An upstream that repeats the token in its errors, like some debug pages.
  stack.simulator.add_fault({{"kind", "error"}, {"status", 403}, {"message", std::string("Bearer ") + kToken}});
  use_everything("echoing:");
  stack.simulator.clear_faults();
  stack.simulator.add_fault({{"kind", "not_json"}, {"text", std::string("Authorization: Bearer ") + kToken}});
  use_everything("echoing in HTML:");
  stack.simulator.clear_faults();

  for (const char* kind : {"cut", "truncated_json", "close", "insufficient_scope"}) {
    stack.simulator.add_fault({{"kind", kind}});
    use_everything(kind);
    stack.simulator.clear_faults();
  }
  keep("purge", proxy.admin_post("/api/web/calendly/cache/purge", Json::object()));

  // The answer to an invalid body must not contain the token either.
  keep("broken JSON",
       proxy.http().post("/api/web/calendly/token", std::string("{\"accessToken\":\"") + kToken, bearer(jwt_for("admin"))));
  keep("wrong field", proxy.admin_post("/api/web/calendly/token", {{"token", kToken}}));
  keep("with a line break", proxy.connect(std::string(kToken) + "\n"));
  REQUIRE(proxy.stop() == 0);
  texts.emplace_back("log", proxy.output());
  REQUIRE(!proxy.output().empty());
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(stack.folder.path())) {
    std::ifstream stream(file.path(), std::ios::binary);
    texts.emplace_back(file.path().filename(), std::string(std::istreambuf_iterator<char>(stream), {}));
    ++files;
  }
  REQUIRE(files >= 1);

  for (const std::string& secret :
       {std::string(kToken), std::string(kJwtSecret), std::string("e2e-encryption-key-of-more-than-32-bytes")}) {
    for (const std::string& trace : traces_of(secret)) {
      for (const auto& [name, text] : texts) {
        INFO(name);
        CHECK(text.find(trace) == std::string::npos);
      }
    }
  }
}

TEST_CASE("secrecy: internal notes are never stored", "[e2e][secrecy]") {
  Stack stack;
  REQUIRE(stack.proxy->stop() == 0);
  CHECK(stack.proxy->output().find("internal-note") == std::string::npos);
  for (const auto& file : std::filesystem::directory_iterator(stack.folder.path())) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    INFO(file.path().string());
    CHECK(bytes.find("internal-note") == std::string::npos);
  }
}

TEST_CASE("secrecy: the database file is for its owner only", "[e2e][secrecy]") {
  Stack stack;
  const auto permissions = std::filesystem::status(stack.folder.path() / "slotwire.db").permissions();
  CHECK((permissions & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
}

TEST_CASE("secrecy: a redirect does not take the token to another host", "[e2e][secrecy]") {
  Stack stack;
  Simulator elsewhere;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"},
                             {"kind", "redirect"},
                             {"location", elsewhere.address() + "/event_type_available_times"}});
  stack.simulator.add_fault(
      {{"endpoint", "event_types"}, {"kind", "redirect"}, {"location", elsewhere.address() + "/event_types"}});
  (void)stack.proxy->slots("30min", day_text(1), day_text(3));
  (void)stack.proxy->admin_post("/api/web/calendly/event-types/sync", Json::object());
  CHECK(elsewhere.look("counters")["total"] == 0);
}
