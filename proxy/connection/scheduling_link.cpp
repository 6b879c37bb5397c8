#include "proxy/connection/scheduling_link.h"

#include <algorithm>
#include <iterator>

#include "proxy/text/ascii.h"
#include "shared/percent.h"

namespace slotwire::connection {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "2026-12-01", "2026-12-01t20:00:00z"
bool is_moment(std::string_view part) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (part.size() < kForm.size() || (part.size() > kForm.size() && part[kForm.size()] != 't')) return false;
  return std::equal(kForm.begin(), kForm.end(), part.begin(),
                    [](char form, char c) { return form == 'd' ? is_digit(c) : form == c; });
}

}  // namespace

std::string comparable_link(std::string_view text) {
  text = text::trimmed(text.substr(0, text.find_first_of("?#")));
  for (const std::string_view scheme : {"https://", "http://", "//"}) {
    if (!text::equal_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    break;
  }
  if (text.find('/') == text.npos) return {};
  std::string link;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      // An escaped slash does not separate parts.
      const auto decoded = percent_decoded(text.substr(at, 3));
      if (decoded && *decoded != "/") {
        c = decoded->front();
        at += 2;
      }
    } else if (c == '/' && (link.empty() || link.back() == '/')) {
      continue;
    }
    link += text::lower_ascii(c);
  }
  while (link.ends_with('/')) link.pop_back();
  // People type "www."; Calendly redirects from one host to the other.
  if (link.starts_with("www.")) link.erase(0, 4);
  return link;
}

const EventType* type_behind_link(const std::vector<EventType>& types, std::string_view text) {
  std::string link = comparable_link(text);
  if (link.empty()) return nullptr;
  const auto behind = [&types](const std::string& wanted) -> const EventType* {
    const auto found = std::find_if(types.begin(), types.end(), [&](const EventType& type) {
      return type.active && comparable_link(type.scheduling_url) == wanted;
    });
    return found == types.end() ? nullptr : &*found;
  };
  if (const EventType* type = behind(link)) return type;
  const std::size_t last = link.rfind('/');
  if (last == link.npos || !is_moment(std::string_view(link).substr(last + 1))) return nullptr;
  link.resize(last);
  return behind(link);
}

std::vector<EventType> types_under_link(const std::vector<EventType>& types, std::string_view text) {
  const std::string owner = comparable_link(text) + '/';
  std::vector<EventType> under;
  if (owner.size() == 1) return under;
  std::copy_if(types.begin(), types.end(), std::back_inserter(under), [&](const EventType& type) {
    const std::string link = comparable_link(type.scheduling_url);
    return type.active && link.starts_with(owner) && link.find('/', owner.size()) == link.npos;
  });
  return under;
}

}  // namespace slotwire::connection
