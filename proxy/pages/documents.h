#pragma once
// Turns a page's model into an HTML document. All visitors get the same document: with scripts the picker replaces its content,
// without scripts this is the page. Pure; any thread.
#include <optional>
#include <string>
#include <vector>

#include "proxy/pages/times.h"
#include "shared/slot.h"

namespace slotwire::pages {

// Why there are no times to show; an unknown state never looks like "nothing is free".
enum class Unknown {
  at_calendly,  // they are shown only on Calendly's booking page
  failed,       // Calendly did not answer, and there is no copy
  refused,      // this client makes too many requests
  slow,         // Calendly has not answered yet
};

struct EventPage {
  const Language& language;
  EventType type = {};
  std::string origin = {};  // "https://slots.example.com"; empty: unknown
  std::string path = {};    // the page's own: "/acme/30min"
  std::string zone = {};
  bool is_hosts_zone = false;
  bool is_zone_locked = false;  // the zone is shown but cannot be changed
  Query carried = {};           // parameters passed on to the next page, and to the booking
  bool is_plain = true;         // no days, zone or language were requested: the one address for search engines
  Day today = {};               // in `zone`
  DayRange days = {};           // the days shown
  std::optional<Times> times = {};
  Unknown unknown = Unknown::failed;  // only used without times
};
[[nodiscard]] std::string html_from_event(const EventPage& page);

struct OwnerPage {
  const Language& language;
  std::string name;
  std::string link;    // at Calendly
  std::string origin;  // as above
  std::string path;
  Query carried;
  std::vector<EventType> types;  // the listed event types
};
[[nodiscard]] std::string html_from_owner(const OwnerPage& page);

// The page for an address that belongs to no owner or event type.
[[nodiscard]] std::string html_of_not_found(const Language& language);
// The page at "/" when there is no list to go to: explains the address and, before an account is connected, where to connect one.
[[nodiscard]] std::string html_of_root(const Language& language, bool is_connected);

}  // namespace slotwire::pages
