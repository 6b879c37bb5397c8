#include "web/platform/imgui_host.h"

#include <algorithm>
#include <cfloat>

#include "imgui.h"
#include "imgui_internal.h"

namespace slotwire::web {
namespace {

static_assert(sizeof(ImDrawVert) == 20 && sizeof(ImDrawIdx) == 4, "abi.h promises these layouts");

// ImGui wants a font even where no text is drawn: an empty one, ready, with the atlas's white pixel where the page has it.
void install_empty_font(ImGuiIO& io) {
  ImFont* font = IM_NEW(ImFont)();
  font->FontSize = 15;
  font->ContainerAtlas = io.Fonts;
  io.Fonts->Fonts.push_back(font);
  io.Fonts->TexUvWhitePixel = {0.5F / kAtlasSide, 0.5F / kAtlasSide};
  io.Fonts->TexReady = true;
  io.FontDefault = font;
}

ImGuiMouseSource source_from(PointerKind kind) {
  return kind == PointerKind::touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse;
}

}  // namespace

ImGuiHost::ImGuiHost() : context_(ImGui::CreateContext()) {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags = 0;
  io.ConfigInputTrickleEventQueue = true;
  install_empty_font(io);
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.WindowRounding = 0;
  style.WindowMinSize = {1, 1};
  style.ItemSpacing = {0, 0};
  style.AntiAliasedLinesUseTex = false;  // those lines live in ImGui's own atlas
}

ImGuiHost::~ImGuiHost() { ImGui::DestroyContext(context_); }

void ImGuiHost::resize(float width, float height, float pixel_ratio) {
  ImGui::GetIO().DisplaySize = {width, height};
  pixel_ratio_ = pixel_ratio;
  ImGui::GetStyle().CircleTessellationMaxError = 0.25F / pixel_ratio;
}

void ImGuiHost::move_pointer(PointerKind kind, float x, float y) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(source_from(kind));
  io.AddMousePosEvent(x, y);
}

void ImGuiHost::press_pointer(PointerKind kind, float x, float y) {
  move_pointer(kind, x, y);
  ImGui::GetIO().AddMouseButtonEvent(0, true);
}

void ImGuiHost::release_pointer(PointerKind kind, float x, float y) {
  move_pointer(kind, x, y);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseButtonEvent(0, false);
  if (kind == PointerKind::touch) io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
}

void ImGuiHost::drop_pointer() {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  io.AddMouseButtonEvent(0, false);
}

bool ImGuiHost::has_events_left() const { return context_->InputEventsQueue.Size > 0; }

void ImGuiHost::begin(double now_ms) {
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = static_cast<float>(std::clamp((now_ms - last_ms_) / 1000.0, 0.001, 0.1));
  last_ms_ = now_ms;
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::Begin("widget", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse);
  // Soft edges one device pixel wide, not one CSS pixel.
  ImGui::GetWindowDrawList()->_FringeScale = 1 / pixel_ratio_;
}

void ImGuiHost::end() {
  is_over_item_ = ImGui::IsAnyItemHovered();
  ImGui::End();
  ImGui::Render();
  commands_.clear();
  drawing_.command_count = drawing_.vertex_count = drawing_.index_count = 0;
  const ImDrawData* data = ImGui::GetDrawData();
  if (data->CmdListsCount == 0) return;
  const ImDrawList& list = *data->CmdLists[0];  // one window, one list
  for (const ImDrawCmd& command : list.CmdBuffer)
    commands_.push_back({command.ElemCount, command.IdxOffset, command.ClipRect.x, command.ClipRect.y, command.ClipRect.z, command.ClipRect.w});
  drawing_.vertices = list.VtxBuffer.Data;
  drawing_.vertex_count = static_cast<std::uint32_t>(list.VtxBuffer.Size);
  drawing_.indices = list.IdxBuffer.Data;
  drawing_.index_count = static_cast<std::uint32_t>(list.IdxBuffer.Size);
  drawing_.commands = commands_.data();
  drawing_.command_count = static_cast<std::uint32_t>(commands_.size());
}

}  // namespace slotwire::web
