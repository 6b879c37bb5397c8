#pragma once
// A request to Calendly, as the key under which the fetch machine stores its answer. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/calendar.h"

namespace slotwire::dropin {

struct Question {
  enum class Kind {
    times,     // available times, stored by their days; start_time and end_time are not in the target
    whole,     // any other answer that may be shared
    personal,  // for one caller
  };
  Kind kind = Kind::whole;
  std::string target;      // path and query, sorted by name, so that the order of parameters does not matter
  std::uint64_t turn = 0;  // of a personal request, so that no two have the same key
  bool operator==(const Question&) const = default;

  [[nodiscard]] std::string path() const { return target.substr(0, target.find('?')); }
  // The target for this range.
  [[nodiscard]] std::string target_for(InstantRange range) const;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;
// By name only: several values of one name keep their order.
[[nodiscard]] Pairs sorted_by_name(Pairs query);
[[nodiscard]] std::string target_from(std::string_view path, const Pairs& query);

[[nodiscard]] std::string key_from_question(const Question& question);
// Reverses key_from_question.
[[nodiscard]] Question question_from_key(const std::string& key);

}  // namespace slotwire::dropin
