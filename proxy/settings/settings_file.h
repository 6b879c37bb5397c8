#pragma once
// The settings file: NAME=value lines, read like systemd's EnvironmentFile= (systemd.exec(5), checked 2026-11-27 against version
// 252), but strictly: lines that systemd would skip, or that its versions read differently, are problems here. Pure, except for
// the function that reads the file; any thread.
//
//   # a comment; ; begins one too     only at the beginning of a line
//   PORT=3000                         spaces around the value are not part of it
//   HOST="::1"   LABEL='as it "is"'   in "..." a \ escapes " \ ` $ and the line's end; in '...' nothing is special
//   NAME=one \                        a \ at the line's end continues the value on the next line
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
  int line = 0;       // the first line of the value, from 1
  bool operator==(const FileSetting&) const = default;
};

struct FileProblem {
  int line = 0;
  std::string name;  // empty: no name could be read
  std::string what;  // never contains a value
};

struct FileText {
  std::vector<FileSetting> settings;  // each name once, in the file's order
  std::vector<FileProblem> problems;  // empty: the settings may be used
};

// Accepts any bytes; a byte order mark at the beginning is skipped. Does not check which names exist: a name consists of letters,
// digits and _, and does not begin with a digit.
[[nodiscard]] FileText parse(std::string_view text);

// The settings of an installed slotwire.
inline constexpr std::string_view kSettingsFile = "/etc/slotwire/slotwire.env";
// This environment variable names another file; empty: none is read.
inline constexpr std::string_view kSettingsFileName = "SLOTWIRE_SETTINGS_FILE";

// read_settings with a settings file, which environment and flags override. It is the file named by SLOTWIRE_SETTINGS_FILE in the
// environment, which must exist, otherwise kSettingsFile if that exists. A secret in the environment, given directly or by
// NAME_FILE, overrides both forms in the file. Every problem in the file, including unknown names and wrong values, names the
// file and the line.
[[nodiscard]] Read read_settings_and_file(const Lookup& environment, const std::map<std::string, std::string>& flags,
                                          std::string_view usual_file = kSettingsFile);

}  // namespace slotwire::settings
