#include "shared/wire_packed.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace slotwire {
namespace {

constexpr std::uint32_t kMagic = 0x33535753;
// Days and instants outside 1970..9999 are invalid here and would overflow chrono's arithmetic.
constexpr std::int32_t kLastDay = 2'932'896;
constexpr double kLastMs = 253'402'300'799'999.0;

// Reads past the end return zeros and set a flag, so that the caller checks once.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class Number>
  Number number() {
    Number value{};
    if (const auto bytes = take(sizeof value); !bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  std::string text() {
    const auto bytes = take(number<std::uint32_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  // A count of items of at least `item_bytes` each, limited to what the remaining bytes could hold.
  std::uint32_t count(std::size_t item_bytes) {
    const auto value = number<std::uint32_t>();
    if (value > rest_.size() / item_bytes) ended_early_ = true;
    return ended_early_ ? 0 : value;
  }

  std::optional<Instant> instant() {
    const auto ms = number<double>();
    if (std::isnan(ms)) return std::nullopt;
    if (!(ms >= 0 && ms <= kLastMs)) {
      out_of_range_ = true;
      return std::nullopt;
    }
    return Instant{std::chrono::microseconds{static_cast<std::int64_t>(std::llround(ms * 1000))}};
  }

  Day day() {
    const auto days = number<std::int32_t>();
    if (days < 0 || days > kLastDay) out_of_range_ = true;
    return Day{std::chrono::days{out_of_range_ ? 0 : days}};
  }

  [[nodiscard]] bool is_sound() const { return !ended_early_ && !out_of_range_; }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (size > rest_.size()) {
      ended_early_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  std::span<const std::byte> rest_;
  bool ended_early_ = false;
  bool out_of_range_ = false;
};

}  // namespace

Result<SlotsAnswer> slots_from_packed(std::span<const std::byte> bytes) {
  const Error malformed{ErrorCode::bad_input, "the packed answer is malformed"};
  Reader reader(bytes);
  if (reader.number<std::uint32_t>() != kMagic) return malformed;

  SlotsAnswer answer;
  answer.event_type_name = reader.text();
  answer.host = reader.text();
  answer.place = reader.text();
  answer.description = reader.text();
  answer.duration = std::chrono::minutes{reader.number<std::uint32_t>()};
  const auto flags = reader.number<std::uint8_t>();
  answer.cached = (flags & 1U) != 0;
  answer.stale = (flags & 2U) != 0;
  answer.complete = (flags & 4U) != 0;

  for (std::uint32_t left = reader.count(12); left > 0 && reader.is_sound(); --left) {
    EventType& type = answer.types.emplace_back();
    type.uri = reader.text();
    type.name = reader.text();
    type.duration = std::chrono::minutes{reader.number<std::uint32_t>()};
  }
  for (std::uint32_t left = reader.count(21); left > 0 && reader.is_sound(); --left) {
    AnsweredWindow window;
    window.days.begin = reader.day();
    window.days.end = reader.day() + std::chrono::days{1};
    const auto source = reader.number<std::uint8_t>();
    if (source > 3 || window.days.end <= window.days.begin) return malformed;
    window.source = static_cast<WindowSource>(source);
    window.fetched_at = reader.instant();
    if (const std::string code = reader.text(); !code.empty()) window.error = code_from_name(code);
    if (window.fetched_at && (!answer.fetched_at || *window.fetched_at < *answer.fetched_at)) {
      answer.fetched_at = window.fetched_at;
    }
    answer.windows.push_back(window);
  }
  for (std::uint32_t left = reader.count(17); left > 0 && reader.is_sound(); --left) {
    Slot slot;
    const auto start = reader.instant();
    if (!start) return malformed;
    slot.start = *start;
    slot.set_places(static_cast<int>(reader.number<std::uint32_t>() & 0x7FFFFFFFU));
    slot.of = reader.number<std::uint8_t>();
    if (slot.of >= answer.types.size()) return malformed;
    slot.scheduling_url = reader.text();
    answer.slots.push_back(std::move(slot));
  }
  if (!reader.is_sound() || !reader.is_at_end() || answer.types.empty()) return malformed;
  return answer;
}

}  // namespace slotwire
