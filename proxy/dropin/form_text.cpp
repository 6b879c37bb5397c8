#include "proxy/dropin/form_text.h"

#include <algorithm>

#include "proxy/dropin/own_uris.h"
#include "proxy/text/ascii.h"
#include "shared/percent.h"

namespace slotwire::dropin {

std::vector<std::pair<std::string_view, std::string_view>> raw_pairs(std::string_view form) {
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  return pairs;
}

Result<std::string> form_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  if (auto decoded = percent_decoded(spaced)) return std::move(*decoded);
  return Error{ErrorCode::bad_input, "There is a malformed percent-encoding."};
}

namespace {

std::string media_of(std::string_view content_type) {
  return text::lowered(text::trimmed(content_type.substr(0, content_type.find(';'))));
}

}  // namespace

bool is_form(std::string_view content_type) { return media_of(content_type) == "application/x-www-form-urlencoded"; }

bool is_json_type(std::string_view content_type) {
  const std::string media = media_of(content_type);
  return media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"));
}

Result<std::string> with_canonical_uris_in_form(std::string_view form, const OwnNames& own) {
  std::string out(form);
  // From the end, so that what is still to come keeps its place.
  const auto pairs = raw_pairs(form);
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    const Result<std::string> value = form_decoded(pair->second);
    if (!value) return value.error();
    if (const auto mapped = canonical_uri(*value, own)) {
      out.replace(static_cast<std::size_t>(pair->second.data() - form.data()), pair->second.size(), query_encoded(*mapped));
    }
  }
  return out;
}

}  // namespace slotwire::dropin
