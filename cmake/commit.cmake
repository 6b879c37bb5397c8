# Writes the commit being built into a source file with one constant: cmake -DSOURCE=FOLDER -DINTO=FILE -P commit.cmake
# Runs in every build, and writes the file only if its content changes, so that a build without changes compiles nothing. Without
# git, as in an archive of the sources, SLOTWIRE_COMMIT in the environment gives the commit.
#   0123456789ab            the commit that is checked out; always twelve digits (git's own short names vary)
#   0123456789ab+changes    the same, with uncommitted changes
#   unknown                 neither git nor SLOTWIRE_COMMIT
set(commit "$ENV{SLOTWIRE_COMMIT}")
if(commit STREQUAL "")
  set(commit unknown)
  execute_process(COMMAND git rev-parse --show-prefix HEAD WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  # An empty first line: the sources are the top folder of the repository, not a folder inside another repository.
  if(NOT failed AND answer MATCHES "^\n([0-9a-f]+)$")
    string(SUBSTRING "${CMAKE_MATCH_1}" 0 12 commit)
    execute_process(COMMAND git status --porcelain WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE changes ERROR_QUIET)
    if(NOT changes STREQUAL "")
      string(APPEND commit "+changes")
    endif()
  endif()
endif()
if(NOT commit MATCHES "^[0-9A-Za-z.+_-]+$")
  message(FATAL_ERROR "SLOTWIRE_COMMIT must be letters, digits and . + - _")
endif()
set(text "#include \"proxy/app/version.h\"\n\nnamespace slotwire::app {\n\nconst char* const kCommit = \"${commit}\";\n\n}  // namespace slotwire::app\n")
set(before "")
if(EXISTS ${INTO})
  file(READ ${INTO} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${INTO} "${text}")
endif()
