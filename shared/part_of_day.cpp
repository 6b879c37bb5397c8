#include "shared/part_of_day.h"

#include <array>

namespace slotwire {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"morning", "afternoon", "evening"};

}  // namespace

std::string_view name_from_part(PartOfDay part) { return kNames[static_cast<std::size_t>(part)]; }

std::optional<PartOfDay> part_from_name(std::string_view name) {
  for (const PartOfDay part : {PartOfDay::morning, PartOfDay::afternoon, PartOfDay::evening})
    if (name == name_from_part(part)) return part;
  return std::nullopt;
}

}  // namespace slotwire
