#!/bin/sh
# deploy/three-servers from its own files: what compose.yaml says, with nginx.conf beside it. No registry is asked: postgres, redis and
# nginx are Debian's packages in images with the names that compose.yaml has. Needs root and `make dist` before.
# All is in a network of its own (unshare --net), so neither the port nor the addresses can be somebody's already.
set -eu
cd "$(dirname "$0")/../../.."
[ "$(id -u)" = 0 ] || { echo "three-servers: root is needed" >&2; exit 1; }
sh scripts/setup.sh delivery
root=$PWD/.cache/roots/bookworm+three-servers.tar
# Package lists and packages age: made anew after a week.
[ -n "$(find "$root" -mtime -7 2>/dev/null)" ] || sh scripts/debian-root.sh bookworm "$root" postgresql-15 redis-server nginx-light
exec unshare --net sh -c 'ip link set lo up && exec env SLOTWIRE_SERVICES_ROOT="$1" node --test tests/delivery/three-servers/three_servers.test.mjs' sh "$root"
