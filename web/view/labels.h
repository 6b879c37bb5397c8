#pragma once
// Text as rectangles: the page draws whole labels into one atlas, with its own fonts and shaping, and this class places them on
// whole device pixels. It has one entry for each (text, size, weight) until the atlas is full or lost.
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
  // `text` in at most `width`, shortened with an ellipsis if necessary. Borrowed until the next call that is not const. nullptr:
  // the atlas is full and `is_full` is set; forget all labels and draw again.
  [[nodiscard]] const RasterisedText* find(std::string_view text, TextStyle style, float width);
  [[nodiscard]] float width_of(std::string_view text, TextStyle style) const;
  // Split at spaces and line breaks into lines of at most `width`; a word that is too long is split inside.
  [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, TextStyle style, float width) const;

  // All of `text` if it fits into `lines` lines; else as much as fits, followed by an ellipsis and `room` free space.
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
  // Length of the first line of `text`.
  [[nodiscard]] std::size_t line_of(std::string_view text, TextStyle style, float width) const;
  // As much of `text` as fits together with an ellipsis.
  [[nodiscard]] std::string shortened(std::string_view text, TextStyle style, float width) const;

  std::vector<Entry> entries_;  // ascending by key
  bool is_full_ = false;
};

}  // namespace slotwire::web
