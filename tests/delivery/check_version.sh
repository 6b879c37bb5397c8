#!/bin/sh
# One version, that of project() in CMakeLists.txt, wherever one is told:  check_version.sh SOURCE_FOLDER PROGRAM
set -eu
cd "$1"
version=$(sed -n 's/^project(slotwire VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
[ -n "$version" ] || { echo "CMakeLists.txt names no version"; exit 1; }
complaints=0
holds() {
  [ "$2" = "$version" ] || { echo "$1 says \"$2\", and CMakeLists.txt $version"; complaints=1; }
}
for file in package.json packages/slotwire/package.json public/openapi.json; do
  holds "$file" "$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$file" | head -n 1)"
done
holds package-lock.json "$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' package-lock.json | head -n 1)"
holds "CHANGELOG.md's first heading" "$(sed -n 's/^## \([^ ]*\).*/\1/p' CHANGELOG.md | head -n 1)"
holds "slotwire --version" "$("$2" --version | sed -n 's/^slotwire \([^,]*\), commit [0-9A-Za-z.+_-]*$/\1/p')"
exit "$complaints"
