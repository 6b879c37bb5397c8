#!/bin/sh
# Unpacks the libraries of sources.txt from Debian's source packages into a folder, with Debian's security patches applied.
#   debian-sources.sh FOLDER
# The packages come from the machine's own Debian mirror, which apt knows. Package lists are private, so nothing under /etc or
# /var changes, and root is not needed. Archives are checked against the hashes in sources.txt. A library that is already there
# with the same version and hash is kept.
set -eu

suite=trixie
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cache=$(cd "$1" && pwd)

version_and_hash_of() { awk -v name="$1" '$1 == name { print $2, $3 }' "$here/sources.txt"; }

say() { printf '%s\n' "$*" >&2; }
fail() { say "debian-sources: $*"; exit 1; }

names=$(awk '!/^#/ && NF { print $1 }' "$here/sources.txt")
wanted=
for name in $names; do
  [ "$(cat "$cache/$name/.complete" 2>/dev/null || :)" = "$(version_and_hash_of "$name")" ] || wanted="$wanted $name"
done
[ -n "$wanted" ] || exit 0

mirror=$(sh "$here/debian-mirror.sh") || fail "no Debian mirror is configured here; configure with -DSLOTWIRE_SOURCES=download instead"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
echo "deb-src [signed-by=$keyring] $mirror $suite main" > "$work/sources.list"
: > "$work/status"

private_apt() {
  command=$1
  shift
  "$command" -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State="$work" -o Dir::State::status="$work/status" \
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User= -o Acquire::Languages=none \
    -o Acquire::IndexTargets::deb-src::Sources::DefaultEnabled=true "$@"
}

say "fetching sources:$wanted"
private_apt apt-get update > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the mirror's list of sources could not be read"; }

for name in $wanted; do
  set -- $(version_and_hash_of "$name")
  version=$1 hash=$2
  full=$(private_apt apt-cache showsrc "$name" 2>/dev/null |
    awk -v prefix="$version-" '/^Version:/ && index($2, prefix) == 1 { print $2 }' | sort -V | tail -n 1)
  [ -n "$full" ] || fail "$name $version is not on this mirror any more; configure with -DSLOTWIRE_SOURCES=download"
  mkdir "$work/$name"
  (cd "$work/$name" && private_apt apt-get source --download-only "$name=$full" >> "$work/log" 2>&1) ||
    { tail -n 5 "$work/log" >&2; fail "$name $full could not be fetched"; }
  archive=$(ls "$work/$name/${name}_$version".orig.tar.*)
  [ "$(sha256sum "$archive" | cut -d ' ' -f 1)" = "$hash" ] || fail "$(basename "$archive") does not have the pinned hash"

  tree=$work/$name/tree
  mkdir "$tree"
  tar -xf "$archive" -C "$tree" --strip-components=1
  tar -xf "$(ls "$work/$name/${name}"_*.debian.tar.*)" -C "$tree"
  if [ -s "$tree/debian/patches/series" ]; then
    sed '/^#/d; /^$/d' "$tree/debian/patches/series" | while read -r patch; do
      # Only the library's own sources: patches to tests and documents are of no use here.
      (cd "$tree" && GIT_DIR=/nonexistent git apply --include='*.h' --include='*.cpp' --include='*.hpp' --exclude='test*/*' \
        "debian/patches/$patch") || fail "$name: $patch does not apply"
    done
  fi
  rm -rf "$tree/debian"
  echo "$version $hash" > "$tree/.complete"
  rm -rf "${cache:?}/$name"
  mv "$tree" "$cache/$name"
  say "  $name $full"
done
