#include "proxy/connection/scheduling_link.h"

#include <catch_amalgamated.hpp>

#include "proxy/connection/connection.h"

namespace slotwire::tests {
namespace {

EventType type_at(std::string uuid, std::string slug, std::string link, bool secret = false, bool active = true) {
  EventType type;
  type.uri = "https://api.calendly.com/event_types/" + uuid;
  type.slug = std::move(slug);
  type.scheduling_url = std::move(link);
  type.secret = secret;
  type.active = active;
  return type;
}

connection::Account account() {
  connection::Account account;
  account.record.scheduling_url = "https://calendly.com/ada";
  account.record.types = {
      type_at("PERSON", "30min", "https://calendly.com/ada/30min"),
      type_at("TEAM", "30min", "https://calendly.com/acme-team/30min"),
      type_at("ADHOC", "", "https://calendly.com/d/abcd-efg/intro"),
      type_at("SECRET", "hush", "https://calendly.com/ada/hush", true),
      type_at("OFF", "off", "https://calendly.com/ada/off", false, false),
      type_at("ACCENT", "muenchen", "https://calendly.com/ada/m%C3%BCnchen"),
      type_at("DATED", "2026-12-01", "https://calendly.com/ada/2026-12-01"),
  };
  return account;
}

}  // namespace

// Only the last part of a link was read: another account's /30min showed and booked ours, and of a person's and a team's type
// with the same name the first was used for both. Later, text before the scheme was ignored.
TEST_CASE("Account: a scheduling link means the type whose whole link it is", "[proxy][connection][links]") {
  struct Row {
    const char* link;
    const char* uuid;  // empty: none
  };
  const Row row = GENERATE(
      Row{"https://calendly.com/ada/30min", "PERSON"}, Row{"https://calendly.com/acme-team/30min", "TEAM"},
      Row{"HTTPS://Calendly.com/Acme-Team/30MIN/", "TEAM"}, Row{"http://calendly.com/ada//30min", "PERSON"},
      Row{"https://www.calendly.com/ada/30min", "PERSON"}, Row{"WWW.calendly.com/acme-team/30min", "TEAM"},
      Row{"https://www.calendly.com/somebody-else/30min", ""}, Row{"https://wwwcalendly.com/ada/30min", ""},
      Row{"https://www.www.calendly.com/ada/30min", ""}, Row{"calendly.com/ada/30min", "PERSON"},
      Row{"//calendly.com/ada/30min?month=2026-12&a=b/c#x", "PERSON"}, Row{"https://calendly.com/d/abcd-efg/intro", "ADHOC"},
      Row{"https://calendly.com/ada/hush", "SECRET"}, Row{"https://calendly.com/ada/m\xC3\xBCnchen", "ACCENT"},
      Row{"https://calendly.com/ada/30%6Din", "PERSON"}, Row{"https://calendly.com/ada/30min/2026-12-01T20:00:00Z", "PERSON"},
      Row{"https://calendly.com/ada/30min/2026-12-01T20:00:00+01:00?month=2020-01", "PERSON"},
      Row{"https://calendly.com/ada/30min/2026-12-01/", "PERSON"}, Row{"https://calendly.com/ada/2026-12-01", "DATED"},
      Row{"https://api.calendly.com/event_types/TEAM", "TEAM"}, Row{"30min", "PERSON"}, Row{"SECRET", "SECRET"},
      Row{"https://calendly.com/somebody-else/30min", ""}, Row{"https://calendly.example/ada/30min", ""},
      Row{"https://calendly.com/ada/30min/invitees", ""}, Row{"https://calendly.com/ada/off", ""},
      Row{"https://calendly.com/ada/30min/2026-12-1", ""}, Row{"https://calendly.com/ada%2F30min", ""},
      Row{"xhttps://calendly.com/ada/30min", ""}, Row{"nope,https://calendly.com/ada/30min", ""},
      Row{"ftp://calendly.com/ada/30min", ""}, Row{" https://calendly.com/ada/30min ", "PERSON"},
      Row{"https://calendly.com/ada/%zz", ""}, Row{"https://calendly.com/ada/30min%", ""}, Row{"https://calendly.com/ada", ""},
      Row{"https://calendly.com", ""}, Row{"/", ""}, Row{"", ""}, Row{"hush", ""}, Row{"/30min", ""});
  INFO(row.link);
  const connection::Account ours = account();
  const EventType* found = ours.find_type(row.link);
  CHECK((found ? std::string(uuid_from_uri(found->uri)) : std::string()) == row.uuid);
}

TEST_CASE("Account: an owner's page lists what is listed of that owner, and nobody else's is answered",
          "[proxy][connection][links]") {
  const auto count = [](const char* link) -> int {
    const auto types = account().types_of(link);
    return types ? static_cast<int>(types->size()) : -1;
  };
  CHECK(count("https://calendly.com/ada") == 3);  // neither the secret nor the inactive one
  CHECK(count("https://CALENDLY.com/acme-team/?x=1") == 1);
  CHECK(count("https://www.calendly.com/ada") == 3);
  CHECK(count("https://calendly.com/somebody-else") == -1);
  CHECK(count("https://calendly.com/d") == -1);
  CHECK(count("https://calendly.com/") == -1);
  CHECK(count("") == -1);
  connection::Account empty = account();
  empty.record.types.clear();
  REQUIRE(empty.types_of("https://calendly.com/ada"));
  CHECK(empty.types_of("https://calendly.com/ada")->empty());
}

}  // namespace slotwire::tests
