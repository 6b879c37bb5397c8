#include "proxy/connection/connection.h"

#include <catch_amalgamated.hpp>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include "proxy/routes/admin_json.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace calendly;
using namespace secrets;
namespace {

struct World {
  ManualClock clock;
  log::Log log{log::LogLevel::debug, log::LogFormat::text,
               std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>())};
  std::unique_ptr<store::Store> store = store::open_store("sqlite::memory:").value();
  TableTransport wire;
  CalendlyClient calendly{wire, clock};

  std::unique_ptr<connection::Connection> open(const SealedBox& box) {
    return connection::Connection::open(
               {*store, box, calendly, clock, log, [this](auto time) { clock.pass(time); }, [] { return 0.0; }})
        .value();
  }
};

SealedBox box_with(const char* key) {
  std::vector<SecretString> keys;
  keys.emplace_back(key);
  return SealedBox(keys);
}

constexpr const char* kKey = "a key of at least thirty-two bytes for tests";
constexpr const char* kOtherKey = "another key of thirty-two bytes for tests";

}  // namespace

TEST_CASE("Connection: a refused token leaves the working one", "[proxy][connection]") {
  struct Row {
    const char* name;
    int status;
    std::string body;
    ErrorCode code;
  };
  const Row row = GENERATE(
      values<Row>({{"wrong", 401, "{}", ErrorCode::invalid_token},
                   {"scope missing", 403, R"({"title":"Permission Denied","message":"","required_scopes":["users:read"]})",
                    ErrorCode::insufficient_scope},
                   {"Calendly down", 503, "<html>", ErrorCode::calendly_unavailable}}));
  INFO(row.name);
  World world;
  world.wire.answer(usual_answer);
  const SealedBox box = box_with(kKey);
  const auto connection = world.open(box);
  REQUIRE(connection->set_token(SecretString("eyJ.good.token"), "ada", "r"));
  const std::string fingerprint = connection->account()->record.token_fingerprint;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange { return upstream(row.status, row.body); });
  const auto set = connection->set_token(SecretString("eyJ.other.token"), "eve", "r");
  REQUIRE_FALSE(set);
  CHECK(set.error().code == row.code);
  CHECK(connection->account()->record.token_fingerprint == fingerprint);
  CHECK(connection->account()->token->reveal() == "eyJ.good.token");
  CHECK(world.open(box)->account()->token->reveal() == "eyJ.good.token");
}

// A token that Calendly had told to wait for an hour could not be replaced during that hour, and the next token inherited the
// wait.
TEST_CASE("Connection: another token is tried, and used, whatever limits the one before ran into", "[proxy][connection]") {
  World world;
  world.wire.answer(usual_answer);
  const SealedBox box = box_with(kKey);
  const auto connection = world.open(box);
  REQUIRE(connection->set_token(SecretString("eyJ.good.token"), "ada", "r"));
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    if (request.token->reveal() != "eyJ.good.token") return usual_answer(request);
    UpstreamAnswer answer = upstream(429, "{}");
    answer.retry_after = std::chrono::hours(1);
    return answer;
  });
  const auto is_refused_here = [&](CallTerms terms) {
    const auto called = world.calendly.user(*connection->account()->token, terms);
    const auto* failure = std::get_if<CallFailure>(&called);
    return failure != nullptr && failure->is_ours;
  };
  REQUIRE_FALSE(is_refused_here({Urgency::visitor}));  // Calendly refuses
  REQUIRE(is_refused_here({Urgency::reserved}));       // and is not called for an hour
  const std::size_t calls = world.wire.log.size();
  CHECK_FALSE(connection->sync("r"));
  CHECK(world.wire.log.size() == calls);

  SECTION("a good one, set here") {
    REQUIRE(connection->set_token(SecretString("eyJ.other.token"), "ada", "r"));
    CHECK_FALSE(is_refused_here({Urgency::background}));
  }
  SECTION("a good one, set by another program") {
    CalendlyClient of_its_own{world.wire, world.clock};
    const auto beside = connection::Connection::open({*world.store, box, of_its_own, world.clock, world.log,
                                                      [&](auto time) { world.clock.pass(time); }, [] { return 0.0; }})
                            .value();
    REQUIRE(beside->set_token(SecretString("eyJ.other.token"), "ada", "r"));
    REQUIRE(is_refused_here({Urgency::reserved}));
    connection->apply_changes();
    CHECK_FALSE(is_refused_here({Urgency::background}));
  }
  SECTION("one that is refused leaves the limits of the one in use as they are") {
    world.wire.answer([](const UpstreamRequest&) -> Exchange { return upstream(401, "{}"); });
    CHECK_FALSE(connection->set_token(SecretString("eyJ.other.token"), "ada", "r"));
    CHECK(is_refused_here({Urgency::reserved}));
  }
}

TEST_CASE("Connection: all pages of event types, by token, never by address", "[proxy][connection]") {
  World world;
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    if (!request.target.starts_with("/event_types?")) return usual_answer(request);
    const bool is_second = request.target.find("page_token=second") != std::string::npos;
    const std::string uuid = is_second ? "BB" : "AA";
    return upstream(
        200, R"({"collection":[{"uri":"https://api.calendly.com/event_types/)" + uuid + R"(","name":"n","slug":")" + uuid +
                 R"(","active":true,"duration":30}],"pagination":{"next_page":"https://evil.example/steal","next_page_token":)" +
                 (is_second ? "null" : "\"second\"") + "}}");
  });
  const SealedBox box = box_with(kKey);
  const auto connection = world.open(box);
  REQUIRE(connection->set_token(SecretString("eyJ.good.token"), "ada", "r"));
  CHECK(connection->account()->record.types.size() == 2);
  for (const std::string& target : world.wire.log) CHECK(target.find("evil") == std::string::npos);
}

TEST_CASE("Connection: a token sealed by another key is told, and can be replaced", "[proxy][connection]") {
  World world;
  world.wire.answer(usual_answer);
  const SealedBox box = box_with(kKey);
  REQUIRE(world.open(box)->set_token(SecretString("eyJ.good.token"), "ada", "r"));
  const SealedBox other = box_with(kOtherKey);
  const auto connection = world.open(other);
  REQUIRE(connection->account()->problem);
  CHECK(connection->account()->problem->code == ErrorCode::token_unreadable);
  CHECK(connection->account()->token == nullptr);
  REQUIRE(connection->set_token(SecretString("eyJ.good.token"), "ada", "r"));
  CHECK_FALSE(connection->account()->problem);
}

TEST_CASE("Connection: status never shows the token, and disconnect forgets it", "[proxy][connection][secrets]") {
  World world;
  world.wire.answer(usual_answer);
  const SealedBox box = box_with(kKey);
  const auto connection = world.open(box);
  REQUIRE(connection->set_token(SecretString("eyJ.marker.token"), "ada", "r"));
  const std::string status = routes::json_from_status(*connection->account(), {}, booking::BookingService::Usage{}, std::nullopt);
  CHECK(status.find("marker") == std::string::npos);
  CHECK(status.find("not for you") == std::string::npos);
  CHECK(status.find(R"("connectedBy":"ada")") != std::string::npos);
  REQUIRE(connection->disconnect());
  CHECK(connection->account()->record.mode == ConnectionMode::none);
  CHECK(world.open(box)->account()->record.mode == ConnectionMode::none);
}

TEST_CASE("check_token_text: refuses what can be no token", "[proxy][connection]") {
  for (const std::string& wrong : {std::string(), std::string("a b"), std::string("a\nb"), std::string("a\0b", 3),
                                   std::string("a\x7f"), std::string("\xc3\xa9"), std::string(8193, 'a')}) {
    CHECK_FALSE(connection::check_token_text(wrong));
  }
  CHECK(connection::check_token_text(std::string(8192, 'a')));
}

}  // namespace slotwire::tests
