#!/bin/sh
# Checks the sources against .clang-format, with the lock file's version of clang-format, since versions differ:  check_format.sh FOLDER
# To format them: make format
set -eu
cd "$1"
# shellcheck disable=SC2046
node_modules/.bin/clang-format --dry-run -Werror $(find shared proxy web tests ! -path '*/node_modules/*' '(' -name '*.h' -o -name '*.cpp' ')')
