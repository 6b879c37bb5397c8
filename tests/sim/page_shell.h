#pragma once
// What all booking pages share: the frame of a page, its style, and the script that talks to an embedding page.
#include <string>
#include <string_view>

namespace slotwire::sim {

[[nodiscard]] std::string escaped_html(std::string_view text);

// A whole page. `title` is plain text, `body` is HTML; `viewed` is the window message that opening the page posts.
[[nodiscard]] std::string page_from(std::string_view title, std::string_view body, std::string_view viewed);

}  // namespace slotwire::sim
