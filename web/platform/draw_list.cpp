#include "web/platform/draw_list.h"

namespace slotwire::web {

static_assert(sizeof(ImDrawVert) == 20 && sizeof(ImDrawIdx) == 4, "abi.h promises these layouts");

DrawList::DrawList() : list_(&shared_) {
  shared_.TexUvWhitePixel = {0.5F / kAtlasSide, 0.5F / kAtlasSide};
  shared_.CurveTessellationTol = 1.25F;
  shared_.InitialFlags = ImDrawListFlags_AntiAliasedLines | ImDrawListFlags_AntiAliasedFill;
}

ImDrawList& DrawList::begin(float width, float height, float pixel_ratio) {
  shared_.SetCircleTessellationMaxError(0.25F / pixel_ratio);
  list_._ResetForNewFrame();
  list_._FringeScale = 1 / pixel_ratio;  // soft edges one device pixel wide, not one CSS pixel
  list_.PushTextureID(nullptr);
  list_.PushClipRect({0, 0}, {width, height});
  return list_;
}

void DrawList::finish(std::uint32_t clear_rgba) {
  list_.PopClipRect();
  list_._PopUnusedDrawCmd();
  commands_.clear();
  for (const ImDrawCmd& command : list_.CmdBuffer)
    commands_.push_back(
        {command.ElemCount, command.IdxOffset, command.ClipRect.x, command.ClipRect.y, command.ClipRect.z, command.ClipRect.w});
  drawing_ = {list_.VtxBuffer.Data,
              static_cast<std::uint32_t>(list_.VtxBuffer.Size),
              list_.IdxBuffer.Data,
              static_cast<std::uint32_t>(list_.IdxBuffer.Size),
              commands_.data(),
              static_cast<std::uint32_t>(commands_.size()),
              clear_rgba};
}

}  // namespace slotwire::web
