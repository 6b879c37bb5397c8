// Stands in for the parts of Dear ImGui that are left out for size: tables (10 kB) and text formatting. Nothing that the
// widget draws reaches them; ImGui's core merely mentions them.
#include <cstdarg>

#include "imgui.h"
#include "imgui_internal.h"

// No widget that formats is used, so the pattern itself will do.
int ImFormatStringV(char* buffer, size_t size, const char* pattern, va_list) {
  if (size == 0) return 0;
  ImStrncpy(buffer, pattern, size);
  return static_cast<int>(strlen(buffer));
}

int ImFormatString(char* buffer, size_t size, const char* pattern, ...) {
  return ImFormatStringV(buffer, size, pattern, va_list{});
}

namespace ImGui {

void TableSettingsAddSettingsHandler() {}
void TableGcCompactSettings() {}
void TableGcCompactTransientBuffers(ImGuiTable*) {}
void TableGcCompactTransientBuffers(ImGuiTableTempData*) {}
void TableEndRow(ImGuiTable*) {}
void EndTable() {}
void EndColumns() {}

}  // namespace ImGui

// Only ImGui's reader of .ini files calls this, and there is no file to read; libc's costs 18 kB with its floating point.
extern "C" int sscanf(const char*, const char*, ...) { return 0; }
