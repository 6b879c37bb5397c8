#include "proxy/http/page_policy.h"

#include <algorithm>

#include "proxy/text/url.h"

namespace slotwire::http {

std::string page_policy(const std::vector<std::string>& frame_sources, std::string_view frame_ancestors) {
  std::string frames = "'self'";
  for (const std::string& source : frame_sources) frames += " " + source;
  return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
         "connect-src 'self'; frame-src " +
         frames + "; worker-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors " + std::string(frame_ancestors);
}

std::string frame_ancestors_from(const std::vector<std::string>& origins) {
  if (std::find(origins.begin(), origins.end(), "*") != origins.end()) return "*";
  if (origins.empty()) return "'none'";
  std::string ancestors = "'self'";
  for (const std::string& origin : origins) ancestors += ' ' + text::origin_from_text(origin);
  return ancestors;
}

}  // namespace slotwire::http
