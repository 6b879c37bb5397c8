#pragma once
// Dear ImGui's draw list without the rest of Dear ImGui: shapes in, triangles for the page out. Windows, navigation, input
// and fonts are not linked; they would cost 30 kB and a visitor would get nothing for it.
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

  // Empties the list for a new frame; sizes in CSS pixels. Borrowed until `finish`.
  [[nodiscard]] ImDrawList& begin(float width, float height, float pixel_ratio);
  void finish(std::uint32_t clear_rgba);
  // Of the last finished frame; valid until the next `begin`.
  [[nodiscard]] const Drawing& drawing() const { return drawing_; }

 private:
  ImDrawListSharedData shared_;
  ImDrawList list_;
  std::vector<Command> commands_;
  Drawing drawing_{};
};

}  // namespace slotwire::web
