#pragma once
// The languages of pages and mails: the widget's words, and dates and clocks in Intl's formats. languages.mjs writes both as C++
// when the proxy is built. Pure; any thread.
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace slotwire::pages {

// The plural forms of a message, as in Intl.PluralRules: zero, one, two, few, many, other. Messages without plural forms use
// other.
enum class Plural : char { zero = 'z', one = 'o', two = 't', few = 'f', many = 'm', other = 'x' };

struct Message {
  std::string_view key;
  char plural;
  std::string_view text;  // {0} is a placeholder
};

struct Language {
  std::string_view tag;  // "pt"
  bool is_right_to_left = false;
  bool has_halves = false;                   // 12-hour clock
  std::array<std::string_view, 2> halves;    // AM, PM
  std::array<std::string_view, 12> months;   // in the form that dates use
  std::array<std::string_view, 7> weekdays;  // from Sunday
  std::string_view day;                      // "{w}, {m} {d}"
  std::string_view date;                     // "{m} {d}, {y}"
  std::string_view clock;                    // "{h}:{n} {p}"
  std::array<std::string_view, 10> digits;
  std::string_view plurals;  // for each number from 0 to 199 the letter of its Plural; larger numbers use 100 + number % 100
  std::span<const Message> messages;
};

// By tag, ascending.
[[nodiscard]] std::span<const Language> languages();
[[nodiscard]] const Language& english();

// By tag or locale: "de", "de-AT", "pt_BR", in any case. nullptr: not available.
[[nodiscard]] const Language* language_from_tag(std::string_view tag);

// The language for a client: the requested one, otherwise the first available one that the browser accepts (Accept-Language, RFC
// 9110, 12.5.4), otherwise the event type's own, otherwise English.
[[nodiscard]] const Language& language_for(std::string_view named, std::string_view accepted, std::string_view of_type);

// The text for a key; the key itself if there is none.
[[nodiscard]] std::string_view words(const Language& language, std::string_view key);
// The same with {0} filled in.
[[nodiscard]] std::string words(const Language& language, std::string_view key, std::string_view hole);
// The same with {0} and {1}.
[[nodiscard]] std::string words(const Language& language, std::string_view key, std::string_view first, std::string_view second);
// The text in the plural form for the number, with the number filled in.
[[nodiscard]] std::string words(const Language& language, std::string_view key, long long number);
// The number in the language's digits, padded with zeros to that width.
[[nodiscard]] std::string number_text(const Language& language, long long number, std::size_t width = 1);

}  // namespace slotwire::pages
