#pragma once
// Base of the service tests: a store, keys and a connection, with time and Calendly controlled by the test.
#include <catch_amalgamated.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

#include "proxy/cluster/alone.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {

struct ServiceFixture {
  ManualClock clock;
  std::ostringstream lines;
  log::Log log{log::LogLevel::debug, log::LogFormat::text,
               std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines))};
  std::vector<secrets::SecretString> keys = [] {
    std::vector<secrets::SecretString> made;
    made.emplace_back("a key of at least thirty-two bytes for tests");
    return made;
  }();
  secrets::SealedBox box{keys};
  std::unique_ptr<store::Store> store = store::open_store("sqlite::memory:").value();
  cluster::Alone alone;
  TableTransport wire;
  calendly::CalendlyClient calendly{wire, clock};
  calendly::Chance no_chance = [] { return 0.0; };
  std::unique_ptr<connection::Connection> connection;
  ManualWorkers types_reader{clock};
  ManualWorkers types_timers{clock};
  std::unique_ptr<connection::TypesUpkeep> types;  // refreshes nothing unless a test starts it

  void open_connection() {
    connection =
        connection::Connection::open({*store, box, calendly, clock, log, [this](auto time) { clock.pass(time); }, no_chance})
            .value();
    types_reader.drop_all();
    types_timers.drop_all();
    types =
        std::make_unique<connection::TypesUpkeep>(connection::TypesUpkeep::Parts{*connection, calendly, *store, types_reader,
                                                                                 types_timers, clock, log, no_chance, "this one"},
                                                  fetch::ListSettings{});
  }
};

}  // namespace slotwire::tests
