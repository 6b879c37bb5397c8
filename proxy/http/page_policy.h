#pragma once
// The Content-Security-Policy of our pages: nothing inline and nothing from other origins, except frames. Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::http {

// `frame_sources` may be framed by our pages besides our own pages. `frame_ancestors` is the policy's value for who may frame the
// page.
[[nodiscard]] std::string page_policy(const std::vector<std::string>& frame_sources, std::string_view frame_ancestors);

// The frame-ancestors value for listed origins: "*" allows anyone, our own origin is always included. Empty: no page.
[[nodiscard]] std::string frame_ancestors_from(const std::vector<std::string>& origins);

}  // namespace slotwire::http
