#include "proxy/http/router.h"

#include <algorithm>
#include <cassert>

#include "shared/percent.h"

namespace slotwire::http {
namespace {

constexpr std::string_view kValue = "{";
constexpr std::string_view kRest = "{...";

// The segments after the leading slash; "/" is one empty segment.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

// The text matched by the route's values, still encoded; nullopt when the path does not match.
std::optional<std::vector<std::string_view>> values_in(const std::vector<std::string>& pattern,
                                                       const std::vector<std::string_view>& raw,
                                                       const std::vector<std::string>& decoded) {
  std::vector<std::string_view> values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= raw.size()) return std::nullopt;
    if (pattern[i] == kRest) {
      const char* begin = raw[i].data();
      values.emplace_back(begin, static_cast<std::size_t>(raw.back().data() + raw.back().size() - begin));
      return values;
    }
    if (pattern[i] == kValue) {
      if (raw[i].empty()) return std::nullopt;
      values.push_back(raw[i]);
    } else if (pattern[i] != decoded[i]) {
      return std::nullopt;
    }
  }
  if (raw.size() != pattern.size()) return std::nullopt;
  return values;
}

}  // namespace

void Router::on(std::string method, std::string pattern, Handler handler) {
  assert(!pattern.empty() && pattern.front() == '/');
  Route route{.method = std::move(method), .segments = {}, .handler = std::move(handler)};
  for (const std::string_view segment : segments_of(pattern)) {
    const bool is_value = segment.starts_with('{') && segment.ends_with('}');
    const bool is_rest = is_value && segment.ends_with("...}");
    route.segments.emplace_back(is_rest ? kRest : is_value ? kValue : segment);
  }
  routes_.push_back(std::move(route));
}

void Router::on_options(OptionsHook hook) { options_hook_ = std::move(hook); }
void Router::on_no_route(Fallback fallback) { fallback_ = std::move(fallback); }
void Router::on_refusal(Refusals refusal) { refusal_ = std::move(refusal); }

bool Router::has_fallback_for(const Request& request) const {
  Request read;
  read.method = "GET";
  read.path = request.path;
  return fallback_(read).has_value();
}

Step Router::operator()(const Request& request) const {
  const auto refused = [&](int status, ErrorCode code, std::string detail) {
    return refusal_({request.path, request.headers.find("Host").value_or("")}, status,
                    Error{.code = code, .detail = std::move(detail)});
  };
  const std::vector<std::string_view> raw = segments_of(request.path);
  std::vector<std::string> decoded;
  decoded.reserve(raw.size());
  for (const std::string_view segment : raw) {
    std::optional<std::string> text = percent_decoded(segment);
    if (!text) return refused(400, ErrorCode::bad_input, "The path has a malformed percent-encoding.");
    decoded.push_back(std::move(*text));
  }

  std::vector<std::string_view> allowed;
  const auto allow = [&](std::string_view method) {
    if (std::find(allowed.begin(), allowed.end(), method) == allowed.end()) allowed.push_back(method);
  };
  for (const Route& route : routes_) {
    const auto values = values_in(route.segments, raw, decoded);
    if (!values) continue;
    const bool answers_head = route.method == "GET" && request.method == "HEAD";
    if (route.method != "*" && route.method != request.method && !answers_head) {
      allow(route.method);
      if (route.method == "GET") allow("HEAD");
      continue;
    }
    if (values->empty()) return route.handler(request);
    Request with_values = request;
    for (const std::string_view value : *values)
      with_values.path_values.push_back(percent_decoded(value).value_or(std::string(value)));
    return route.handler(with_values);
  }

  if (allowed.empty() && fallback_) {
    if (request.method == "GET" || request.method == "HEAD") {
      if (std::optional<Step> step = fallback_(request)) return std::move(*step);
    } else if (has_fallback_for(request)) {
      allow("GET");
      allow("HEAD");
    }
  }
  if (allowed.empty()) return refused(404, ErrorCode::not_found, "There is nothing at this address.");
  allow("OPTIONS");
  std::string methods;
  for (const std::string_view method : allowed) {
    if (!methods.empty()) methods += ", ";
    methods += method;
  }
  if (request.method == "OPTIONS") {
    if (options_hook_) {
      if (std::optional<Reply> reply = options_hook_(request, methods)) return std::move(*reply);
    }
    Reply reply{.status = 204, .headers = {}, .body = nullptr};
    reply.headers.set("Allow", methods);
    return reply;
  }
  Reply reply = refused(405, ErrorCode::method_not_allowed, "This address takes " + methods + ".");
  reply.headers.set("Allow", methods);
  return reply;
}

}  // namespace slotwire::http
