// The settings file: whatever stands in it, each name is read once, no sentence tells a value, and what is written in quotes
// again is read as the same.
#include <set>
#include <string>

#include "proxy/settings/settings_file.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET(settings_file) {
  using namespace slotwire;
  using fuzz::holds;
  const settings::FileText read = settings::parse(bytes);
  const auto lines = static_cast<int>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
  std::set<std::string> names;
  int before = 0;
  for (const auto& [name, value, line] : read.settings) {
    holds(!name.empty() && name.find_first_of("= \t\n\"'#;") == name.npos, "a name is one");
    holds(names.insert(name).second, "each name once");
    holds(line > before && line <= lines, "in the file's order, on a line that there is");
    before = line;
  }
  constexpr std::string_view kSecretWord = "hunter2";
  bool is_named = false;
  for (const auto& setting : read.settings) is_named = is_named || setting.name.find(kSecretWord) != std::string::npos;
  for (const auto& problem : read.problems) is_named = is_named || problem.name.find(kSecretWord) != std::string::npos;
  for (const auto& problem : read.problems) {
    holds(problem.line >= 1 && problem.line <= lines && !problem.what.empty(), "what is wrong is on a line, and said");
    // By a word that no sentence of ours has, and no name in this file.
    if (!is_named) holds(problem.what.find(kSecretWord) == std::string::npos, "no sentence tells a value");
  }

  std::string written;
  for (const auto& [name, value, line] : read.settings) {
    written += name + "=\"";
    for (const char c : value) {
      if (std::string_view("\"\\`$").find(c) != std::string_view::npos) written += '\\';
      written += c;
    }
    written += "\"\n";
  }
  const settings::FileText again = settings::parse(written);
  if (!read.problems.empty()) return;
  holds(again.problems.empty() && again.settings.size() == read.settings.size(),
        "what can be used can be used when it is written anew");
  for (std::size_t i = 0; i < read.settings.size(); ++i) {
    holds(again.settings[i].name == read.settings[i].name && again.settings[i].value == read.settings[i].value,
          "and says the same");
  }
}
