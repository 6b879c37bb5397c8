#!/bin/sh
# Holds the sources to .clang-format, with the formatter of the lock file, since versions disagree:  check_format.sh FOLDER
# To format them: make format
set -eu
cd "$1"
# shellcheck disable=SC2046
node_modules/.bin/clang-format --dry-run -Werror $(find shared proxy web tests ! -path '*/node_modules/*' '(' -name '*.h' -o -name '*.cpp' ')')
