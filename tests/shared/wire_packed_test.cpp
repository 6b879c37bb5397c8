#include "shared/wire_packed.h"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

using namespace slotwire;
using std::chrono::minutes;

namespace {

// Writes the same format as the page: see wire_packed.h.
class Packer {
 public:
  template <class Number>
  Packer& number(Number value) {
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), first, first + sizeof value);
    return *this;
  }
  Packer& text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    bytes_.insert(bytes_.end(), first, first + text.size());
    return *this;
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

Packer head(std::uint8_t flags) {
  Packer packer;
  packer.number(std::uint32_t{0x33535753}).text("名前").text("Ada").text("physical").text("Bring\na plan");
  packer.number(std::uint32_t{30}).number(flags);
  packer.number(std::uint32_t{2}).text("uri").text("名前").number(std::uint32_t{30});
  packer.text("other").text("Other").number(std::uint32_t{45});
  return packer;
}

Packer sample() {
  Packer packer = head(4 | 2);
  packer.number(std::uint32_t{2});
  packer.number(std::int32_t{20'458})
      .number(std::int32_t{20'464})
      .number(std::uint8_t{2})
      .number(1.7676e12)
      .text("calendly_unavailable");
  packer.number(std::int32_t{20'465})
      .number(std::int32_t{20'465})
      .number(std::uint8_t{3})
      .number(std::numeric_limits<double>::quiet_NaN())
      .text("");
  packer.number(std::uint32_t{1});
  packer.number(1'767'708'000'000.0).number(std::uint32_t{3}).number(std::uint8_t{1}).text("https://calendly.com/acme");
  return packer;
}

}  // namespace

TEST_CASE("slots_from_packed: every field arrives", "[shared][packed]") {
  const auto answer = slots_from_packed(sample().bytes());
  REQUIRE(answer);
  REQUIRE(answer->types.size() == 2);
  CHECK(answer->types[0].uri == "uri");
  CHECK(answer->types[1].name == "Other");
  CHECK(answer->types[1].duration == minutes{45});
  REQUIRE(answer->slots.size() == 1);
  CHECK(answer->slots[0].of == 1);
  CHECK(answer->event_type_name == "名前");
  CHECK(answer->duration == minutes{30});
  CHECK_FALSE(answer->cached);
  CHECK(answer->stale);
  CHECK(answer->complete);
  REQUIRE(answer->windows.size() == 2);
  CHECK(text_from_day(answer->windows[0].days.begin) == "2026-01-05");
  CHECK(text_from_day(answer->windows[0].days.end) == "2026-01-12");
  CHECK(answer->windows[0].source == WindowSource::stale);
  CHECK(answer->windows[0].error == ErrorCode::calendly_unavailable);
  CHECK(answer->windows[1].source == WindowSource::failed);
  CHECK_FALSE(answer->windows[1].fetched_at);
  CHECK(answer->fetched_at == answer->windows[0].fetched_at);
  CHECK(answer->host == "Ada");
  CHECK(answer->place == "physical");
  CHECK(answer->description == "Bring\na plan");
  CHECK(answer->slots[0].start == instant_from_text("2026-01-06T14:00:00Z").value());
  CHECK(answer->slots[0].invitees_remaining == 3);
  CHECK(answer->slots[0].scheduling_url == "https://calendly.com/acme");
}

TEST_CASE("slots_from_packed: bytes that end early at any place are refused", "[shared][packed]") {
  const auto whole = sample().bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(slots_from_packed(std::span(whole).first(length)));
  }
  auto longer = whole;
  longer.push_back(std::byte{0});
  CHECK_FALSE(slots_from_packed(longer));
}

TEST_CASE("slots_from_packed: nonsense is refused, never read past", "[shared][packed]") {
  const auto window = [](std::int32_t first, std::int32_t last, std::uint8_t source, double fetched) {
    return head(4)
        .number(std::uint32_t{1})
        .number(first)
        .number(last)
        .number(source)
        .number(fetched)
        .text("")
        .number(std::uint32_t{0})
        .bytes();
  };
  CHECK(slots_from_packed(window(1, 7, 0, 0.0)));
  CHECK_FALSE(slots_from_packed(window(7, 1, 0, 0.0)));
  CHECK_FALSE(slots_from_packed(window(-1, 7, 0, 0.0)));
  CHECK_FALSE(slots_from_packed(window(1, std::numeric_limits<std::int32_t>::max(), 0, 0.0)));
  CHECK_FALSE(slots_from_packed(window(1, 7, 4, 0.0)));
  CHECK_FALSE(slots_from_packed(window(1, 7, 0, 1e300)));
  CHECK_FALSE(slots_from_packed(window(1, 7, 0, -std::numeric_limits<double>::infinity())));
  CHECK_FALSE(slots_from_packed(head(4).number(std::uint32_t{0xFFFFFFFF}).bytes()));
  CHECK_FALSE(slots_from_packed(head(4)
                                    .number(std::uint32_t{0})
                                    .number(std::uint32_t{1})
                                    .number(std::numeric_limits<double>::quiet_NaN())
                                    .number(std::uint32_t{1})
                                    .number(std::uint8_t{0})
                                    .text("")
                                    .bytes()));
  CHECK_FALSE(slots_from_packed(head(4)  // of an event type that is not in the answer
                                    .number(std::uint32_t{0})
                                    .number(std::uint32_t{1})
                                    .number(1'767'708'000'000.0)
                                    .number(std::uint32_t{1})
                                    .number(std::uint8_t{2})
                                    .text("")
                                    .bytes()));
  CHECK_FALSE(slots_from_packed({}));
}
