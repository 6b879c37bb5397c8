#include "proxy/pages/language.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>

#include "proxy/text/ascii.h"
#include "proxy/text/weight.h"

namespace slotwire::pages {
namespace {

const Message* message_of(const Language& language, std::string_view key, char plural) {
  const auto found = std::find_if(language.messages.begin(), language.messages.end(),
                                  [&](const Message& one) { return one.key == key && one.plural == plural; });
  return found == language.messages.end() ? nullptr : &*found;
}

std::string filled(std::string_view text, std::string_view hole, std::string_view name = "{0}") {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + std::string(hole) + std::string(text.substr(at + name.size()));
}

char plural_of(const Language& language, long long number) {
  const auto size = static_cast<long long>(language.plurals.size());
  const long long like = number < size ? std::max(number, 0LL) : 100 + number % 100;
  return language.plurals.at(static_cast<std::size_t>(like));
}

const Language* accepted_language(std::string_view accepted) {
  constexpr int kMost = 32;
  const Language* best = nullptr;
  int best_weight = 0;
  for (int i = 0; i < kMost && !accepted.empty(); ++i) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    const std::string_view one = accepted.substr(0, comma);
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
    const auto [tag, weight] = text::weighted_from_item(one);
    if (weight.value_or(0) <= best_weight) continue;
    if (const Language* found = language_from_tag(tag)) {
      best = found;
      best_weight = *weight;
    }
  }
  return best;
}

}  // namespace

const Language& english() {
  const Language* found = language_from_tag("en");
  assert(found);
  return *found;
}

const Language* language_from_tag(std::string_view tag) {
  const std::string primary = text::lowered(tag.substr(0, tag.find_first_of("-_")));
  const auto all = languages();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Language& one) { return one.tag == primary; });
  return found == all.end() ? nullptr : &*found;
}

const Language& language_for(std::string_view named, std::string_view accepted, std::string_view of_type) {
  if (const Language* found = language_from_tag(named)) return *found;
  if (const Language* found = accepted_language(accepted)) return *found;
  if (const Language* found = language_from_tag(of_type)) return *found;
  return english();
}

std::string_view words(const Language& language, std::string_view key) {
  const Message* found = message_of(language, key, static_cast<char>(Plural::other));
  return found ? found->text : key;
}

std::string words(const Language& language, std::string_view key, std::string_view hole) {
  return filled(words(language, key), hole);
}

std::string words(const Language& language, std::string_view key, std::string_view first, std::string_view second) {
  // The second placeholder first, since the text for the first may contain placeholders itself.
  return filled(filled(words(language, key), second, "{1}"), first);
}

std::string words(const Language& language, std::string_view key, long long number) {
  const Message* found = message_of(language, key, plural_of(language, number));
  return filled(found ? found->text : words(language, key), number_text(language, number));
}

std::string number_text(const Language& language, long long number, std::size_t width) {
  std::string ascii = std::to_string(std::abs(number));
  if (ascii.size() < width) ascii.insert(0, width - ascii.size(), '0');
  std::string text = number < 0 ? "-" : "";
  for (const char digit : ascii) text += language.digits.at(static_cast<std::size_t>(digit - '0'));
  return text;
}

}  // namespace slotwire::pages
