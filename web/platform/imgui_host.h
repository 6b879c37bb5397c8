#pragma once
// Dear ImGui without a backend: its context, pointer events in, frames out. One for each widget. ImGui draws no text of its own
// here (labels are the page's), so its font is an empty one and neither stb_truetype nor the built-in font is linked.
#include <vector>

#include "web/platform/abi.h"

struct ImGuiContext;

namespace slotwire::web {

enum class PointerKind { mouse, touch };

class ImGuiHost {
 public:
  ImGuiHost();
  ~ImGuiHost();
  ImGuiHost(const ImGuiHost&) = delete;
  ImGuiHost& operator=(const ImGuiHost&) = delete;

  void resize(float width, float height, float pixel_ratio);
  void move_pointer(PointerKind kind, float x, float y);
  void press_pointer(PointerKind kind, float x, float y);
  // A touch that ends leaves nothing hovered.
  void release_pointer(PointerKind kind, float x, float y);
  // Without a click: the pointer left, or the touch became a scroll.
  void drop_pointer();

  // Opens the one window that fills the canvas, lets `draw` fill it and closes the frame.
  template <class Draw>
  void frame(double now_ms, Draw draw) {
    begin(now_ms);
    draw();
    end();
  }
  // True while events wait for their own frame: ImGui takes a press and its release one after the other.
  [[nodiscard]] bool has_events_left() const;
  [[nodiscard]] bool is_over_item() const { return is_over_item_; }
  // Of the last frame; valid until the next one.
  [[nodiscard]] const Drawing& drawing() const { return drawing_; }
  void set_clear_colour(std::uint32_t rgba) { drawing_.clear_rgba = rgba; }

 private:
  void begin(double now_ms);
  void end();

  ImGuiContext* context_;
  float pixel_ratio_ = 1;
  double last_ms_ = 0;
  bool is_over_item_ = false;
  std::vector<Command> commands_;
  Drawing drawing_{};
};

}  // namespace slotwire::web
