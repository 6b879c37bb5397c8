#pragma once
// The settings file: NAME=value lines, read as systemd reads an EnvironmentFile= (systemd.exec(5), checked 2026-11-27 against its
// version 252), and strictly: what systemd would skip, or its versions read differently, is a problem here. Pure but for what
// says that it reads; any thread.
//
//   # a comment, and so is ;          only where the line begins so
//   PORT=3000                         spaces around the value are not part of it
//   HOST="::1"   LABEL='as it "is"'   in "..." a \ stands before " \ ` $ and the line's end, in '...' nothing is special
//   NAME=one \                        a value goes on after a \ at the line's end
//     and the same value
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/settings/settings.h"

namespace slotwire::settings {

struct FileSetting {
  std::string name;
  std::string value;  // may be empty, which counts as not set
  int line = 0;       // that it begins in, from 1
  bool operator==(const FileSetting&) const = default;
};

struct FileProblem {
  int line = 0;
  std::string name;  // empty: no name could be read
  std::string what;  // never a value
};

struct FileText {
  std::vector<FileSetting> settings;  // each name once, in the file's order
  std::vector<FileProblem> problems;  // empty: the settings may be used
};

// Whatever the bytes. Names are not looked up here: any of letters, digits and _ that begins with no digit is one.
[[nodiscard]] FileText parse(std::string_view text);

// Where the settings of an installed slotwire are.
inline constexpr std::string_view kSettingsFile = "/etc/slotwire/slotwire.env";
// Names another file in the environment; empty: none is read.
inline constexpr std::string_view kSettingsFileName = "SLOTWIRE_SETTINGS_FILE";

// read_settings with the settings file beneath environment and flags: the file that SLOTWIRE_SETTINGS_FILE of the environment
// names, which must be there, else kSettingsFile when there is one. A secret that the environment has, directly or by NAME_FILE,
// hides both in the file. Every problem of the file, a name that is no setting among them, and of a value that comes from it
// tells file and line.
[[nodiscard]] Read read_settings_and_file(const Lookup& environment, const std::map<std::string, std::string>& flags,
                                          std::string_view usual_file = kSettingsFile);

}  // namespace slotwire::settings
