#include "tests/e2e/facts.h"

#include <set>
#include <sstream>

namespace slotwire::e2e {
namespace {

bool is_time(const std::string& text) {
  constexpr std::string_view kPattern = "dddd-dd-ddTdd:dd:dd";
  if (text.size() != kPattern.size() + 1 && text.size() != kPattern.size() + 8) return false;
  for (std::size_t i = 0; i < kPattern.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kPattern[i] == 'd' ? !is_digit : text[i] != kPattern[i]) return false;
  }
  const std::string rest = text.substr(kPattern.size());
  return rest == "Z" || (rest.front() == '.' && rest.back() == 'Z' && rest.find_first_not_of("0123456789", 1) == 7);
}

bool is_one_of(const std::string& text, std::string_view alternatives) {
  std::istringstream list{std::string(alternatives)};
  for (std::string each; std::getline(list, each, '|');) {
    if (each == text) return true;
  }
  return false;
}

bool is_of_kind(const Json& value, std::string kind) {
  if (kind.ends_with('?')) {
    if (value.is_null()) return true;
    kind.pop_back();
  }
  if (kind == "number") return value.is_number_integer();
  if (kind == "flag") return value.is_boolean();
  if (kind == "list") return value.is_array();
  if (kind == "object") return value.is_object();
  if (!value.is_string()) return false;
  const std::string text = value.get<std::string>();
  if (kind == "text") return true;
  if (kind == "time") return is_time(text);
  if (kind == "uri") return text.starts_with("https://api.calendly.com/");
  return is_one_of(text, kind);
}

}  // namespace

std::vector<std::string> deviations(const Json& object, std::string_view facts) {
  if (!object.is_object()) return {"is not an object: " + object.dump()};
  std::vector<std::string> found;
  std::set<std::string> named;
  std::istringstream lines{std::string(facts)};
  for (std::string name, kind; lines >> name >> kind;) {
    const bool may_miss = name.starts_with('~');
    if (may_miss) name.erase(0, 1);
    named.insert(name);
    const auto member = object.find(name);
    if (member == object.end()) {
      if (!may_miss) found.push_back(name + " is missing");
    } else if (!is_of_kind(*member, kind)) {
      found.push_back(name + " is not " + kind + ": " + member->dump());
    }
  }
  for (const auto& [name, value] : object.items()) {
    if (!named.contains(name)) found.push_back(name + " is not among the facts");
  }
  return found;
}

}  // namespace slotwire::e2e
