#!/bin/sh
# Holds docs/promises.md to the sources:  check_promises.sh FOLDER
# Prints each test it names that no longer exists, and exits with 1 if there was one.
set -eu
cd "$1"
names=$(mktemp)
trap 'rm -f "$names"' EXIT INT TERM
# Only the last column names tests.
sed -n 's/^| .* | \(`.*`\) |$/\1/p' docs/promises.md | grep -o '`[^`]*`' | tr -d '`' > "$names"
[ -s "$names" ] || { echo "promises: no test is named"; exit 1; }
gone=0
while IFS= read -r name; do
  grep -rqF --include='*_test.cpp' -e "\"$name\"" tests || grep -rqF --include='*.test.mjs' -e "'$name'" tests && continue
  echo "promises: there is no test \"$name\""
  gone=1
done < "$names"
exit "$gone"
