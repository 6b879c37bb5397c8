#pragma once
// Calendly's API as a table: path, scope and what answers. Facts: Calendly's published API documents, checked 2026-11.
#include <httplib.h>
#include <span>
#include <string>
#include <string_view>

#include "tests/sim/world.h"

namespace slotwire::sim {

struct Call {
  World& world;  // locked while an endpoint answers
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

// The uuid of a URI of this collection, empty if it is none.
[[nodiscard]] std::string uuid_of(std::string_view uri, std::string_view collection);

// The text at `key`; empty when there is none, or something else.
[[nodiscard]] std::string text_of(const Json& object, const char* key);

// Why a list is not shown: nobody is named whose it is, or somebody else. `names` are the parameters that may name one.
[[nodiscard]] std::optional<Answer> wrong_owner(const Call& call, std::span<const std::string_view> names);

// The start's page, with a query of its own as Calendly's have, unless the account's times are plain.
[[nodiscard]] std::string scheduling_url_of(const World& world, const EventTypeRecord& type, Instant start);

// A page of a list: `count` (1..100, default 20) and `page_token`. The next page's address repeats what was asked for.
[[nodiscard]] Answer paged(const Call& call, std::string_view path, const Json& all);

}  // namespace slotwire::sim
