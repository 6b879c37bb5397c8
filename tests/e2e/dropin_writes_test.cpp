// Writing through /calendly/v2, and requests as HTTP libraries of other languages send them.
#include <catch_amalgamated.hpp>
#include <set>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kApi[] = "/calendly/v2";
constexpr char kTypeUri[] = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";

Reply send(const Stack& stack, const std::string& method, const std::string& target, const std::string& body = {},
           const std::string& role = "admin", const std::string& content_type = "application/json") {
  Fields headers = bearer(jwt_for(role));
  if (!body.empty()) headers.emplace("Content-Type", content_type);
  return stack.proxy->http().send(method, kApi + target, headers, body);
}

std::string own_uri(const Stack& stack, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(stack.proxy->http().port()) + kApi + path;
}

// The last request to this endpoint; the proxy may send others on its own.
Json last_request(const Stack& stack, const std::string& endpoint) {
  Json last;
  for (const Json& request : stack.simulator.look("requests")) {
    if (request["endpoint"] == endpoint) last = request;
  }
  return last;
}

std::string times_of_next_week() {
  return std::string("/event_type_available_times?event_type=") + kTypeUri + "&start_time=" + day_text(1) +
         "T00:00:00Z&end_time=" + day_text(8) + "T00:00:00Z";
}

}  // namespace

TEST_CASE("dropin: a booking goes through once, and is seen at once by every reader", "[e2e][dropin]") {
  Stack stack;
  const Json before = send(stack, "GET", times_of_next_week(), {}, "reader").json()["collection"];
  REQUIRE(before.size() > 1);
  const std::string start = before[0]["start_time"].get<std::string>();
  const std::string day = start.substr(0, 10);
  REQUIRE(stack.proxy->slots("30min", day, day).data()["slots"][0]["start"] ==
          text_from_instant(instant_from_text(start).value()));
  const Json order = {{"event_type", own_uri(stack, "/event_types/AAAAAAAAAAAAAAAA")},
                      {"start_time", start},
                      {"invitee", {{"name", "Ada"}, {"email", "ada@example.org"}, {"timezone", "UTC"}}}};
  const Reply booked = send(stack, "POST", "/invitees", order.dump());
  INFO(booked.body);
  REQUIRE(booked.status == 201);
  CHECK(stack.simulator.calls("invitees") == 1);
  CHECK(last_request(stack, "invitees")["body"].get<std::string>().find(
            "\"event_type\":\"https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA\"") != std::string::npos);
  const Json after = send(stack, "GET", times_of_next_week(), {}, "reader").json()["collection"];
  CHECK(after != before);
  CHECK(after[0]["start_time"] != start);
  // The widget's cache is updated too.
  CHECK(eventually([&] {
    const Json slots = stack.proxy->slots("30min", day, day).data()["slots"];
    return slots.empty() || slots[0]["start"] != text_from_instant(instant_from_text(start).value());
  }));

  // A taken time: Calendly's own refusal. Then the host cancels, with the URI as returned.
  const Reply taken = send(stack, "POST", "/invitees", order.dump());
  CHECK(taken.status == 400);
  CHECK(taken.json()["details"][0]["code"] == "already_filled");
  const std::string event = booked.json()["resource"]["event"].get<std::string>();
  const Reply canceled =
      send(stack, "POST", event.substr(std::string("https://api.calendly.com").size()) + "/cancellation", R"({"reason":"ill"})");
  CHECK(canceled.status == 201);
  CHECK(send(stack, "GET", times_of_next_week(), {}, "reader").json()["collection"] == before);
}

TEST_CASE("dropin: writes are for admins, and audited by whom, what and how it ended", "[e2e][dropin]") {
  Stack stack;
  const std::string link = Json({{"max_event_count", 1}, {"owner", kTypeUri}, {"owner_type", "EventType"}}).dump();
  const Reply refused = send(stack, "POST", "/scheduling_links", link, "reader");
  CHECK(refused.status == 403);
  CHECK(refused.json()["title"] == "Permission Denied");
  CHECK(stack.simulator.calls("scheduling_links") == 0);
  const Reply made = send(stack, "POST", "/scheduling_links", link);
  CHECK(made.status == 201);
  CHECK(made.header("cache-control") == "no-store");
  const Json audit = stack.proxy->admin_get("/api/web/calendly/audit").data();
  const std::string text = audit.dump();
  INFO(text);
  CHECK(text.find("api POST /scheduling_links") != std::string::npos);
  CHECK(text.find("\"201\"") != std::string::npos);
  CHECK(text.find("\"reader\"") != std::string::npos);
}

TEST_CASE("dropin: every method reaches Calendly with its body, and what it changed is asked anew", "[e2e][dropin]") {
  Stack stack;
  const std::string types = "/event_types/AAAAAAAAAAAAAAAA";
  CHECK(send(stack, "GET", types).json()["resource"]["name"] == "30 Minute Meeting");
  const Reply renamed = send(stack, "PATCH", types, "{ \"name\" : \"Half an hour\" }");
  CHECK(renamed.status == 200);
  CHECK(last_request(stack, "event_type_update")["method"] == "PATCH");
  CHECK(last_request(stack, "event_type_update")["body"] == "{ \"name\" : \"Half an hour\" }");
  CHECK(send(stack, "GET", types, {}, "reader").json()["resource"]["name"] == "Half an hour");

  const Json wish = {{"url", "https://example.org/hook"},
                     {"events", {"invitee.created"}},
                     {"scope", "organization"},
                     {"organization", own_uri(stack, "/organizations/ORGAAAAAAAAAAAAA")}};
  const Reply hooked = send(stack, "POST", "/webhook_subscriptions", wish.dump());
  REQUIRE(hooked.status == 201);
  const std::string uri = hooked.json()["resource"]["uri"].get<std::string>();
  const Reply gone = send(stack, "DELETE", uri.substr(std::string("https://api.calendly.com").size()));
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  CHECK(send(stack, "PUT", "/nothing/here", "{}").status == 404);
}

TEST_CASE("dropin: forms and JSON of any name go through with their own type", "[e2e][dropin]") {
  // The most complete client for Ruby sends every POST as a form, and got 415.
  Stack stack;
  constexpr char kForm[] = "application/x-www-form-urlencoded";
  const std::string own = "http://127.0.0.1:" + std::to_string(stack.proxy->http().port()) + "/calendly/v2";
  const std::string owner = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";
  for (const std::string& named : {owner, own + "/event_types/AAAAAAAAAAAAAAAA"}) {
    const Reply link = send(stack, "POST", "/scheduling_links",
                            "max_event_count=1&owner=" + encoded(named) + "&owner_type=EventType", "admin", kForm);
    CHECK(link.status == 201);
    CHECK(link.json()["resource"]["owner"] == owner);
  }
  const Reply hook = send(stack, "POST", "/webhook_subscriptions",
                          "url=http://127.0.0.1:9/h&events[]=invitee.created&events[]=invitee.canceled&scope=user"
                          "&user=https://api.calendly.com/users/USERAAAAAAAAAAAA"
                          "&organization=https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA",
                          "admin", kForm);
  CHECK(hook.status == 201);
  CHECK(hook.json()["resource"]["events"].size() == 2);
  const std::string json = R"({"max_event_count":1,"owner":")" + owner + R"(","owner_type":"EventType"})";
  CHECK(send(stack, "POST", "/scheduling_links", json, "admin", "application/vnd.api+json; charset=utf-8").status == 201);

  // A booking by form: made once, and visible at once.
  const std::string times = "/event_type_available_times?event_type=" + encoded(owner) + "&start_time=" + day_text(1) +
                            "T00:00:00Z&end_time=" + day_text(8) + "T00:00:00Z";
  const auto read = [&] {
    return stack.proxy->http().get("/calendly/v2" + times, bearer(jwt_for("reader"))).json()["collection"];
  };
  const Json before = read();
  REQUIRE(before.size() > 1);
  const std::string start = before[0]["start_time"];
  stack.simulator.reset_counters();
  const std::string booking = "event_type=" + encoded(owner) + "&start_time=" + encoded(start) +
                              "&invitee[name]=Grace&invitee[email]=g%40example.org&invitee[timezone]=UTC";
  CHECK(send(stack, "POST", "/invitees", booking, "admin", kForm).status == 201);
  CHECK(stack.simulator.calls("invitees") == 1);
  CHECK(read().size() == before.size() - 1);
  // The size limit is the same as for JSON.
  CHECK(send(stack, "POST", "/scheduling_links", "owner=" + std::string(60'000, 'x'), "admin", kForm).status == 400);
  CHECK(send(stack, "POST", "/scheduling_links", "owner=" + std::string(70'000, 'x'), "admin", kForm).status == 413);
  CHECK(send(stack, "POST", "/scheduling_links", "owner=%zz", "admin", kForm).status == 400);
}

TEST_CASE("dropin: at an API host the root is the API, and nothing else is there", "[e2e][dropin]") {
  // Clients that resolve "/users/me" against their base URL lose its path, and got 404.
  Stack stack({.proxy_settings = {{"CALENDLY_API_HOSTS", "api.slots.example.com"}}});
  const auto at = [&](const std::string& host, const std::string& target, const std::string& role = "reader") {
    Fields fields = bearer(jwt_for(role));
    fields.emplace("Host", host);
    return stack.proxy->http().get(target, fields);
  };
  for (const char* host : {"api.slots.example.com", "API.Slots.Example.com:8443"}) {
    INFO(host);
    CHECK(at(host, "/users/me").json()["resource"]["slug"] == "acme");
    CHECK(at(host, "/calendly/v2/users/me").json()["resource"]["slug"] == "acme");
    CHECK(at(host, "/readyz").json()["success"] == true);
    // Our own URIs in both forms.
    for (const char* own : {"https://api.slots.example.com/users/USERAAAAAAAAAAAA",
                            "https://api.slots.example.com/calendly/v2/users/USERAAAAAAAAAAAA"}) {
      CHECK(at(host, "/event_types?count=2&user=" + encoded(own)).json()["collection"].size() == 2);
    }
    CHECK(at(host, "/api/web/calendly/connection/status", "admin").json()["title"] == "Resource Not Found");
    CHECK(at(host, "/admin.html", "admin").status == 404);
    CHECK(at(host, "/scheduled_events").json()["title"] == "Permission Denied");
  }
  for (const char* host : {"slots.example.com", "api.slots.example.com.evil.example"}) {
    INFO(host);
    CHECK(at(host, "/users/me").status == 404);
    CHECK(at(host, "/api/web/calendly/connection/status", "admin").status == 200);
  }
}

TEST_CASE("dropin: URIs in answers are our own where that is asked for", "[e2e][dropin]") {
  // Clients that followed a URI as an address sent our JWT to Calendly.
  constexpr char kOwn[] = "https://api.slots.example.com";
  Stack stack({.proxy_settings = {{"CALENDLY_API_HOSTS", "api.slots.example.com"}, {"CALENDLY_API_OWN_URL", kOwn}}});
  const auto follow = [&](std::string uri, const std::string& role = "reader") {
    REQUIRE(uri.starts_with(kOwn));
    Fields fields = bearer(jwt_for(role));
    fields.emplace("Host", "api.slots.example.com");
    return stack.proxy->http().get(uri.substr(std::string(kOwn).size()), fields);
  };
  const Json me = follow(std::string(kOwn) + "/users/me").json()["resource"];
  CHECK(follow(me["uri"]).json()["resource"] == me);
  std::set<std::string> seen;
  Json page = follow(std::string(kOwn) + "/event_types?count=5&user=" + encoded(me["uri"])).json();
  for (;;) {
    for (const Json& type : page["collection"]) CHECK(seen.insert(type["uri"].get<std::string>()).second);
    if (page["pagination"]["next_page"].is_null()) break;
    page = follow(page["pagination"]["next_page"]).json();
  }
  CHECK(seen.size() == 12);
  CHECK(follow(*seen.begin()).json()["resource"]["uri"] == *seen.begin());
}

TEST_CASE("dropin: bodies that are no small JSON and no form are refused before Calendly hears of them", "[e2e][dropin]") {
  Stack stack;
  const Reply text = send(stack, "POST", "/scheduling_links", "owner=x", "admin", "text/plain");
  CHECK(text.status == 415);
  CHECK(text.json()["title"] == "Unsupported Media Type");
  const Reply broken = send(stack, "POST", "/scheduling_links", "{\"owner\":");
  CHECK(broken.status == 400);
  CHECK(broken.json()["title"] == "Invalid Argument");
  CHECK(send(stack, "POST", "/scheduling_links", '"' + std::string(70'000, 'x') + '"').status == 413);
  CHECK(stack.simulator.look("counters")["total"] == 0);
}

TEST_CASE("dropin: what is refused before it is read is refused in Calendly's shape, and elsewhere in ours", "[e2e][dropin]") {
  // At an API host the error had our own format, which clients of Calendly's API cannot read.
  Stack stack({.proxy_settings = {{"CALENDLY_API_HOSTS", "api.slots.example.com"}}});
  constexpr char kRoot[] = "";
  struct Row {
    const char* line;  // of the request, below the base
    const char* fields;
    int status;
    const char* title;
  };
  const std::vector<Row> rows = {
      {"POST %/scheduling_links HTTP/1.1", "Content-Length: 70000\r\n", 413, "Payload Too Large"},
      {"POST %/scheduling_links HTTP/1.1", "Content-Encoding: gzip\r\nContent-Length: 2\r\n", 415, "Unsupported Media Type"},
      {"POST %/scheduling_links HTTP/1.1", "Content-Length: two\r\n", 400, "Invalid Argument"},
      {"GET %/users/me HTTP/1.1", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", 400, "Invalid Argument"},
      {"GET %/users/%zz HTTP/1.1", "", 400, "Invalid Argument"},
      {"GET %?count=1 HTTP/2.0", "", 505, "HTTP Version Not Supported"},
  };
  for (const Row& row : rows) {
    for (const std::string base : {"/calendly/v2", "/calendly/v2x", kRoot}) {
      std::string line = row.line;
      line.replace(line.find('%'), 1, base);
      if (line.starts_with("GET ?")) line.insert(4, "/");
      const std::string host = base.empty() ? "Api.slots.example.com:443" : "a";
      INFO(line << ", host " << host);
      RawConnection connection(stack.proxy->http().port());
      REQUIRE(connection.send(line + "\r\nHost: " + host + "\r\nConnection: close\r\n" + row.fields + "\r\n"));
      const std::string answer = connection.read_to_end();
      CHECK(answer.starts_with("HTTP/1.1 " + std::to_string(row.status)));
      const Json body = Json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
      REQUIRE(body.is_object());
      if (base.ends_with('x')) {
        CHECK(body.value("success", true) == false);
      } else {
        CHECK(body.value("title", "") == row.title);
        CHECK_FALSE(body.value("message", "").empty());
      }
    }
  }
  CHECK(stack.simulator.look("counters")["total"] == 0);
}

TEST_CASE("dropin: a write whose answer is lost is not sent again, and what is known is said", "[e2e][dropin]") {
  Stack stack;
  stack.simulator.add_fault({{"kind", "close"}, {"after", true}, {"endpoint", "scheduling_links"}});
  const std::string link = Json({{"max_event_count", 1}, {"owner", kTypeUri}, {"owner_type", "EventType"}}).dump();
  const Reply lost = send(stack, "POST", "/scheduling_links", link);
  CHECK(lost.status == 504);
  CHECK(lost.json()["title"] == "Gateway Timeout");
  CHECK(stack.simulator.calls("scheduling_links") == 1);
}

TEST_CASE("dropin: requests as the libraries of other languages send them", "[e2e][dropin]") {
  struct Row {
    const char* name;
    const char* head;  // %T: token; %H: host; %S, %E: days
  };
  const auto row = GENERATE(values<Row>({
      {"Python requests, params",
       "GET /calendly/v2/event_type_available_times?event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FAAAAAAAAAAAAAAAA&"
       "start_time=%ST00%3A00%3A00.000000%2B00%3A00&end_time=%ET00%3A00%3A00%2B00%3A00 HTTP/1.1\r\nHost: %H\r\nUser-Agent: "
       "python-requests/2.32.3\r\n"
       "Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\nauthorization: Bearer %T\r\nContent-Type: "
       "application/json\r\n"},
      {"Python requests, an address put together by hand",
       "GET /calendly/v2/event_type_available_times?event_type=https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA&"
       "start_time=%ST00:00:00.000000Z&end_time=%ET00:00:00.000000Z HTTP/1.1\r\nHost: %H\r\nUser-Agent: "
       "python-requests/2.32.3\r\n"
       "Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\nAuthorization: Bearer %T\r\n"},
      {"Ruby Faraday over Net::HTTP, sorted parameters",
       "GET "
       "/calendly/v2/"
       "event_type_available_times?end_time=%ET00%3A00%3A00Z&event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%"
       "2FAAAAAAAAAAAAAAAA&"
       "start_time=%ST00%3A00%3A00Z HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer %T\r\nUser-Agent: "
       "Faraday v2.12.2\r\n"
       "Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\r\nAccept: */*\r\nConnection: keep-alive\r\nKeep-Alive: "
       "30\r\nHost: %H\r\n"},
      {"Go net/http, url.Values, URI built from its base URL",
       "GET "
       "/calendly/v2/"
       "event_type_available_times?end_time=%ET00%3A00%3A00Z&event_type=http%3A%2F%2F%H%2Fcalendly%2Fv2%2Fevent_types%"
       "2FAAAAAAAAAAAAAAAA&"
       "start_time=%ST00%3A00%3A00Z HTTP/1.1\r\nHost: %H\r\nUser-Agent: Go-http-client/1.1\r\nAuthorization: Bearer "
       "%T\r\nAccept-Encoding: gzip\r\n"},
      {"C++ cpr over libcurl, HTTP/1.0 kept out, nothing encoded",
       "GET "
       "/calendly/v2/event_type_available_times?event_type=http://%H/calendly/v2/event_types/"
       "AAAAAAAAAAAAAAAA&start_time=%ST00:00:00Z&"
       "end_time=%ET00:00:00Z HTTP/1.1\r\nHost: %H\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nAccept-Encoding: deflate, gzip, "
       "br, zstd\r\n"
       "Authorization: Bearer %T\r\n"},
      {"Java HttpURLConnection, a base URL that ends with a slash",
       "GET /calendly/v2//event_type_available_times?event_type=https%3a%2f%2fapi.calendly.com%2fevent_types%2fAAAAAAAAAAAAAAAA&"
       "start_time=%ST00%3a00%3a00Z&end_time=%ET00%3a00%3a00Z HTTP/1.1\r\nAuthorization: bearer %T\r\nUser-Agent: "
       "Java/17.0.9\r\nHost: %H\r\n"
       "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\nConnection: keep-alive\r\n"},
      {"behind a proxy with another name",
       "GET "
       "/calendly/v2/event_type_available_times?event_type=https://slots.example.com/calendly/v2/event_types/AAAAAAAAAAAAAAAA&"
       "start_time=%ST00:00:00Z&end_time=%ET00:00:00Z HTTP/1.1\r\nHost: %H\r\nX-Forwarded-Host: "
       "slots.example.com\r\nX-Forwarded-Proto: https\r\n"
       "Authorization: Bearer %T\r\n"},
  }));
  INFO(row.name);
  Stack stack;
  std::string head = row.head;
  const auto put = [&](const std::string& mark, const std::string& value) {
    for (std::size_t at = head.find(mark); at != std::string::npos; at = head.find(mark, at + value.size()))
      head.replace(at, 2, value);
  };
  const std::string host = "127.0.0.1:" + std::to_string(stack.proxy->http().port());
  // Encoded, as it is inside an encoded URI.
  if (const std::size_t at = head.find("http%3A%2F%2F%H"); at != std::string::npos) head.replace(at + 13, 2, encoded(host));
  put("%H", host);
  put("%T", jwt_for("reader"));
  put("%S", day_text(1));
  put("%E", day_text(15));
  RawConnection connection(stack.proxy->http().port());
  REQUIRE(connection.send(head + "\r\n"));
  // The same request again on the same connection, then close.
  const std::size_t keep = head.find("Connection: keep-alive\r\n");
  if (keep != std::string::npos) head.erase(keep, 24);
  REQUIRE(connection.send(head + "Connection: close\r\n\r\n"));
  const std::string answers = connection.read_to_end();
  const std::string expected = stack.proxy->http()
                                   .get(std::string(kApi) + "/event_type_available_times?event_type=" + kTypeUri +
                                            "&start_time=" + day_text(1) + "T00:00:00Z&end_time=" + day_text(15) + "T00:00:00Z",
                                        bearer(jwt_for("reader")))
                                   .body;
  REQUIRE(expected.size() > 1000);
  INFO(answers.substr(0, 600));
  CHECK(answers.starts_with("HTTP/1.1 200 OK\r\n"));
  const std::size_t first = answers.find(expected);
  REQUIRE(first != std::string::npos);
  CHECK(answers.find(expected, first + 1) != std::string::npos);
  CHECK(stack.simulator.calls("event_type_available_times") == 2);
}
