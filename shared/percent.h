#pragma once
// Percent-encoding of URLs and their queries. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire {

// nullopt when a '%' is not followed by two hex digits, or for %00. '+' stays as it is: that is a path's meaning.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

// The same for a text of a query, where '+' is a space ("%2B" is the plus of "+02:00").
[[nodiscard]] std::optional<std::string> query_decoded(std::string_view text);

// Of "a=b&c": names and values as they are written, in their order, the empty pairs left out. Borrowed.
struct QueryPair {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] std::vector<QueryPair> query_pairs(std::string_view query);

// Text as it may stand in a query: everything but letters, digits and -._~ percent-encoded.
[[nodiscard]] std::string query_encoded(std::string_view text);

// The first value of this name in an address's query, decoded. nullopt: none, or one that cannot be decoded.
[[nodiscard]] std::optional<std::string> query_value_in(std::string_view url, std::string_view name);

}  // namespace slotwire
