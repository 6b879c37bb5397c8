#!/bin/sh
# Checks docs/promises.md, docs/accessibility.md and docs/security.md against the sources:  check_promises.sh FOLDER
# Prints each test they name that does not exist, and each row that names none without saying so, and exits with 1 if there is one.
set -eu
cd "$1"
names=$(mktemp)
titles=$(mktemp)
trap 'rm -f "$names" "$titles"' EXIT INT TERM
# Only the last column contains test names.
sed -n 's/^| .* | \(`.*`\) |$/\1/p' docs/promises.md docs/accessibility.md docs/security.md | grep -o '`[^`]*`' | tr -d '`' > "$names"
[ -s "$names" ] || { echo "promises: no test is named"; exit 1; }
# Titles with variable parts, as patterns in which the parts match anything.
grep -rhoE --exclude-dir=node_modules --include='*.test.mjs' 'test\(`[^`]*`' tests | sed -e 's/^test(`//; s/`$//' -e 's/\${[^}]*}/\r/g' -e 's/[][\.*^$]/\\&/g' -e 's/\r/.*/g' > "$titles"
gone=0
while IFS= read -r name; do
  # A fuzz target counts as a test, by its file name.
  case $name in 'fuzz: '*) [ -f "tests/fuzz/${name#fuzz: }_fuzz.cpp" ] && continue ;; esac
  # So is a part of the benchmark, whose goals it prints.
  case $name in 'bench: '*) [ -f "tests/bench/parts/${name#bench: }.mjs" ] && continue ;; esac
  grep -rqF --exclude-dir=node_modules --include='*_test.cpp' -e "\"$name\"" tests || grep -rqF --exclude-dir=node_modules --include='*.test.mjs' -e "'$name'" tests && continue
  printf '%s\n' "$name" | grep -qxf "$titles" && continue
  echo "promises: there is no test \"$name\""
  gone=1
done < "$names"
rows=$(grep '^| [0-9]' docs/accessibility.md | grep -v -e '| none |$' -e '`.*` |$' || :)
if [ -n "$rows" ]; then
  printf 'accessibility: no test is named, nor "none":\n%s\n' "$rows"
  gone=1
fi
exit "$gone"
