#pragma once
// Which sites' pages may read an answer (CORS). Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::http {

class AllowedOrigins {
 public:
  // "*", or exact origins as browsers send them: "https://www.example.com", with a port only when it is not the usual one.
  // Trailing slashes and capitals in scheme and host are put right. Errors: bad_input naming the entry.
  [[nodiscard]] static Result<AllowedOrigins> from_list(const std::vector<std::string>& origins);

  [[nodiscard]] bool is_anyone() const { return anyone_; }
  // "null" (a sandboxed page) is allowed only by "*".
  [[nodiscard]] bool contains(std::string_view origin) const;

  [[nodiscard]] bool has_names() const { return !origins_.empty(); }
  // Whether a page may not only read: its origin is listed by name; "*" is for reading. Without an Origin, which a page of the
  // very host that is asked leaves out when it reads, that host counts.
  [[nodiscard]] bool may_write(const Request& request) const;

  // Marks a reply as readable by the page that asked, and caches as dependent on the origin. Without an Origin header, or
  // for one that is not allowed, only Vary is set.
  void mark(const Request& request, Reply& reply) const;

  // The answer to a preflight for `methods` ("GET, HEAD"); 204 in any case, with permission only for an allowed origin.
  [[nodiscard]] Reply preflight(const Request& request, std::string_view methods) const;

 private:
  bool anyone_ = false;
  std::vector<std::string> origins_;
};

// "Vary: a, b" united with what is there already.
void add_vary(Reply& reply, std::string_view names);

}  // namespace slotwire::http
