#pragma once
// What every test of a service stands on: a store, keys and a connection of its own, with time and Calendly in the test's hands.
#include <catch_amalgamated.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

#include "proxy/cluster/alone.h"
#include "proxy/connection/connection.h"
#include "tests/proxy/fakes.h"

namespace slotwire::proxy {

struct Ground {
  ToldClock clock;
  std::ostringstream lines;
  Log log{LogLevel::debug, LogFormat::text,
          std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines))};
  std::vector<SecretString> keys = [] {
    std::vector<SecretString> made;
    made.emplace_back("a key of at least thirty-two bytes for tests");
    return made;
  }();
  SealedBox box{keys};
  std::unique_ptr<Store> store = open_store("sqlite::memory:").value();
  Alone alone;
  TableTransport wire;
  CalendlyClient calendly{wire, clock};
  Chance no_chance = [] { return 0.0; };
  std::unique_ptr<Connection> connection;

  void open_connection() {
    connection =
        Connection::open({*store, box, calendly, clock, log, [this](auto time) { clock.pass(time); }, no_chance}).value();
  }
};

}  // namespace slotwire::proxy
