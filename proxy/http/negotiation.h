#pragma once
// What a client accepts: content encodings by weight, and entity tags it has. Pure; any thread.
#include <span>
#include <string_view>

namespace slotwire::http {

enum class Encoding { identity, gzip, brotli };
[[nodiscard]] std::string_view name_from_encoding(Encoding encoding);  // "identity", "gzip", "br"

// The best of `offered` by the client's weights; among equal weights the order of `offered` decides, so list the smallest
// first. Identity is always offered, last, unless listed; it is the answer when nothing fits, even if "identity;q=0" forbids it:
// bytes that a client may refuse serve it better than 406. Malformed entries count for nothing.
[[nodiscard]] Encoding encoding_for(std::string_view accept_encoding, std::span<const Encoding> offered);

// If-None-Match against the current tag, by the weak comparison RFC 9110 prescribes: W/ is ignored on both sides.
// "*" matches. `etag` with its quotes.
[[nodiscard]] bool has_matching_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace slotwire::http
