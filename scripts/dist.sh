#!/bin/sh
# Builds the deliverables, in build/dist:  dist.sh [arm64]
#   slotwire_VERSION_amd64.deb             for Debian 12 and 13 (deploy/debian)
#   slotwire-VERSION-linux-amd64.tar.gz    the same programs, for any folder
#   slotwire-VERSION.tgz (npm), slotwire-VERSION-oci-amd64.tar (the image, if root may build one),
#   slotwire-VERSION.spdx.json (inventory), slotwire-VERSION.provenance.json (sources and tools), SHA256SUMS
# With arm64: package and archive alone, in build/dist-arm64, for scripts/dist-arm64.sh, which does the rest.
# The same commit gives the same bytes in any folder (tests/delivery/reproducible.sh). Web files are those of `make web`.
set -eu
cd "$(dirname "$0")/.."
say() { printf 'dist: %s\n' "$*"; }
fail() { printf 'dist: %s\n' "$*" >&2; exit 1; }
arch=${1:-amd64}
case $arch in
  amd64) preset=packaged out=$PWD/build/dist ;;
  arm64) preset=packaged-arm64 out=$PWD/build/dist-arm64 ;;
  *) fail "there is no recipe for \"$arch\"" ;;
esac

# Everything else that could affect the bytes: file modes, language, time zone, time.
umask 022
LC_ALL=C.UTF-8 TZ=UTC
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} || fail "there is no git here: set SOURCE_DATE_EPOCH, and SLOTWIRE_COMMIT"
# xz splits its output by the number of threads.
DPKG_DEB_THREADS_MAX=1
# With it ccache hands the compiler other paths than it was given, and asserts have them in the program.
unset CCACHE_BASEDIR
export LC_ALL TZ SOURCE_DATE_EPOCH DPKG_DEB_THREADS_MAX
version=$(sed -n 's/^project(slotwire VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
public=build/share/slotwire/public
[ -f "$public/widget.js" ] || fail "$public has no widget.js: make web"
build=$PWD/build/$preset
log=$PWD/build/dist-$arch.log
mkdir -p "$out"
rm -f "$out"/*

# Writes to the log, and prints it on failure.
quietly() {
  what=$1; shift
  "$@" >> "$log" 2>&1 || { tail -n 30 "$log" >&2; fail "$what; all of it is in $log"; }
}
: > "$log"
say "building slotwire $version for $arch"
quietly "it could not be configured" cmake --preset $preset
quietly "it could not be built" cmake --build --preset $preset --target slotwire calendly-sim

# Every library whose code is in the programs, installed beside them, or in the widget, with its license.
copyright() {
  printf 'slotwire\n\n'
  cat LICENSE
  printf '\nThe programs and the widget hold code of these libraries, whose terms follow, as Debian or the library itself states them.\n'
  for library in imgui/LICENSE.txt cpp-httplib/LICENSE; do
    printf '\n---- %s ----\n\n' "${library%%/*}"
    cat ".cache/sources/$library"
  done
  for package in libspdlog-dev libfmt-dev prometheus-cpp-dev libcivetweb-dev libhowardhinnant-date-dev libhiredis-dev libsqlitecpp-dev \
      nlohmann-json3-dev libcli11-dev libcpp-jwt-dev; do
    printf '\n---- %s ----\n\n' "$package"
    cat "/usr/share/doc/$package/copyright"
  done
}

# ---- the Debian package ----
stage=$build/package
rm -rf "$stage"
mkdir -p "$stage/tree"
tree=$stage/tree
cp -r deploy/debian "$tree/debian"
cp deploy/slotwire.env "$tree/"
# Not in the top folder, where debhelper would take our changelog for the package's.
mkdir -p "$tree/upstream/docs"
cp README.md CHANGELOG.md "$tree/upstream/"
cp docs/*.md "$tree/upstream/docs/"
cp deploy/slotwire.service "$tree/debian/slotwire.service"
copyright > "$tree/debian/copyright"
maintainer=$(sed -n 's/^Maintainer: //p' deploy/debian/control)
cat > "$tree/debian/changelog" <<TEXT
slotwire ($version) unstable; urgency=medium

  * /usr/share/doc/slotwire/CHANGELOG.md says what is new.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT
chmod 755 "$tree/debian/rules"
say "packing for Debian"
(
  cd "$tree"
  SLOTWIRE_BUILD=$build
  export SLOTWIRE_BUILD
  # Variables of the caller's environment that would change what debhelper does.
  unset DEB_BUILD_OPTIONS DEB_BUILD_PROFILES MAKEFLAGS MAKELEVEL MFLAGS
  eval "$(dpkg-architecture -a "$arch" -s 2> /dev/null)"
  quietly "the package could not be made" debian/rules binary
)
mv "$stage/slotwire_${version}_$arch.deb" "$out/"

# ---- the archive ----
name=slotwire-$version-linux-$arch
say "packing the archive"
for component in programs web man; do
  quietly "$component could not be laid out" cmake --install "$build" --component $component --prefix "$stage/$name"
done
triplet=$(dpkg-architecture -a "$arch" -q DEB_HOST_GNU_TYPE 2> /dev/null)
"$triplet-strip" "$stage/$name/bin/slotwire" "$stage/$name/libexec/slotwire/calendly-sim"
mkdir -p "$stage/$name/share/doc/slotwire" "$stage/$name/share/slotwire"
cp -r "$tree/upstream/." "$stage/$name/share/doc/slotwire/"
cp "$tree/debian/copyright" "$stage/$name/LICENSES"
cp deploy/slotwire.env deploy/slotwire.service "$stage/$name/share/slotwire/"
cat > "$stage/$name/README" <<TEXT
slotwire $version: free slots of a Calendly account in any web page.

bin/slotwire demo shows it with a simulated Calendly; JWT_SECRET_FILE=FILE bin/slotwire serve is for an account (share/doc/slotwire/docs/operating.md).
It needs a Linux of about 2023 or later (glibc 2.36) with libssl3, libpq5, libsqlite3-0, libbrotli1, zlib1g and tzdata, as Debian names them.
TEXT
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX --format=gnu \
  -C "$stage" -cf "$stage/$name.tar" "$name"
gzip -n -9 < "$stage/$name.tar" > "$out/$name.tar.gz"
rm "$stage/$name.tar"

[ "$arch" = amd64 ] || exit 0

say "packing for npm"
quietly "npm's package could not be made" node packages/build.mjs build/dist
if [ "$(id -u)" != 0 ] || ! command -v podman > /dev/null || ! command -v mmdebstrap > /dev/null; then
  say "no image: that needs root, podman and mmdebstrap (scripts/setup.sh delivery)"
else
  say "making the image"
  quietly "the image could not be made" sh scripts/image.sh "build/dist/slotwire_${version}_amd64.deb" "build/dist/slotwire-$version-oci-amd64.tar"
fi
quietly "the inventory could not be written" node scripts/inventory.mjs build/dist
(cd "$out" && sha256sum $(ls | grep -v '^SHA256SUMS$') > SHA256SUMS)
cat "$out/SHA256SUMS"
