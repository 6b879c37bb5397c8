#!/bin/sh
# The README's commands on a Debian that has nothing but make: a fresh root, a clean clone of HEAD, no cache of anything, a clock.
#   bare.sh [bookworm|trixie] [run|test|both]      default: both suites, both commands; needs root and mmdebstrap
# What is not committed is not tried. The clone, its root and all that they hold are under build/bare/SUITE and go at the end, but for
# the commands' logs; KEEP=1 keeps a root, to look at what failed. `run` counts as done when slots are answered.
set -eu
cd "$(dirname "$0")/../.."

say() { printf 'bare: %s\n' "$*"; }
fail() { printf 'bare: %s\n' "$*" >&2; exit 1; }

# The part that runs as the first process of a namespace of its own: mounts and processes in it end with it, however it ends.
#   bare.sh --inside SUITE COMMAND
if [ "${1-}" = --inside ]; then
  suite=$2 command=$3 place=build/bare/$2
  root=$place/root
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
      ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS} "$@"
  }
  begin=$(date +%s)
  clock() { now=$(date +%s); printf '%d min %02d s' $(((now - begin) / 60)) $(((now - begin) % 60)); }
  case $command in
    run)
      inside sh -c "cd /src && exec make run PORT=${PORT:-3000}" > "$place/run.log" 2>&1 &
      made=$!
      until address=$(sed -n 's/^ *Demo page *\(http[^ ]*\)\/demo.*/\1/p' "$place/run.log") && [ -n "$address" ]; do
        kill -0 "$made" 2>/dev/null || { tail -n 30 "$place/run.log" >&2; fail "$suite: make run ended after $(clock)"; }
        sleep 1
      done
      answer=$(curl -fsS --max-time 20 "$address/api/app/calendly/slots/30min") || fail "$suite: no slots at $address"
      slots=$(printf '%s' "$answer" | grep -o '"status":"available"' | wc -l)
      [ "$slots" -gt 0 ] || fail "$suite: the answer has no slots: $answer"
      say "$suite: make run: $(clock) until $slots slots were answered"
      ;;
    test)
      inside sh -c 'cd /src && exec make test' > "$place/test.log" 2>&1 || { tail -n 60 "$place/test.log" >&2; fail "$suite: make test failed after $(clock)"; }
      say "$suite: make test: $(clock)"
      ;;
  esac
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "root is needed to make and enter a root of Debian"
sh scripts/setup.sh delivery
suites=${1:-bookworm trixie} commands=${2:-both}
case $suites in bookworm | trixie | 'bookworm trixie') ;; *) fail "\"$suites\" is no suite: bookworm or trixie" ;; esac
case $commands in both) commands='run test' ;; run | test) ;; *) fail "\"$commands\" is no command: run, test or both" ;; esac

place= inside=
# Only what lies on the disk: whatever was mounted went with its namespace, and that ends with its first process.
clear() {
  if [ -n "$inside" ]; then kill -KILL "$inside" 2> /dev/null && wait "$inside" || :; fi
  [ -z "$place" ] || [ -n "${KEEP-}" ] || rm -rf --one-file-system "$place/root"
}
trap clear EXIT
trap 'exit 1' INT TERM
for suite in $suites; do
  place=build/bare/$suite
  mkdir -p "$place"
  grep -qs "$PWD/$place" /proc/mounts && fail "something is mounted in $place"
  rm -rf --one-file-system "$place/root"
  say "$suite: a fresh root"
  sh scripts/debian-root.sh "$suite" "$place/root.tar"
  mkdir "$place/root"
  tar -xf "$place/root.tar" -C "$place/root" --numeric-owner
  rm "$place/root.tar"
  cp /etc/resolv.conf "$place/root/etc/resolv.conf"
  # Certificates that this machine was given, where what it downloads passes through somebody.
  mkdir -p "$place/root/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$place/root/usr/local/share/ca-certificates/" ';' 2>/dev/null || :
  # A stranger has git, make and a clone, and certificates to have cloned it with.
  chroot "$place/root" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends git make ca-certificates' \
    > "$place/prepare.log" 2>&1 || { tail -n 20 "$place/prepare.log" >&2; fail "$suite: git and make could not be installed"; }
  git clone -q --no-hardlinks . "$place/root/src"
  say "$suite: $(git -C "$place/root/src" log -1 --format='%h %s')"
  for command in $commands; do
    unshare --mount --pid --fork --kill-child --propagation private sh tests/delivery/bare.sh --inside "$suite" "$command" &
    inside=$!
    wait "$inside"
    inside=
  done
  clear
done
