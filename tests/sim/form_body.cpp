#include "tests/sim/form_body.h"

#include <httplib.h>

namespace slotwire::sim {
namespace {

// "invitee[name]" as {"invitee", "name"}, "a[][b]" as {"a", "", "b"}.
std::vector<std::string> keys_of(const std::string& name) {
  const std::size_t bracket = std::min(name.find('['), name.size());
  std::vector<std::string> keys = {name.substr(0, bracket)};
  for (std::size_t at = bracket; at < name.size() && name[at] == '[';) {
    const std::size_t end = std::min(name.find(']', at), name.size());
    keys.push_back(name.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return keys;
}

// Returns true if the value could be stored.
bool put(Json& into, std::span<const std::string> keys, const std::string& value) {
  if (keys.empty()) {
    into = value;
    return true;
  }
  const std::string& key = keys.front();
  const auto rest = keys.subspan(1);
  if (!key.empty()) {
    if (into.is_null()) into = Json::object();
    return into.is_object() && put(into[key], rest, value);
  }
  if (into.is_null()) into = Json::array();
  if (!into.is_array()) return false;
  // In Rails a repeated key begins the next object of a list.
  const bool begins_next = rest.empty() || into.empty() || !into.back().is_object() || into.back().contains(rest.front());
  if (begins_next) into.push_back(nullptr);
  return put(into.back(), rest, value);
}

}  // namespace

Json json_from_form(std::string_view body) {
  Json form = Json::object();
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string pair(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = httplib::detail::decode_url(pair.substr(0, equals), true);
    const std::string value = httplib::detail::decode_url(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name.empty() && !put(form, keys_of(name), value)) return Json(Json::value_t::discarded);
  }
  return form;
}

}  // namespace slotwire::sim
