#pragma once
// Appends JSON text without a library, small enough for the WASM. Any bytes give valid JSON (bad UTF-8 becomes U+FFFD).
#include <cstdint>
#include <string>
#include <string_view>

namespace slotwire {

// "text" with quotes. `<`, `>`, `&`, U+2028 and U+2029 are escaped too, so that the text may stand inside an HTML script.
void append_json_string(std::string& out, std::string_view text);
// "key": inside an object, after a comma unless the object has just been opened.
void append_json_key(std::string& out, std::string_view key);
// "key":"text", "key":number and "key":true, inside an object, with a comma as above.
void append_json_field(std::string& out, std::string_view key, std::string_view text);
void append_json_field(std::string& out, std::string_view key, std::int64_t number);
void append_json_flag(std::string& out, std::string_view key, bool flag);

// "key":[...], each item as `append_item` writes it.
template <class Items, class AppendItem>
void append_json_list(std::string& out, std::string_view key, const Items& items, AppendItem append_item) {
  append_json_key(out, key);
  out += '[';
  bool is_first = true;
  for (const auto& item : items) {
    if (!is_first) out += ',';
    is_first = false;
    append_item(item);
  }
  out += ']';
}

}  // namespace slotwire
