#include "proxy/http/negotiation.h"

#include <algorithm>
#include <optional>

#include "proxy/text/ascii.h"
#include "proxy/text/weight.h"

namespace slotwire::http {
namespace {

struct Weights {
  std::optional<int> identity, gzip, brotli, others;
};

Weights weights_from(std::string_view accept_encoding) {
  Weights weights;
  for (const std::string_view item : text::list_items(accept_encoding)) {
    const auto [coding, weight] = text::weighted_from_item(item);
    if (!weight) continue;
    if (text::equal_ignoring_case(coding, "gzip") || text::equal_ignoring_case(coding, "x-gzip")) weights.gzip = weight;
    if (text::equal_ignoring_case(coding, "br")) weights.brotli = weight;
    if (text::equal_ignoring_case(coding, "identity")) weights.identity = weight;
    if (coding == "*") weights.others = weight;
  }
  return weights;
}

int weight_of(Encoding encoding, const Weights& weights) {
  switch (encoding) {
    case Encoding::gzip:
      return weights.gzip.value_or(weights.others.value_or(0));
    case Encoding::brotli:
      return weights.brotli.value_or(weights.others.value_or(0));
    // Acceptable unless forbidden, but encodings requested by name come first.
    case Encoding::identity:
      return weights.identity.value_or(weights.others.value_or(1));
  }
  return 0;
}

std::string_view without_weakness(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::string_view name_from_encoding(Encoding encoding) {
  switch (encoding) {
    case Encoding::gzip:
      return "gzip";
    case Encoding::brotli:
      return "br";
    case Encoding::identity:
      break;
  }
  return "identity";
}

Encoding encoding_for(std::string_view accept_encoding, std::span<const Encoding> offered) {
  const Weights weights = weights_from(accept_encoding);
  Encoding best = Encoding::identity;
  int best_weight = 0;
  for (const Encoding encoding : offered) {
    const int weight = weight_of(encoding, weights);
    if (weight > best_weight) {
      best = encoding;
      best_weight = weight;
    }
  }
  return weight_of(Encoding::identity, weights) > best_weight ? Encoding::identity : best;
}

bool has_matching_etag(std::string_view if_none_match, std::string_view etag) {
  if (text::trimmed(if_none_match) == "*") return true;
  const auto tags = text::list_items(if_none_match);
  return std::any_of(tags.begin(), tags.end(),
                     [&](std::string_view tag) { return without_weakness(tag) == without_weakness(etag); });
}

}  // namespace slotwire::http
