#pragma once
// Calendly's API as a table: path, scope and handler. Facts: Calendly's published API documents, checked 2026-11.
#include <functional>
#include <httplib.h>
#include <span>
#include <string>
#include <string_view>

#include "tests/sim/world.h"

namespace slotwire::sim {

struct Call {
  World& world;  // locked during a call
  const httplib::Request& request;
  Json body;  // of a POST; null otherwise

  [[nodiscard]] std::string parameter(const char* name) const { return request.get_param_value(name); }
};

struct Endpoint {
  std::string_view name;  // in faults and counters
  std::string_view method;
  std::string_view path;  // a pattern of httplib's
  std::string_view scope;
  Answer (*answer)(Call&);
};

[[nodiscard]] std::span<const Endpoint> read_endpoints();
[[nodiscard]] std::span<const Endpoint> availability_endpoints();
[[nodiscard]] std::span<const Endpoint> booking_endpoints();
[[nodiscard]] std::span<const Endpoint> people_endpoints();
[[nodiscard]] std::span<const Endpoint> webhook_endpoints();

// The uuid in a URI of this collection; empty if it is not one.
[[nodiscard]] std::string uuid_of(std::string_view uri, std::string_view collection);

// The text at `key`; empty if it is missing or not a text.
[[nodiscard]] std::string text_of(const Json& object, const char* key);

// The refusal of a list: no owner is named, or another than the token's. `names` are the parameters that may name an owner.
[[nodiscard]] std::optional<Answer> wrong_owner(const Call& call, std::span<const std::string_view> names);

// The page of a start, with a query as in Calendly's links, unless plain_times is set.
[[nodiscard]] std::string scheduling_url_of(const World& world, const EventTypeRecord& type, Instant start);

// A page of a list: `count` (1..100, default 20) and `page_token`. The next page's address repeats the request's parameters.
[[nodiscard]] Answer paged(const Call& call, std::string_view path, const Json& all);
// The same of a list of so many, of which only the page's items are made: an account of 10,000 event types is read in 100 pages.
[[nodiscard]] Answer paged(const Call& call, std::string_view path, std::size_t size,
                           const std::function<Json(std::size_t at)>& item);

}  // namespace slotwire::sim
