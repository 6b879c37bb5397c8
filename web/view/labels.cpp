#include "web/view/labels.h"

#include <algorithm>

namespace slotwire::web {
namespace {

// 64 bits: a collision among the few hundred labels of an atlas is too unlikely to handle.
std::uint64_t key_of(std::string_view text, TextStyle style) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3U; };
  mix(static_cast<std::uint64_t>(style.size * 16));
  mix(static_cast<std::uint64_t>(style.weight));
  for (const char byte : text) mix(static_cast<unsigned char>(byte));
  return hash;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The longest prefix of whole characters for which `fits` is true; the binary search assumes that longer text is wider.
template <class Fits>
std::size_t longest_prefix(std::string_view text, Fits fits) {
  std::size_t low = 0, high = text.size();
  while (low < high) {
    std::size_t middle = (low + high + 1) / 2;
    while (middle < text.size() && is_continuation(text[middle])) ++middle;
    if (fits(text.substr(0, middle))) {
      low = middle;
    } else {
      high = (low + high + 1) / 2 - 1;
      while (high > low && high < text.size() && is_continuation(text[high])) --high;
    }
  }
  return low;
}

// `text` without its first `length` bytes and the spaces or line break after them.
std::string_view after_line(std::string_view text, std::size_t length) {
  text.remove_prefix(length);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  return text;
}

}  // namespace

const RasterisedText* Labels::known(std::uint64_t key) const {
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
  return at != entries_.end() && at->key == key ? &at->text : nullptr;
}

const RasterisedText* Labels::rasterise(std::uint64_t key, std::string_view text, TextStyle style) {
  RasterisedText drawn{};
  if (page_raster(text.data(), static_cast<std::uint32_t>(text.size()), style.size, style.weight, &drawn) == 0) {
    is_full_ = true;
    return nullptr;
  }
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
  return &entries_.insert(at, {key, drawn})->text;
}

const RasterisedText* Labels::find(std::string_view text, TextStyle style, float width) {
  const std::uint64_t key = key_of(text, style);
  const RasterisedText* whole = known(key);
  if (whole && whole->advance <= width) return whole;
  // A shortened label is also stored with its width in the key, so that it is measured once and not in every frame.
  const std::uint64_t short_key = key ^ (static_cast<std::uint64_t>(width * 4) * 0x9e3779b97f4a7c15U);
  if (const RasterisedText* part = known(short_key)) return part;
  if (!whole && width_of(text, style) <= width) return rasterise(key, text, style);
  return rasterise(short_key, shortened(text, style, width), style);
}

float Labels::width_of(std::string_view text, TextStyle style) const {
  return page_measure(text.data(), static_cast<std::uint32_t>(text.size()), style.size, style.weight);
}

std::string Labels::shortened(std::string_view text, TextStyle style, float width) const {
  constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
  const std::size_t length =
      longest_prefix(text, [&](std::string_view part) { return width_of(std::string(part).append(kEllipsis), style) <= width; });
  return std::string(text.substr(0, length)).append(kEllipsis);
}

std::size_t Labels::line_of(std::string_view text, TextStyle style, float width) const {
  text = text.substr(0, text.find('\n'));
  if (width_of(text, style) <= width) return text.size();
  std::size_t length = longest_prefix(text, [&](std::string_view part) { return width_of(part, style) <= width; });
  const std::size_t space = text.rfind(' ', length);
  if (space != std::string_view::npos && space > 0) length = space;
  length = std::max<std::size_t>(length, 1);
  while (length < text.size() && is_continuation(text[length])) ++length;
  return length;
}

std::vector<std::string> Labels::wrapped(std::string_view text, TextStyle style, float width) const {
  // Text with an isolated direction (`isolated` in screen_builder) is isolated on every line.
  constexpr std::string_view kIsolate = "\xE2\x81\xA8";
  const bool is_isolated = text.substr(0, kIsolate.size()) == kIsolate;
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t length = line_of(text, style, width);
    lines.emplace_back(is_isolated && !lines.empty() ? kIsolate : std::string_view()).append(text.substr(0, length));
    text = after_line(text, length);
  }
  return lines;
}

std::string Labels::folded(std::string_view text, TextStyle style, float width, int lines, float room) const {
  std::string_view rest = text;
  for (; lines > 1; --lines) rest = after_line(rest, line_of(rest, style, width));
  const std::size_t last = line_of(rest, style, width);
  if (after_line(rest, last).empty()) return std::string(text);
  return std::string(text.substr(0, text.size() - rest.size())) + shortened(rest.substr(0, last), style, width - room);
}

void Labels::forget() {
  entries_.clear();
  is_full_ = false;
}

}  // namespace slotwire::web
