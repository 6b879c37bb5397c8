#pragma once
// The pages as documents: from a model to HTML. One document for everybody: with scripts a picker takes the place of what is
// written here, without them this is the page. Pure; any thread.
#include <optional>
#include <string>
#include <vector>

#include "proxy/pages/times.h"
#include "shared/slot.h"

namespace slotwire::pages {

// Why there are no times to show; never that nothing is free.
enum class Unknown {
  at_calendly,  // they are to be seen at the booking page alone
  failed,       // Calendly did not answer, and there is no copy
  refused,      // too much is asked from here
  slow,         // it has not answered yet
};

struct EventPage {
  const Language& language;
  EventType type = {};
  std::string origin = {};  // "https://slots.example.com"; empty: not known
  std::string path = {};    // the page's own: "/acme/30min"
  std::string zone = {};
  bool is_hosts_zone = false;
  bool is_zone_locked = false;  // said, not chosen
  Query carried = {};           // to the next page, and to the booking
  bool is_plain = true;         // no days, zone or language were asked for: the one address that a search engine is to keep
  Day today = {};               // in `zone`
  DayRange days = {};           // that are shown
  std::optional<Times> times = {};
  Unknown unknown = Unknown::failed;  // without times
};
[[nodiscard]] std::string html_from_event(const EventPage& page);

struct OwnerPage {
  const Language& language;
  std::string name;
  std::string link;    // at Calendly
  std::string origin;  // as above
  std::string path;
  Query carried;
  std::vector<EventType> types;  // what is listed
};
[[nodiscard]] std::string html_from_owner(const OwnerPage& page);

// For an address that is nobody's.
[[nodiscard]] std::string html_of_nobody(const Language& language);
// For "/", where it leads to no list: what the address is, and, before an account is connected, where that is done.
[[nodiscard]] std::string html_of_root(const Language& language, bool is_connected);

}  // namespace slotwire::pages
