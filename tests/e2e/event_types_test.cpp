#include <catch_amalgamated.hpp>
#include <set>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

TEST_CASE("event types: active ones that are not secret, with the public fields and no others", "[e2e][event_types]") {
  Stack stack;
  const Reply reply = stack.proxy->http().get("/api/app/calendly/event-types");
  REQUIRE(reply.status == 200);
  const Json data = reply.data();
  CHECK(data["mode"] == "pat");
  const std::set<std::string> public_fields = {"uri",         "name",        "slug",  "duration", "durationOptions",
                                               "kind",        "description", "color", "locale",   "schedulingUrl",
                                               "profileName", "locationKind"};
  std::set<std::string> slugs;
  for (const Json& type : data["eventTypes"]) {
    slugs.insert(type["slug"]);
    CHECK(type["profileName"] == "Ada Example");
    CHECK(type["locationKind"] == (type["slug"] == "60min"                                  ? "several"
                                   : type["slug"] == "30min"                                ? "zoom_conference"
                                   : type["slug"] == "workshop" || type["slug"] == "intake" ? "physical"
                                                                                            : ""));
    for (const auto& [name, value] : type.items()) {
      INFO(name);
      CHECK(public_fields.contains(name));
    }
  }
  CHECK(slugs ==
        std::set<std::string>{"30min", "60min", "workshop", "uchiawase", "taarif", "coffee", "hostile", "intake", "full"});
  CHECK(reply.body.find("internal-note") == std::string::npos);
}

TEST_CASE("event types: names come as they are, in any script, and hostile ones are only text", "[e2e][event_types]") {
  Stack stack;
  const Reply reply = stack.proxy->http().get("/api/app/calendly/event-types");
  std::set<std::string> names;
  const Json data = reply.data();
  for (const Json& type : data.at("eventTypes")) {
    names.insert(type["name"]);
    if (type["slug"] == "60min") {
      CHECK(type["durationOptions"] == Json::array({30, 60, 90}));
      CHECK(type["duration"] == 60);
    }
    if (type["slug"] == "workshop") CHECK(type["kind"] == "group");
    // An invalid colour must not reach a style sheet.
    if (type["slug"] == "hostile") CHECK(type["color"].dump().find("onclick") == std::string::npos);
  }
  CHECK(names.contains("打ち合わせ（30分）"));
  CHECK(names.contains("اجتماع تعريفي"));
  CHECK(names.contains("☕ Coffee chat 👩‍💻"));
  CHECK(names.contains("<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"));
  CHECK(reply.body.find("</script>") == std::string::npos);
}

TEST_CASE("event types: a sync brings what is new and forgets what is gone", "[e2e][event_types]") {
  Stack stack;
  stack.simulator.set("account", {{"event_types", 13}, {"delete_event_types", {"BBBBBBBBBBBBBBBB"}}});
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/event-types/sync", Json::object()).status == 200);
  CHECK(stack.proxy->slots("bulk-1", day_text(1), day_text(2)).status == 200);
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(2)).status == 404);
}
