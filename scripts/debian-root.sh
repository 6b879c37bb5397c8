#!/bin/sh
# Builds the root file system of a fresh Debian from the machine's own mirror, as a tar archive:
#   debian-root.sh SUITE ARCHIVE [PACKAGE...]      SUITE: bookworm (12) or trixie (13); needs root and mmdebstrap
# It is the smallest system in which apt works (minbase), with the given packages, their package lists, and this machine's proxy
# settings for apt. A package may be of another architecture (libssl-dev:arm64). With SOURCE_DATE_EPOCH set, the same packages give
# the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=$1 archive=$2
shift 2

fail() { printf 'debian-root: %s\n' "$*" >&2; exit 1; }
case $suite in bookworm | trixie) ;; *) fail "there is no recipe for \"$suite\": bookworm or trixie" ;; esac
[ "$(id -u)" = 0 ] || fail "root is needed to make a root of Debian"
command -v mmdebstrap > /dev/null || fail "mmdebstrap is missing: sh scripts/setup.sh delivery"
mirror=$(sh "$here/../cmake/debian-mirror.sh") || fail "no Debian mirror is configured here"

mkdir -p "$(dirname "$archive")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
# This machine's proxy settings for apt are used inside too.
apt-config dump | grep -iE '^Acquire::https?::proxy' > "$work/80machine" || :
packages=$(IFS=,; printf '%s' "$*")
set -- --variant=minbase --customize-hook="copy-in $work/80machine /etc/apt/apt.conf.d"
[ -z "$packages" ] || set -- "$@" --include="$packages"
case $packages in *:arm64*) set -- "$@" --architectures=amd64,arm64 ;; esac
mmdebstrap --quiet --format=tar --skip=cleanup/apt/lists "$@" "$suite" "$work/root.tar" \
  "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; fail "the root of $suite could not be made"; }
mv "$work/root.tar" "$archive"
