#pragma once
// Text as rectangles: the page draws whole labels into one atlas, in its own fonts and with its own shaping, and this places
// them on whole device pixels. One entry for each (text, size, weight) until the atlas is full or lost.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "web/platform/abi.h"
#include "web/view/layout.h"

namespace slotwire::web {

struct TextStyle {
  float size = 15;  // CSS pixels
  int weight = 400;
};

class Labels {
 public:
  // `text` in at most `width`, shortened with an ellipsis where it must be. Borrowed until the next call that is not const.
  // Null: the atlas is full and `is_full` is set; forget and draw again.
  [[nodiscard]] const RasterisedText* find(std::string_view text, TextStyle style, float width);
  [[nodiscard]] float width_of(std::string_view text, TextStyle style) const;
  // Broken at spaces and where the text says so into lines of at most `width`; a word that is too long is broken where it must
  // be.
  [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, TextStyle style, float width) const;

  // All of `text` when it needs no more than `lines` of them; else as much as there is room for, with an ellipsis and `room`
  // after it.
  [[nodiscard]] std::string folded(std::string_view text, TextStyle style, float width, int lines, float room) const;

  void forget();
  [[nodiscard]] bool is_full() const { return is_full_; }

 private:
  struct Entry {
    std::uint64_t key;
    RasterisedText text;
  };
  [[nodiscard]] const RasterisedText* known(std::uint64_t key) const;
  [[nodiscard]] const RasterisedText* rasterise(std::uint64_t key, std::string_view text, TextStyle style);
  // How much of `text` is its first line.
  [[nodiscard]] std::size_t line_of(std::string_view text, TextStyle style, float width) const;
  // As much of `text` as fits with an ellipsis after it.
  [[nodiscard]] std::string shortened(std::string_view text, TextStyle style, float width) const;

  std::vector<Entry> entries_;  // ascending by key
  bool is_full_ = false;
};

}  // namespace slotwire::web
