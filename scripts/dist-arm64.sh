#!/bin/sh
# Cross-builds the deliverables for arm64, in build/dist-arm64:  dist-arm64.sh
#   slotwire_VERSION_arm64.deb, slotwire-VERSION-linux-arm64.tar.gz, inventory, provenance, SHA256SUMS
# Debian's development packages of two architectures exclude each other, so a Debian 12 of its own (.cache/roots) has the cross
# compiler and the libraries, and dist.sh runs in there, on this folder. Web files are those of `make web`. Needs root and mmdebstrap.
set -eu
cd "$(dirname "$0")/.."
fail() { printf 'dist-arm64: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "root is needed to make and enter a root of Debian"
here=$PWD
root=$here/.cache/roots/arm64-cross
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} || fail "there is no git here: set SOURCE_DATE_EPOCH, and SLOTWIRE_COMMIT"
export SOURCE_DATE_EPOCH
commit=${SLOTWIRE_COMMIT:-$(git rev-parse HEAD | cut -c 1-12)$([ -z "$(git status --porcelain)" ] || echo +changes)}

# As old as the package lists of a mirror may be, which keeps no version that was replaced.
if [ -z "$(find "$root" -maxdepth 0 -ctime -1 2> /dev/null)" ]; then
  printf 'dist-arm64: making a Debian with a cross compiler\n'
  # With what was compiled before: files of newer packages may be older than it, and would count as unchanged.
  rm -rf --one-file-system "$root" "$root.new" build/packaged-arm64
  libraries=
  for library in libssl-dev zlib1g-dev libbrotli-dev libsqlite3-dev libsqlitecpp-dev libspdlog-dev prometheus-cpp-dev \
      libcurl4-openssl-dev libhowardhinnant-date-dev libpq-dev libhiredis-dev; do
    libraries="$libraries $library:arm64"
  done
  # shellcheck disable=SC2086
  sh scripts/debian-root.sh bookworm "$root.tar" g++-aarch64-linux-gnu cmake ninja-build pkg-config python3 nodejs debhelper dpkg-dev \
    nlohmann-json3-dev libcli11-dev libcpp-jwt-dev $libraries
  mkdir "$root.new"
  tar -xf "$root.tar" -C "$root.new" --numeric-owner
  rm "$root.tar"
  mv "$root.new" "$root"
fi

# The mounts end with their namespace, however it ends.
unshare --mount --propagation private sh -euc '
  root=$1 here=$2
  shift 2
  mkdir -p "$root$here"
  mount --bind "$here" "$root$here"
  mount -t proc proc "$root/proc"
  exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@" sh "$here/scripts/dist.sh" arm64
' sh "$root" "$here" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" SLOTWIRE_COMMIT="$commit"
node scripts/inventory.mjs build/dist-arm64 arm64 "$root" > build/dist-arm64.log || { cat build/dist-arm64.log >&2; fail "the inventory could not be written"; }
(cd build/dist-arm64 && sha256sum $(ls | grep -v '^SHA256SUMS$') > SHA256SUMS && cat SHA256SUMS)
