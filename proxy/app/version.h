#pragma once
// The program's version, for its operator: no public answer contains it.

namespace slotwire::app {

// "0.1.0": project(VERSION) in CMakeLists.txt.
extern const char* const kVersion;
// "0123456789ab", plus "+changes" if the sources differed from that commit, or "unknown" (cmake/commit.cmake).
extern const char* const kCommit;

}  // namespace slotwire::app
