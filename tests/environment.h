#pragma once
// How much a seeded test does, when its environment says so: `make chaos` lets them run longer than `make test`.
#include <cstdint>
#include <cstdlib>
#include <string>

namespace slotwire {

[[nodiscard]] inline std::string text_in_environment(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

[[nodiscard]] inline std::uint64_t number_in_environment(const char* name, std::uint64_t otherwise) {
  const std::string text = text_in_environment(name);
  return text.empty() ? otherwise : std::strtoull(text.c_str(), nullptr, 10);
}

}  // namespace slotwire
