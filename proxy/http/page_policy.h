#pragma once
// The Content-Security-Policy of our pages: nothing inline, nothing of anybody else's but what is framed. Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::http {

// `frame_sources` may be shown in frames besides our own pages; `frame_ancestors` is who may frame the page, as the policy has
// it.
[[nodiscard]] std::string page_policy(const std::vector<std::string>& frame_sources, std::string_view frame_ancestors);

// Who may frame a page that those may whose origins are listed: "*" is anyone, our own origin always may. Empty: nobody.
[[nodiscard]] std::string frame_ancestors_from(const std::vector<std::string>& origins);

}  // namespace slotwire::http
