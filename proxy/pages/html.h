#pragma once
// Builds HTML so that no value gets in unescaped: literals of our sources are inserted as they are, and every other value needs a
// function that says what it is. Pure; any thread.
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
  // A literal in our sources; a value known only at run time cannot become one.
  struct Source {
    consteval Source(const char* literal) : text(literal) {}  // NOLINT(google-explicit-constructor)
    std::string_view text;
  };

  Html& operator<<(Source source);
  Html& operator<<(const Html& other);
  // Data: `&`, `<`, `>` and both quotes are escaped; invalid UTF-8 and control characters become U+FFFD.
  Html& text(std::string_view data);
  Html& number(long long data);
  // ` name="data"`, with the space before it.
  Html& attribute(Source name, std::string_view data);
  // The same for an address. Anything but http(s) or a path of our own becomes "#", so that no script can run.
  Html& address(Source name, std::string_view url);
  // A data block. `json` must come from append_json_string and similar functions, whose text is safe inside a script element.
  Html& json_block(Source type, std::string_view json);

  [[nodiscard]] bool empty() const { return html_.empty(); }
  [[nodiscard]] const std::string& str() const& { return html_; }
  [[nodiscard]] std::string str() && { return std::move(html_); }

 private:
  std::string html_;
};

// http(s), or a path that stays on this host.
[[nodiscard]] bool is_safe_address(std::string_view url);

// The text, or its beginning up to the end of a word within `most` bytes, followed by "…". Runs of spaces and line breaks become
// one space.
[[nodiscard]] std::string one_line_of(std::string_view text, std::size_t most);

}  // namespace slotwire::pages
