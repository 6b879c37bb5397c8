#!/bin/sh
# Lays out the files of the image, inside the first stage of the Containerfile:  image-tree.sh PACKAGE FOLDER
#   FOLDER/image   the package's programs and web files, the libraries that they load, certificates, time zones
#   FOLDER/owned   what the user that they run as may write to
# Nothing of the package is run, so that no secret is made here that every image would share.
set -eu
package=$1 image=$2/image owned=$2/owned
export DEBIAN_FRONTEND=noninteractive
ls /var/lib/apt/lists/*Packages* > /dev/null 2>&1 || apt-get update -q -o Acquire::Languages=none
apt-get satisfy -y -q --no-install-recommends "$(dpkg-deb -f "$package" Depends)" ca-certificates tzdata

mkdir -p "$image"
dpkg-deb -x "$package" "$image"
rm -rf "$image/etc" "$image/usr/lib/systemd" "$image/lib" "$image/usr/share/man" "$image/usr/share/lintian"

# Where Debian has its libraries, so that the loader finds them without a cache.
mkdir -p "$image/usr/lib" "$image/usr/lib64" "$image/etc/ssl" "$image/usr/share" "$image/usr/lib/ssl"
ln -s usr/lib "$image/lib"
ln -s usr/lib64 "$image/lib64"
files=$(mktemp)
programs=$(find "$image/usr/bin" "$image/usr/libexec" "$image/usr/lib/slotwire" -type f 2>/dev/null)
# The package's own libraries lie in the tree; all that is not there must be Debian's.
for program in $programs; do
  LD_LIBRARY_PATH=$image/usr/lib/slotwire ldd "$program" 2>/dev/null || :  # nothing is told of what the loader does not run
done > "$files.all"
if grep 'not found' "$files.all" >&2; then echo "image-tree: these libraries are missing" >&2; exit 1; fi
awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' "$files.all" | grep -v "^$image/" | sort -u > "$files"
while read -r library; do
  place=$image$(dirname "$(realpath "$library" | sed 's,^/lib,/usr/lib,')")
  case $library in /lib64/*) place=$image/usr/lib64 ;; esac
  mkdir -p "$place"
  cp -L "$library" "$place/$(basename "$library")"
done < "$files"

cp -a /etc/ssl/certs "$image/etc/ssl/"
cp -a /usr/share/ca-certificates /usr/share/zoneinfo "$image/usr/share/"
rm -rf "$image/usr/share/zoneinfo/right" "$image/usr/share/zoneinfo/posix"
ln -s /etc/ssl/certs "$image/usr/lib/ssl/certs"
printf 'root:x:0:0:root:/:/none\nslotwire:x:65532:65532:slotwire:/var/lib/slotwire:/none\n' > "$image/etc/passwd"
printf 'root:x:0:\nslotwire:x:65532:\n' > "$image/etc/group"
printf 'hosts: files dns\n' > "$image/etc/nsswitch.conf"

# Which packages of Debian these files are, for whoever looks for known weaknesses; and their licences.
mkdir -p "$image/var/lib/dpkg/status.d"
{ echo /usr/share/zoneinfo/UTC; echo /usr/share/ca-certificates; while read -r library; do realpath "$library"; done < "$files"; } |
  while read -r file; do dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null || :; done |
  sed 's/:.*//' | tr -d ' ' | tr ',' '\n' | sort -u | while read -r name; do
    dpkg-query -s "$name" > "$image/var/lib/dpkg/status.d/$name"
    mkdir -p "$image/usr/share/doc/$name"
    cp -L "/usr/share/doc/$name/copyright" "$image/usr/share/doc/$name/"
  done
dpkg-deb -f "$package" > "$image/var/lib/dpkg/status.d/slotwire"

# What runtimes mount over: they cannot make these in an image that is not to be written to.
mkdir -p "$image/run/secrets" "$image/proc" "$image/sys" "$image/dev" "$image/var/tmp"
mkdir -p "$owned/var/lib/slotwire" "$owned/tmp"
chmod 700 "$owned/var/lib/slotwire"
chmod 1777 "$owned/tmp"
