#include "proxy/dropin/form_text.h"

#include "proxy/dropin/own_uris.h"
#include "proxy/text/ascii.h"
#include "shared/percent.h"

namespace slotwire::dropin {

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
  // From the end, so that positions of earlier pairs stay valid.
  const std::vector<QueryPair> pairs = query_pairs(form);
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    const std::optional<std::string> value = query_decoded(pair->value);
    if (!value) return Error{ErrorCode::bad_input, "There is a malformed percent-encoding."};
    if (const auto mapped = canonical_uri(*value, own)) {
      out.replace(static_cast<std::size_t>(pair->value.data() - form.data()), pair->value.size(), query_encoded(*mapped));
    }
  }
  return out;
}

}  // namespace slotwire::dropin
