#!/bin/sh
# Builds the image of deploy/Containerfile without a registry: its base is a fresh Debian from the machine's own mirror.
#   image.sh PACKAGE.deb ARCHIVE.tar      writes an OCI archive (`podman load -i`, `skopeo copy oci-archive:`); prints its digest
# Needs root, mmdebstrap and podman (setup.sh delivery). Does not touch existing images. SOURCE_DATE_EPOCH (default: the commit's)
# is the time of every file in it: the same package and the same Debian packages give the same bytes.
set -eu
cd "$(dirname "$0")/.."
fail() { printf 'image: %s\n' "$*" >&2; exit 1; }
[ $# = 2 ] || fail "usage: image.sh PACKAGE.deb ARCHIVE.tar"
package=$1 archive=$2
[ -f "$package" ] || fail "$package is not there"
[ "$(id -u)" = 0 ] || fail "root is needed to make a root of Debian"
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
name=$(basename "$package")

mkdir -p build
work=$(mktemp -d "$PWD/build/image-XXXXXX")
# Of its own: podman takes no more than fifty characters for this one.
run=$(mktemp -d)
trap 'rm -rf "$work" "$run"' EXIT
trap 'exit 1' INT TERM
# A separate store of plain folders, so that nothing stays mounted or left behind.
in_store() { podman --root "$work/store" --runroot "$run" --storage-driver vfs --cgroup-manager cgroupfs --runtime runc --events-backend none "$@"; }

sh scripts/debian-root.sh bookworm "$work/root.tar"
in_store import --quiet "$work/root.tar" localhost/debian:base > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the base could not be imported"; }
rm "$work/root.tar"
mkdir -p "$work/context/build/dist" "$work/context/deploy"
cp "$package" "$work/context/build/dist/$name"
cp deploy/image-tree.sh "$work/context/deploy/"
# chroot: the build steps need the host's network for apt, but no container runtime.
in_store build --quiet --layers=false --isolation chroot --network host --format oci --timestamp "$SOURCE_DATE_EPOCH" --build-arg BASE=localhost/debian:base \
  --label "org.opencontainers.image.title=slotwire" --label "org.opencontainers.image.version=$(dpkg-deb -f "$package" Version)" \
  --label "org.opencontainers.image.licenses=MIT" --label "org.opencontainers.image.revision=${SLOTWIRE_COMMIT:-$(git rev-parse HEAD)}" \
  -f deploy/Containerfile -t localhost/slotwire:latest "$work/context" > "$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; fail "the image could not be built"; }
in_store save --quiet --format oci-dir -o "$work/oci" localhost/slotwire:latest > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the image could not be saved"; }
mkdir -p "$(dirname "$archive")"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX -C "$work/oci" -cf "$archive.new" .
mv "$archive.new" "$archive"
printf '%s  %s\n' "$(sed -n 's/.*"digest":"\([^"]*\)".*/\1/p' "$work/oci/index.json")" "$archive"
