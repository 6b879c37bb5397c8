#pragma once
// Decides which sites' pages may read an answer (CORS). Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::http {

class AllowedOrigins {
 public:
  // "*", or exact origins as browsers send them: "https://www.example.com", with a port only when it is not the default one.
  // Trailing slashes are removed; scheme and host become lower case. Errors: bad_input naming the entry.
  [[nodiscard]] static Result<AllowedOrigins> from_list(const std::vector<std::string>& origins);

  [[nodiscard]] bool is_anyone() const { return anyone_; }
  // "null" (a sandboxed page) is allowed only by "*".
  [[nodiscard]] bool contains(std::string_view origin) const;

  [[nodiscard]] bool has_names() const { return !origins_.empty(); }
  // True when a page may also write: its origin is listed by name ("*" only allows reading). Without an Origin header the
  // request's Host counts instead, since browsers omit Origin when a page reads from its own host.
  [[nodiscard]] bool may_write(const Request& request) const;

  // Marks a reply as readable by the requesting page, and as dependent on the origin for caches. Without an Origin header, or for
  // one that is not allowed, only Vary is set.
  void mark(const Request& request, Reply& reply) const;

  // The answer to a preflight for `methods` ("GET, HEAD"): always 204, with permission only for an allowed origin.
  [[nodiscard]] Reply preflight(const Request& request, std::string_view methods) const;

 private:
  bool anyone_ = false;
  std::vector<std::string> origins_;
};

// "Vary: a, b" merged with the names already there.
void add_vary(Reply& reply, std::string_view names);

}  // namespace slotwire::http
