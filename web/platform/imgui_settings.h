#pragma once
// Dear ImGui's build settings (IMGUI_USER_CONFIG): everything that the widget does not use is disabled, to save size.
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_FORMAT_FUNCTIONS  // platform/imgui_trims.cpp
#define IMGUI_DISABLE_SSE
#define IMGUI_DISABLE_STB_TRUETYPE_IMPLEMENTATION
#define IMGUI_DISABLE_STB_RECT_PACK_IMPLEMENTATION
#define IM_ASSERT(expression) ((void)0)
#define ImDrawIdx unsigned int
