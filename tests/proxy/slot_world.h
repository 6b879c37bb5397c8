#pragma once
// The whole proxy below the routes, with time, randomness and Calendly controlled by the test.
#include "proxy/slots/slot_service.h"
#include "shared/wire_json.h"
#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {

inline const std::string kToken = "eyJmarker.token.that-must-never-appear-anywhere";

struct World : ServiceFixture {
  ManualWorkers fetchers{clock};
  ManualWorkers background{clock};
  ManualWorkers timers{clock};
  fetch::Shares shares;
  cluster::Cluster* cluster = &alone;
  std::unique_ptr<slots::SlotService> slots;

  explicit World(slots::SlotServiceSettings settings = {}, cluster::Cluster* others = nullptr) {
    if (others) cluster = others;
    wire.answer(usual_answer);
    start(settings);
    REQUIRE(connection->set_token(secrets::SecretString(kToken), "test", "r0"));
    wire.log.clear();
  }

  void start(slots::SlotServiceSettings settings = {}) {
    // As if the process ended: pending tasks of the destroyed service would use freed memory.
    for (ManualWorkers* workers : {&fetchers, &background, &timers}) workers->drop_all();
    slots.reset();
    open_connection();
    slots =
        std::make_unique<slots::SlotService>(slots::SlotService::Parts{*connection, calendly, *store, *cluster, fetchers,
                                                                       background, timers, clock, log, no_chance, shares, *types},
                                             settings);
    connection->on_change([this] { slots->account_changed(); });
  }

  using Replies = std::shared_ptr<std::vector<Result<slots::SlotReply>>>;

  Replies ask(const std::string& first, const std::string& last, const std::string& type = "30min") {
    auto replies = std::make_shared<std::vector<Result<slots::SlotReply>>>();
    const DayRange days{day(first), day(last) + std::chrono::days(1)};
    slots->find({type, {Instant(days.begin), Instant(days.end)}, days, "UTC", "r1"},
                [replies](Result<slots::SlotReply> reply) { replies->push_back(std::move(reply)); });
    return replies;
  }

  // Runs all tasks and advances the time to later ones, until none is left or `most` has passed.
  void settle(std::chrono::milliseconds most = std::chrono::seconds(15)) {
    for (std::chrono::milliseconds passed{0}; passed <= most; passed += std::chrono::milliseconds(100)) {
      timers.run();
      fetchers.run();
      background.run();
      const slots::SlotService::Stats stats = slots->stats();
      if (fetchers.waiting() + background.waiting() + stats.waiting + stats.flights == 0) return;
      clock.pass(std::chrono::milliseconds(100));
    }
  }

  SlotsAnswer answer(const std::string& first, const std::string& last) {
    const Replies replies = ask(first, last);
    settle();
    REQUIRE(replies->size() == 1);
    REQUIRE(replies->front());
    return slots_from_json(replies->front()->answer->json).value();
  }

  [[nodiscard]] std::size_t window_calls() const { return wire.calls_to("/event_type_available_times"); }
};

inline calendly::Exchange broken(const calendly::UpstreamRequest&) { return upstream(503, "<html>"); }

}  // namespace slotwire::tests
