#include "proxy/log/log.h"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

namespace slotwire::tests {
using namespace log;
namespace {

struct CapturedLog {
  std::ostringstream text;
  Log log;
  CapturedLog(LogLevel least, LogFormat format)
      : log(least, format, std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text))) {}
};

constexpr const char* kToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl_-";

}  // namespace

TEST_CASE("redacted: whatever looks like a bearer token is blotted out, wherever it stands", "[proxy][log][secrets]") {
  struct Row {
    const char* name;
    std::string text;
    std::string redacted;
  };
  const Row row = GENERATE(values<Row>({
      {"nothing to hide", "31 days, window 2026-01-05..2026-01-11", "31 days, window 2026-01-05..2026-01-11"},
      {"a token alone", kToken, "[redacted]"},
      {"in a sentence", std::string("Bearer ") + kToken + ", please", "Bearer [redacted], please"},
      {"in JSON", std::string(R"({"t":")") + kToken + "\"}", R"({"t":"[redacted]"})"},
      {"in a query", std::string("/x?jwt=") + kToken + "&y=1", "/x?jwt=[redacted]&y=1"},
      {"behind letters", std::string("token") + kToken, "token[redacted]"},
      {"twice", std::string(kToken) + " " + kToken, "[redacted] [redacted]"},
      {"too short to be one", "eyJ is how they begin", "eyJ is how they begin"},
      {"a line break that would forge a line", "a\nerror - [audit] forged", "a error - [audit] forged"},
      {"escapes of a terminal", std::string("a\x1b[31mb\x7f"), "a [31mb "},
      {"a NUL", std::string("a\0b", 3), "a b"},
  }));
  INFO(row.name);
  CHECK(redacted(row.text) == row.redacted);
}

TEST_CASE("Log: JSON lines are JSON whatever is logged", "[proxy][log]") {
  CapturedLog captured(LogLevel::debug, LogFormat::json);
  const std::string nasty = std::string("quote \" backslash \\ brace {} {0} percent %v line\nbreak ") + kToken;
  captured.log.warn("slots", "id-\"1\"", nasty);
  const auto line = nlohmann::json::parse(captured.text.str(), nullptr, false);
  REQUIRE(line.is_object());
  CHECK(line["level"] == "warn");
  CHECK(line["area"] == "slots");
  CHECK(line["request_id"] == "id-\"1\"");
  CHECK(line["message"] == "quote \" backslash \\ brace {} {0} percent %v line break [redacted]");
  CHECK(line["time"].get<std::string>().size() == std::string("2026-01-05T10:00:00.000Z").size());
}

TEST_CASE("Log: text lines carry level, request id and area, one line for each call", "[proxy][log]") {
  CapturedLog captured(LogLevel::info, LogFormat::text);
  captured.log.debug("slots", "id-1", "not asked for");
  captured.log.info("slots", "id-1", "31 days\nin two lines {}");
  captured.log.error("store", "", "gone");
  const std::string text = captured.text.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find(" info id-1 [slots] 31 days in two lines {}\n") != std::string::npos);
  CHECK(text.find(" error - [store] gone\n") != std::string::npos);
  CHECK(text.find("not asked for") == std::string::npos);
}

}  // namespace slotwire::tests
