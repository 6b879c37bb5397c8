#pragma once
// A booking service with time, Calendly and the store controlled by the test.
#include <nlohmann/json.hpp>

#include "proxy/booking/booking_service.h"
#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {

inline constexpr const char* kBookedAnswer = R"json({"resource":{"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1",
  "event":"https://api.calendly.com/scheduled_events/E1","email":"grace@example.com","status":"active",
  "cancel_url":"https://calendly.com/cancellations/I1","reschedule_url":"javascript:alert(1)",
  "created_at":"2026-01-05T10:00:01.000000Z"}})json";

// An account with one event type, a Calendly whose answers to bookings the test sets, and the bookings that exist there.
struct BookingWorld : ServiceFixture {
  BookingWorld() {
    wire.answer([this](const calendly::UpstreamRequest& request) -> calendly::Exchange {
      if (request.target == "/invitees") {
        sent.push_back(nlohmann::json::parse(request.body));
        return bookings(request);
      }
      if (request.target.starts_with("/scheduled_events?")) return events(request);
      if (request.target.starts_with("/scheduled_events/") && request.method == "GET") return upstream(200, invitees);
      return usual_answer(request);
    });
    open_connection();
    slots =
        std::make_unique<slots::SlotService>(slots::SlotService::Parts{*connection, calendly, *store, alone, workers, workers,
                                                                       timers, clock, log, [] { return 0.0; }, shares, *types},
                                             slots::SlotServiceSettings{});
    connection->on_change([this] { slots->account_changed(); });
    REQUIRE(connection->set_token(secrets::SecretString("eyJ.good.token"), "test", ""));
    service = server("one");
  }

  std::unique_ptr<booking::BookingService> server(const std::string& owner) {
    return std::make_unique<booking::BookingService>(
        booking::BookingService::Parts{*connection, *slots, calendly, *store, box, workers, zones, clock, log,
                                       [this](std::string_view) -> std::optional<std::chrono::seconds> {
                                         if (places_left == 0) return std::chrono::seconds(360);
                                         --places_left;
                                         return std::nullopt;
                                       },
                                       owner});
  }

  static booking::BookingRequest wish(const std::string& key = "k") {
    booking::BookingRequest request;
    request.wish.event_type = "30min";
    request.wish.start = instant("2026-01-06T14:00:00Z");
    request.wish.name = "Grace Hopper";
    request.wish.email = "Grace@Example.com";
    request.wish.timezone = "Europe/Berlin";
    request.key = key;
    request.client = "203.0.113.7";
    request.request_id = "r1";
    return request;
  }

  booking::BookingAnswer book(booking::BookingRequest request = wish()) { return wait_for(*service, std::move(request)); }
  booking::BookingAnswer wait_for(booking::BookingService& by, booking::BookingRequest request) {
    std::optional<booking::BookingAnswer> came;
    by.book(std::move(request), [&](booking::BookingAnswer answer) { came = std::move(answer); });
    pass_until([&] { return came.has_value(); });
    REQUIRE(came);
    return *came;
  }
  template <class Condition>
  void pass_until(Condition holds) {
    for (int i = 0; i < 600 && !holds(); ++i) {
      timers.run();
      workers.run();
      if (!holds()) clock.pass(std::chrono::milliseconds(100));
    }
  }

  static std::string code_of(const booking::BookingAnswer& answer) {
    return answer.error ? std::string(name_from_code(answer.error->code)) : "booked";
  }

  // Adds one invitee of one event to Calendly's lists.
  void list(const std::string& email, const std::string& created_at, const std::string& status = "active",
            const std::string& type = std::string(kTypeUri), const std::string& start = "2026-01-06T14:00:00.000000Z") {
    events = [type, start](const calendly::UpstreamRequest&) -> calendly::Exchange {
      return upstream(200, R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1","name":"x","status":"active",
        "start_time":")" + start +
                               R"(","end_time":"2026-01-06T14:30:00.000000Z","event_type":")" + type + R"("}],"pagination":{}})");
    };
    invitees = R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1",
      "event":"https://api.calendly.com/scheduled_events/E1","email":")" +
               email + R"(","status":")" + status + R"(","cancel_url":"https://calendly.com/cancellations/I1","created_at":")" +
               created_at + R"("}],"pagination":{}})";
  }

  TableTransport::Answer bookings = [](const calendly::UpstreamRequest&) -> calendly::Exchange {
    return upstream(201, kBookedAnswer);
  };
  TableTransport::Answer events = [](const calendly::UpstreamRequest&) -> calendly::Exchange {
    return upstream(200, R"({"collection":[]})");
  };
  std::string invitees = R"({"collection":[]})";
  std::vector<nlohmann::json> sent;
  int places_left = 100;
  ManualWorkers workers{clock};
  ManualWorkers timers{clock};
  fetch::Shares shares;
  time::Zones zones;
  std::unique_ptr<slots::SlotService> slots;
  std::unique_ptr<booking::BookingService> service;
};

inline calendly::UpstreamAnswer refusal(int status, const std::string& body = R"({"title":"x","message":"y"})") {
  return upstream(status, body);
}

}  // namespace slotwire::tests
