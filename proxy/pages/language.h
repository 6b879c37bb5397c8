#pragma once
// The languages of pages and mails: the widget's, by its own words, with Intl's dates and clocks. Both are put into C++ when the
// proxy is built (languages.mjs). Pure; any thread.
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace slotwire::pages {

// Which form of a word that bends with a number: Intl.PluralRules' zero, one, two, few, many, other; other stands for words that
// do not.
enum class Plural : char { zero = 'z', one = 'o', two = 't', few = 'f', many = 'm', other = 'x' };

struct Message {
  std::string_view key;
  char plural;
  std::string_view text;  // {0} is a hole
};

struct Language {
  std::string_view tag;  // "pt"
  bool is_right_to_left = false;
  bool has_halves = false;                   // of the day: clocks go to twelve
  std::array<std::string_view, 2> halves;    // AM, PM
  std::array<std::string_view, 12> months;   // as dates have them
  std::array<std::string_view, 7> weekdays;  // from Sunday
  std::string_view day;                      // "{w}, {m} {d}"
  std::string_view date;                     // "{m} {d}, {y}"
  std::string_view clock;                    // "{h}:{n} {p}"
  std::array<std::string_view, 10> digits;
  std::string_view plurals;  // a letter of Plural for each of 0 to 199; beyond, for what is left of hundreds and a hundred more
  std::span<const Message> messages;
};

// By tag, ascending.
[[nodiscard]] std::span<const Language> languages();
[[nodiscard]] const Language& english();

// By what it is called: "de", "de-AT", "pt_BR", in any case. nullptr: not spoken here.
[[nodiscard]] const Language* language_from_tag(std::string_view tag);

// The language for who asks: the one that is named, else the first of what a browser accepts (Accept-Language, RFC 9110, 12.5.4),
// else the event type's own, else English. What is not spoken here is passed over.
[[nodiscard]] const Language& language_for(std::string_view named, std::string_view accepted, std::string_view of_type);

// The words for a key; the key itself where there are none.
[[nodiscard]] std::string_view words(const Language& language, std::string_view key);
// The same with {0} filled in.
[[nodiscard]] std::string words(const Language& language, std::string_view key, std::string_view hole);
// The same with {0} and {1}.
[[nodiscard]] std::string words(const Language& language, std::string_view key, std::string_view first, std::string_view second);
// The same as the number bends it, with the number in the hole.
[[nodiscard]] std::string words(const Language& language, std::string_view key, long long number);
// Digits as the language writes them, with zeros in front up to that width.
[[nodiscard]] std::string number_text(const Language& language, long long number, std::size_t width = 1);

}  // namespace slotwire::pages
