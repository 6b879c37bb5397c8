#pragma once
// Reads the available facts about an event type and its host from Calendly, one attempt each. Blocks.
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/time/clock.h"
#include "proxy/time/zones.h"
#include "proxy/why/facts.h"

namespace slotwire::why {

class AccountFacts {
 public:
  struct Parts {  // all borrowed
    calendly::CalendlyClient& calendly;
    const time::Zones& zones;
    const time::Clock& clock;
    const connection::Account& account;
    const std::string& type_uri;
  };
  // Gives up after 15 s in total.
  explicit AccountFacts(Parts parts);

  // Fills in what can be read for `facts.day`. After a failure that all other calls would share, no further call is sent.
  void read_into(Facts& facts);
  [[nodiscard]] int calls() const { return calls_; }

 private:
  // The body of a 2xx answer.
  [[nodiscard]] Result<std::string> got(const std::string& target);
  [[nodiscard]] std::optional<Error> shared_failure() const;
  [[nodiscard]] calendly::CallTerms terms() const;
  void note(const calendly::CallFailure& failure);
  template <class T, class Read>
  [[nodiscard]] Result<T> read(const std::string& target, Read from_json);
  [[nodiscard]] Result<std::vector<HostHours>> hours(bool& are_of_type);
  [[nodiscard]] Result<std::vector<Booking>> bookings(InstantRange range);

  Parts parts_;
  time::Tick deadline_;
  int calls_ = 0;
  std::optional<Error> shared_failure_;
};

}  // namespace slotwire::why
