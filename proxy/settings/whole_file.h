#pragma once
// Reads a small file of settings or of one secret.
#include <cstddef>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::settings {

// What the error of whole_file says when the user may not read the file.
inline constexpr std::string_view kNotByThisUser = "cannot be read by this user";

// `pipes_too`: a pipe is read until it ends, as for NAME_FILE=<(command). Otherwise opening one would wait for a writer, so that
// only regular files are read.
enum class Kinds { regular, pipes_too };

// The file's bytes. Errors: bad_input, with the reason as a detail that follows the file's name: "is a directory, not a file".
[[nodiscard]] Result<std::string> whole_file(const std::string& path, std::size_t largest, Kinds kinds);

}  // namespace slotwire::settings
