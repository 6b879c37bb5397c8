#pragma once
// What a client accepts: content encodings by weight, and the entity tags it already has. Pure; any thread.
#include <span>
#include <string_view>

namespace slotwire::http {

enum class Encoding { identity, gzip, brotli };
[[nodiscard]] std::string_view name_from_encoding(Encoding encoding);  // "identity", "gzip", "br"

// The best of `offered` by the client's weights. Among equal weights the order of `offered` decides, so list the smallest first.
// Unless listed, identity is offered last. It is also the answer when nothing fits, even if "identity;q=0" forbids it: bytes that
// the client may reject are more useful than 406. Malformed entries are ignored.
[[nodiscard]] Encoding encoding_for(std::string_view accept_encoding, std::span<const Encoding> offered);

// Compares If-None-Match with the current tag by the weak comparison of RFC 9110: W/ is ignored on both sides. "*" matches.
// `etag` includes its quotes.
[[nodiscard]] bool has_matching_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace slotwire::http
