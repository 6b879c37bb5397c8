#include "proxy/http/negotiation.h"

#include <algorithm>
#include <optional>

#include "proxy/text/ascii.h"

namespace slotwire::http {
namespace {

// "0", "1", "0.5", "0.125", "1.000" in thousandths.
std::optional<int> weight_from_text(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return std::nullopt;
  int place = 100;
  for (const char digit : text.substr(2)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    weight += (digit - '0') * place;
    place /= 10;
  }
  return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

struct Weights {
  std::optional<int> identity, gzip, brotli, others;
};

Weights weights_from(std::string_view accept_encoding) {
  Weights weights;
  for (const std::string_view item : text::list_items(accept_encoding)) {
    const std::size_t semicolon = item.find(';');
    const std::string_view coding = text::trimmed(item.substr(0, semicolon));
    std::optional<int> weight = 1000;
    if (semicolon != std::string_view::npos) {
      const std::string_view parameter = text::trimmed(item.substr(semicolon + 1));
      weight = parameter.size() > 2 && text::equal_ignoring_case(parameter.substr(0, 2), "q=")
                   ? weight_from_text(parameter.substr(2))
                   : std::nullopt;
    }
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
