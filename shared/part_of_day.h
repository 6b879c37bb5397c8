#pragma once
// Parts of a day by the visitor's local time: morning until noon, afternoon until five, then evening. Pure.
#include <chrono>
#include <optional>
#include <string_view>

namespace slotwire {

enum class PartOfDay { morning, afternoon, evening };

// `local`: time since midnight, as ZoneOffsets::local_time_of gives it.
[[nodiscard]] constexpr PartOfDay part_of_day(std::chrono::microseconds local) {
  return local < std::chrono::hours{12}   ? PartOfDay::morning
         : local < std::chrono::hours{17} ? PartOfDay::afternoon
                                          : PartOfDay::evening;
}

[[nodiscard]] std::string_view name_from_part(PartOfDay part);  // "morning", "afternoon", "evening"
[[nodiscard]] std::optional<PartOfDay> part_from_name(std::string_view name);

}  // namespace slotwire
