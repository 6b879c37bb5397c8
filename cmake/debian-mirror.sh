#!/bin/sh
# Prints the address of the Debian mirror that this machine's own apt uses; nothing, and 1, where none is configured.
set -eu
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | sort -u | head -n 1)
if [ -z "$mirror" ]; then  # no package list was ever fetched: read the configuration itself
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    awk '/^URIs:/ { print $2 } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; break } }' |
    grep -E '/debian/?$' | head -n 1)
fi
[ -n "$mirror" ] || exit 1
printf '%s\n' "$mirror"
