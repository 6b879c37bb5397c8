// Text as such: what is UTF-8, and how any bytes become JSON and HTML that hold nothing but text.
#include <nlohmann/json.hpp>
#include <string>

#include "proxy/pages/html.h"
#include "proxy/text/digest.h"
#include "proxy/text/utf8.h"
#include "shared/json_text.h"
#include "shared/sha256.h"
#include "shared/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Each byte that belongs to no character becomes U+FFFD.
std::string mended(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, at);
    if (length == 0) {
      out += kReplacement;
      ++at;
    } else {
      out += bytes.substr(at, length);
      at += length;
    }
  }
  return out;
}

}  // namespace

FUZZ_TARGET(texts) {
  bool is_whole = true;
  for (std::size_t at = 0; at < bytes.size() && is_whole;) {
    const std::size_t length = utf8_length_at(bytes, at);
    holds(length <= 4 && at + length <= bytes.size(), "a character ends within the text");
    is_whole = length > 0;
    at += length;
  }
  holds(is_whole == text::is_utf8(bytes), "widget and proxy agree on what is UTF-8");
  std::string quoted = "\"";
  for (const char c : bytes)
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') quoted += c;
  quoted += '"';
  holds(nlohmann::json::accept(quoted) == text::is_utf8(quoted), "and so does the JSON library");

  std::string json;
  append_json_string(json, bytes);
  const auto read = nlohmann::json::parse(json, nullptr, false);
  holds(read.is_string() && read.get<std::string>() == mended(bytes), "any bytes become JSON that says them");
  holds(json.find_first_of("<>&\n\r") == json.npos, "which may stand in a script");

  pages::Html html;
  html.text(bytes);
  holds(html.str().find_first_of("<>\"'") == std::string::npos, "text in a page begins no element");
  holds(text::is_utf8(html.str()), "and is UTF-8");
  pages::Html address;
  address.address("href", bytes);
  if (!pages::is_safe_address(bytes)) holds(address.str() == " href=\"#\"", "what is no address of the web leads nowhere");

  Sha256 hash;
  const std::size_t half = bytes.size() / 2;
  hash.feed(bytes.substr(0, half));
  hash.feed(bytes.substr(half));
  holds(text::hex_from(hash.digest()) == text::sha256_hex(bytes, 32), "our SHA-256 is OpenSSL's");
}
