#pragma once
// HTML as text that cannot hold a value unescaped: what stands in our sources goes in as it is, and everything else has to say
// what it is. Pure; any thread.
//
//   Html out;
//   out << "<a" ;
//   out.address("href", slot.scheduling_url) << ">";
//   out.text(type.name) << "</a>";
#include <cstddef>
#include <string>
#include <string_view>

namespace slotwire::pages {

class Html {
 public:
  // A literal of ours: nothing that is known only when the program runs becomes one.
  struct Source {
    consteval Source(const char* literal) : text(literal) {}  // NOLINT(google-explicit-constructor)
    std::string_view text;
  };

  Html& operator<<(Source source);
  Html& operator<<(const Html& other);
  // Data: `&`, `<`, `>` and both quotes are escaped; what is no UTF-8, or a control character, becomes U+FFFD.
  Html& text(std::string_view data);
  Html& number(long long data);
  // ` name="data"`, with the space before it.
  Html& attribute(Source name, std::string_view data);
  // The same for an address. What is neither http(s) nor a path of our own becomes "#": nothing that runs.
  Html& address(Source name, std::string_view url);
  // A data block: `json` as append_json_string and its like wrote it, whose text may stand in a script.
  Html& json_block(Source type, std::string_view json);

  [[nodiscard]] bool empty() const { return html_.empty(); }
  [[nodiscard]] const std::string& str() const& { return html_; }
  [[nodiscard]] std::string str() && { return std::move(html_); }

 private:
  std::string html_;
};

// http(s), or a path that stays on this host.
[[nodiscard]] bool is_safe_address(std::string_view url);

// The text, or its beginning up to a word's end within `most` bytes and "…" after it; runs of spaces and line breaks become one
// space.
[[nodiscard]] std::string one_line_of(std::string_view text, std::size_t most);

}  // namespace slotwire::pages
