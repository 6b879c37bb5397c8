#pragma once
// Finds the handler for a method and path.
//
//   "/healthz"                                    exactly that
//   "/api/app/calendly/slots/{eventType}"         {..} is one segment, not empty
//   "/calendly/v2/{rest...}"                      {..rest} is the rest of the path, slashes included
//
// The raw path is split at its slashes first, and then each segment is percent-decoded, so "%2F" stays inside its segment:
// /slots/https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FZZZ is one value. Values are returned in Request::path_values.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/http/replies.h"

namespace slotwire::http {

class Router {
 public:
  // The first registered match wins. A GET route also answers HEAD (the server omits the body). Method "*" matches every method.
  // Patterns are checked by assert: a bad one is our bug.
  void on(std::string method, std::string pattern, Handler handler);

  // Called for OPTIONS on a path that has routes but none for OPTIONS, with the methods of those routes ("GET, HEAD"). nullopt:
  // the plain answer, 204 with Allow.
  using OptionsHook = std::function<std::optional<Reply>(const Request& request, std::string_view allowed_methods)>;
  void on_options(OptionsHook hook);

  // Called for GET and HEAD of a path without a route, before 404 is answered: files and pages. nullopt: not found. For other
  // methods it decides between 404 and 405: 405 if a GET without any headers would be answered. A Later or Wait is not started
  // for that.
  using Fallback = std::function<std::optional<Step>(const Request& request)>;
  void on_no_route(Fallback fallback);

  // Words the refusals below. By default they are in the API's envelope.
  void on_refusal(Refusals refusal);

  // 404 for an unknown route, 405 with Allow for a known one, 400 for a malformed percent-encoding.
  [[nodiscard]] Step operator()(const Request& request) const;

 private:
  [[nodiscard]] bool has_fallback_for(const Request& request) const;

  struct Route {
    std::string method;
    std::vector<std::string> segments;  // literals as they are; "{" marks a value, "{..." the rest
    Handler handler;
  };
  std::vector<Route> routes_;
  OptionsHook options_hook_;
  Fallback fallback_;
  Refusals refusal_ = refusal_in_envelope;
};

}  // namespace slotwire::http
