#pragma once
// Which slotwire this is. For whoever runs it: no public answer tells it.

namespace slotwire::app {

// "0.1.0": project(VERSION) of CMakeLists.txt.
extern const char* const kVersion;
// "0123456789ab", with "+changes" where the sources were not that commit's, or "unknown" (cmake/commit.cmake).
extern const char* const kCommit;

}  // namespace slotwire::app
