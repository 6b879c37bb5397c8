// Calls that are otherwise made only by the admin page and the simulator, whose answers are not recorded (http.h).
#include <catch_amalgamated.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/e2e/stack.h"

namespace slotwire::e2e {
namespace {

std::int64_t now_s() { return std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count(); }

std::string signature_of(const std::string& body, const std::string& key) {
  const std::string time = std::to_string(now_s());
  const std::string text = time + "." + body;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       digest, &size);
  std::string header = "t=" + time + ",v1=";
  for (unsigned int i = 0; i < size; ++i) {
    header += "0123456789abcdef"[digest[i] >> 4];
    header += "0123456789abcdef"[digest[i] & 15];
  }
  return header;
}

}  // namespace

TEST_CASE("openapi: a session, a delivery and the end of a subscription are answered as the document says", "[e2e]") {
  const std::string key = "a-signing-key-that-somebody-chose-32";
  Stack stack({.proxy_settings = {{"CALENDLY_WEBHOOK_SIGNING_KEY", key}}});
  const Http& http = stack.proxy->http();

  // As `slotwire admin-jwt` prints one at a terminal; its ten minutes must begin after the proxy's start.
  const std::string link = jwt_from(
      {{"alg", "HS256"}, {"typ", "JWT"}},
      {{"sub", "tester"}, {"role", "admin"}, {"exp", now_s() + 601}, {"jti", "a-link-that-nobody-can-guess"}, {"session", 3600}},
      kJwtSecret);
  const Reply session = http.post("/api/web/calendly/session", "", bearer(link));
  INFO(session.body);
  CHECK(session.status == 200);
  CHECK(http.get("/api/web/calendly/connection/status", bearer(session.data()["jwt"].get<std::string>())).status == 200);
  CHECK(http.post("/api/web/calendly/session", "", bearer(link)).status == 401);

  const std::string body = R"({"event":"invitee_no_show.created","payload":{}})";
  const Reply delivery = http.post("/api/webhooks/calendly", body, {{"Calendly-Webhook-Signature", signature_of(body, key)}});
  INFO(delivery.body);
  CHECK(delivery.status == 200);

  const std::string callback = "http://127.0.0.1:" + std::to_string(http.port());
  CHECK(stack.proxy->admin_post("/api/web/calendly/webhook", {{"publicUrl", callback}}).status == 200);
  const Fields admin = bearer(jwt_for("admin"));
  CHECK(http.send("DELETE", "/api/web/calendly/webhook", admin).status == 200);
  CHECK(http.send("DELETE", "/api/web/calendly/webhook", admin).error_code() == "not_found");
}

}  // namespace slotwire::e2e
