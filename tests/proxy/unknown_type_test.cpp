// The error for an event type that does not exist.
#include "proxy/connection/unknown_type.h"

#include <catch_amalgamated.hpp>

namespace slotwire::tests {

// For `slotwire slots "30min;60min"` command and API said "There is no such event type." or "is not known", without the requested
// name.
TEST_CASE("unknown_type: an event type that is not there is named", "[proxy][connection]") {
  const Error error = connection::unknown_type("30min;60min");
  CHECK(error.code == ErrorCode::event_type_not_found);
  CHECK(error.detail == "There is no such event type: 30min;60min");
  CHECK(error.details == std::vector<ErrorDetail>{{"eventType", "30min;60min is not known"}});
  CHECK(connection::unknown_type("x", "event_type").details.front().field == "event_type");
  CHECK(connection::unknown_type("").detail == "There is no such event type.");
}

TEST_CASE("unknown_type: whatever was sent comes out short, as text and without control characters", "[proxy][connection]") {
  const auto shown = [](std::string_view name) {
    const std::string message = connection::unknown_type(name).details.front().message;
    return message.substr(0, message.rfind(" is not known"));
  };
  CHECK(shown("a\x1b[31m\nb\x7f\tc") == "a?[31m?b??c");
  CHECK(shown("a\xc2\x9b"
              "31m") == "a?31m");
  CHECK(shown("\xff\xfe") == "??");
  CHECK(shown("Gespräch ½") == "Gespräch ½");
  CHECK(shown(std::string(5'000, 'x')) == std::string(200, 'x'));
  // The last character that fits is not cut.
  std::string long_name(199, 'x');
  CHECK(shown(long_name + "ä") == long_name);
}

}  // namespace slotwire::tests
