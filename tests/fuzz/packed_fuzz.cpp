// The packed answer that the widget's module reads: written again from what was read, it is the very same bytes.
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "shared/wire_packed.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

class Writer {
 public:
  template <class Number>
  void number(Number value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void instant(const std::optional<Instant>& instant) {
    number(instant ? static_cast<double>(instant->time_since_epoch().count()) / 1000 : std::numeric_limits<double>::quiet_NaN());
  }
  [[nodiscard]] std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

std::string packed(const SlotsAnswer& answer) {
  Writer out;
  out.number(std::uint32_t{0x33535753});
  for (const std::string& text : {answer.event_type_name, answer.host, answer.place, answer.description}) out.text(text);
  out.number(static_cast<std::uint32_t>(answer.duration.count()));
  out.number(static_cast<std::uint8_t>((answer.cached ? 1 : 0) | (answer.stale ? 2 : 0) | (answer.complete ? 4 : 0)));
  out.number(static_cast<std::uint32_t>(answer.types.size()));
  for (const EventType& type : answer.types) {
    out.text(type.uri);
    out.text(type.name);
    out.number(static_cast<std::uint32_t>(type.duration.count()));
  }
  out.number(static_cast<std::uint32_t>(answer.windows.size()));
  for (const AnsweredWindow& window : answer.windows) {
    out.number(static_cast<std::int32_t>(window.days.begin.time_since_epoch().count()));
    out.number(static_cast<std::int32_t>(window.days.end.time_since_epoch().count() - 1));
    out.number(static_cast<std::uint8_t>(window.source));
    out.instant(window.fetched_at);
    out.text(window.error ? name_from_code(*window.error) : "");
  }
  out.number(static_cast<std::uint32_t>(answer.slots.size()));
  for (const Slot& slot : answer.slots) {
    out.instant(slot.start);
    out.number(static_cast<std::uint32_t>(slot.invitees_remaining));
    out.number(static_cast<std::uint8_t>(slot.of));
    out.text(slot.scheduling_url);
  }
  return std::move(out.bytes());
}

Result<SlotsAnswer> read(std::string_view bytes) { return slots_from_packed(std::as_bytes(std::span(bytes))); }

}  // namespace

FUZZ_TARGET(packed) {
  const auto answer = read(bytes);
  if (!answer) {
    holds(answer.error().code == ErrorCode::bad_input, "what is malformed is said to be");
    return;
  }
  holds(!answer->types.empty(), "an answer is of some event type");
  constexpr Day kYear10000{std::chrono::days{2'932'897}};
  for (const AnsweredWindow& window : answer->windows) {
    holds(window.days.begin < window.days.end && window.days.begin >= Day() && window.days.end <= kYear10000, "days are days");
    holds(!window.fetched_at || (answer->fetched_at && *answer->fetched_at <= *window.fetched_at),
          "it is as old as its oldest window");
  }
  for (const Slot& slot : answer->slots) {
    holds(slot.of < answer->types.size(), "each time is some event type's");
    holds(slot.start >= Instant() && slot.start < kYear10000, "a time is one");
    holds(slot.invitees_remaining >= 0, "places are not owed");
  }
  const std::string written = packed(*answer);
  holds(written.size() <= bytes.size() + 40 * answer->windows.size(), "nothing is made up");
  const auto again = read(written);
  holds(again && packed(*again) == written, "what was read is written and read as the same");
  holds(again->slots == answer->slots && again->windows == answer->windows && again->types == answer->types, "to the last time");
  // Neither less nor more than all of it is an answer.
  holds(!read(std::string_view(written).substr(0, written.size() - 1)) && !read(written + '\0'), "nor is half an answer one");
}
