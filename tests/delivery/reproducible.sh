#!/bin/sh
# The same commit gives the same bytes:  reproducible.sh
# Compares what `make dist` has written here (build/dist) with what it writes in a clone elsewhere, compiled anew, at a longer path,
# with another home, time zone, language and umask. Minutes of compiling; needs the network for the pinned sources and npm's tools.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD
[ -z "$(git status --porcelain)" ] || { echo "reproducible: there are changes that are in no commit; another folder cannot have them"; exit 1; }
make dist
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
there=$folder/a/folder/of/another/name
mkdir -p "$there" "$folder/home"
git clone -q --no-hardlinks "$here" "$there"
git -C "$there" checkout -q "$(git rev-parse HEAD)"
# The address a clone has is told in the inventory.
if url=$(git remote get-url origin 2> /dev/null); then git -C "$there" remote set-url origin "$url"; else git -C "$there" remote remove origin; fi
(
  cd "$there"
  umask 077
  unset CMAKE_CXX_COMPILER_LAUNCHER SOURCE_DATE_EPOCH
  CCACHE_DISABLE=1 HOME=$folder/home TZ=Pacific/Kiritimati LANG=C LC_ALL=C USER=somebody
  export CCACHE_DISABLE HOME TZ LANG LC_ALL USER
  make dist > "$folder/log" 2>&1 || { tail -n 30 "$folder/log"; exit 1; }
)
if ! diff "$here/build/dist/SHA256SUMS" "$there/build/dist/SHA256SUMS"; then
  echo "reproducible: the files above differ (< here, > in another folder)"
  # For whoever looks why: both are kept.
  mkdir -p "$here/build/dist-there" && cp "$there/build/dist/"* "$here/build/dist-there/"
  exit 1
fi
echo "reproducible: $(wc -l < build/dist/SHA256SUMS) files, the same bytes in both folders"
