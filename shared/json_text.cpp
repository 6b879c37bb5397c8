#include "shared/json_text.h"

#include <cstddef>
#include <cstdint>

#include "shared/utf8.h"

namespace slotwire {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_escape(std::string& out, unsigned code) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 0xFU];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length_at(text, at);
    if (length == 0) {
      out += kReplacement;
      ++at;
      continue;
    }
    const std::string_view character = text.substr(at, length);
    at += length;
    const char c = character[0];
    if (character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9") {
      append_escape(out, character[2] == '\xA8' ? 0x2028 : 0x2029);
    } else if (length > 1) {
      out += character;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F) {
      append_escape(out, static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_json_key(std::string& out, std::string_view key) {
  if (!out.empty() && out.back() != '{') out += ',';
  append_json_string(out, key);
  out += ':';
}

void append_json_field(std::string& out, std::string_view key, std::string_view text) {
  append_json_key(out, key);
  append_json_string(out, text);
}

void append_json_field(std::string& out, std::string_view key, std::int64_t number) {
  append_json_key(out, key);
  out += std::to_string(number);
}

void append_json_flag(std::string& out, std::string_view key, bool flag) {
  append_json_key(out, key);
  out += flag ? "true" : "false";
}

}  // namespace slotwire
