#pragma once
// Short lists as one column of text, separated by commas.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::proxy {

[[nodiscard]] std::string text_from_minutes(const std::vector<std::chrono::minutes>& minutes);
// What cannot be read is left out: no database may keep the program from starting.
[[nodiscard]] std::vector<std::chrono::minutes> minutes_from_text(std::string_view text);
[[nodiscard]] std::string text_from_names(const std::vector<std::string>& names);
[[nodiscard]] std::vector<std::string> names_from_text(std::string_view text);

}  // namespace slotwire::proxy
