#!/bin/sh
# The man page has every command of the program and no other, and is a page without mistakes:  check_man.sh SOURCE_FOLDER PROGRAM
set -eu
page=$1/deploy/slotwire.1 program=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
names() { awk '/^Subcommands:/ { on = 1; next } /^[^ ]/ || /^$/ { on = 0 } on && /^  [a-z]/ { print $1 }'; }
"$program" --help | names | while read -r command; do
  below=$("$program" "$command" --help | names)
  if [ -z "$below" ]; then echo "$command"; else for name in $below; do echo "$command $name"; done; fi
done | sort > "$folder/has"
[ -s "$folder/has" ] || { echo "the program names no command"; exit 1; }
# In bold at the beginning of an item, several in one line after commas.
sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/p' "$page" | grep -A1 '^\.TP' | grep '^\.B' | sed 's/^\.BI \([^ ]*\).*/\1/; s/^\.BR* //; s/\\-/-/g; s/"//g' |
  tr ',' '\n' | sed 's/^ *//; s/ *$//' | sort > "$folder/told"
diff "$folder/has" "$folder/told" || { echo "the man page has other commands than the program"; exit 1; }
if command -v groff > /dev/null; then
  groff -man -Tutf8 -ww -b -z "$page" 2> "$folder/said"
  [ ! -s "$folder/said" ] || { cat "$folder/said"; exit 1; }
fi
