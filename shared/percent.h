#pragma once
// Percent-encoding of URLs and their queries. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire {

// nullopt when a '%' is not followed by two hex digits, or for %00. '+' is kept, as in a path.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

// The same for the text of a query, where '+' is a space ("%2B" is the plus of "+02:00").
[[nodiscard]] std::optional<std::string> query_decoded(std::string_view text);

// The names and values in "a=b&c", still encoded, in order, without empty pairs. Borrowed.
struct QueryPair {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] std::vector<QueryPair> query_pairs(std::string_view query);

// Encodes text for a query: everything but letters, digits and -._~ is percent-encoded.
[[nodiscard]] std::string query_encoded(std::string_view text);

// The first value of this name in an address's query, decoded. nullopt: absent, or not decodable.
[[nodiscard]] std::optional<std::string> query_value_in(std::string_view url, std::string_view name);

}  // namespace slotwire
