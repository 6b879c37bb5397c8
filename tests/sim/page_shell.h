#pragma once
// Shared by all booking pages: the page's frame, its style, and the script that posts messages to an embedding page.
#include <string>
#include <string_view>

namespace slotwire::sim {

[[nodiscard]] std::string escaped_html(std::string_view text);

// A whole page. `title` is plain text, `body` is HTML; `viewed` is the window message posted when the page opens.
[[nodiscard]] std::string page_from(std::string_view title, std::string_view body, std::string_view viewed);

}  // namespace slotwire::sim
