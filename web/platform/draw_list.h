#pragma once
// Uses Dear ImGui's draw list without the rest of Dear ImGui: converts shapes to triangles for the page. Windows, navigation,
// input and fonts are not linked; they would cost 30 kB without any use.
#include <vector>

#include "imgui.h"
#include "imgui_internal.h"
#include "web/platform/abi.h"

namespace slotwire::web {

class DrawList {
 public:
  DrawList();
  DrawList(const DrawList&) = delete;
  DrawList& operator=(const DrawList&) = delete;

  // Clears the list for a new frame; sizes in CSS pixels. The list is borrowed until `finish`.
  [[nodiscard]] ImDrawList& begin(float width, float height, float pixel_ratio);
  void finish(std::uint32_t clear_rgba);
  // The last finished frame; valid until the next `begin`.
  [[nodiscard]] const Drawing& drawing() const { return drawing_; }

 private:
  ImDrawListSharedData shared_;
  ImDrawList list_;
  std::vector<Command> commands_;
  Drawing drawing_{};
};

}  // namespace slotwire::web
