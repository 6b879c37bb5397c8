# Which commit is built, as a source file of one constant: cmake -DSOURCE=FOLDER -DINTO=FILE -P commit.cmake
# Runs with every build, and touches the file only when something else is to stand in it, so that a build without changes compiles
# nothing. SLOTWIRE_COMMIT in the environment says it where there is no git, as in an archive of the sources.
#   0123456789ab            what git has checked out; always twelve letters: git's own short name grows with the repository
#   0123456789ab+changes    and something else beside it
#   unknown                 neither git nor SLOTWIRE_COMMIT
set(commit "$ENV{SLOTWIRE_COMMIT}")
if(commit STREQUAL "")
  set(commit unknown)
  execute_process(COMMAND git rev-parse --show-prefix HEAD WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  # An empty first line: the sources are the top of the repository, and not a folder in somebody else's.
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
