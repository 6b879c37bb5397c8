#include "proxy/pages/html.h"

#include <cassert>
#include <utility>

#include "proxy/text/ascii.h"
#include "shared/utf8.h"

namespace slotwire::pages {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

Html& Html::operator<<(Source source) {
  html_ += source.text;
  return *this;
}

Html& Html::operator<<(const Html& other) {
  html_ += other.html_;
  return *this;
}

Html& Html::text(std::string_view data) {
  for (std::size_t at = 0; at < data.size();) {
    const std::size_t length = utf8_length_at(data, at);
    if (length == 0 || (length == 1 && is_control(data[at]))) {
      html_ += kReplacement;
      ++at;
      continue;
    }
    const std::string_view entity = length == 1 ? entity_of(data[at]) : std::string_view();
    html_ += entity.empty() ? data.substr(at, length) : entity;
    at += length;
  }
  return *this;
}

Html& Html::number(long long data) {
  html_ += std::to_string(data);
  return *this;
}

Html& Html::attribute(Source name, std::string_view data) {
  html_ += ' ';
  html_ += name.text;
  html_ += "=\"";
  text(data);
  html_ += '"';
  return *this;
}

Html& Html::address(Source name, std::string_view url) { return attribute(name, is_safe_address(url) ? url : "#"); }

Html& Html::json_block(Source type, std::string_view json) {
  assert(json.find('<') == std::string_view::npos);
  html_ += "<script";
  attribute("type", type.text);
  html_ += '>';
  html_ += json;
  html_ += "</script>";
  return *this;
}

bool is_safe_address(std::string_view url) {
  // "//host" and "/\host" lead to another host.
  if (url.starts_with('/')) return url.size() == 1 || (url[1] != '/' && url[1] != '\\');
  const std::string start = text::lowered(url.substr(0, 8));
  return start.starts_with("https://") || start.starts_with("http://");
}

std::string one_line_of(std::string_view text, std::size_t most) {
  std::string line;
  std::size_t word_end = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      if (!line.empty() && line.back() != ' ') {
        word_end = line.size();
        line += ' ';
      }
      ++at;
      continue;
    }
    const std::size_t length = std::max<std::size_t>(utf8_length_at(text, at), 1);
    if (line.size() + length > most) {
      // Text in scripts without spaces has no word ends: cut between characters.
      if (word_end > most / 2) line.resize(word_end);
      return line + "…";
    }
    line += text.substr(at, length);
    at += length;
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace slotwire::pages
