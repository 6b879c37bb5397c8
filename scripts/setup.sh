#!/bin/sh
# Installs what is missing for building and testing slotwire. Safe to run twice; does nothing when everything is there.
#   setup.sh [build|test|bench|packages|servers|dist|delivery]
#     build     the default: compilers and libraries
#     test      also browsers, Redis, PostgreSQL, nginx, clang, ext4 and client libraries; none is left running
#     bench     also measuring tools
#     packages, servers: as test, and the JavaScript for testing the npm package, in tests/packages or tests/packages/servers
#     dist      as build, and what makes Debian's packages
#     delivery  as build, and what makes fresh Debians, containers and images, and checks packages
# On Debian 12 and 13 the packages come from Debian, and only that step needs root (it uses sudo if available). On other systems
# it lists what CMake will look for. JavaScript tools come from npm by the lock file, into node_modules.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-build}

say() { printf '%s\n' "setup: $*"; }

packages="g++ make cmake ninja-build pkg-config git python3 ca-certificates xz-utils tzdata emscripten \
  nlohmann-json3-dev libssl-dev libsqlite3-dev libsqlitecpp-dev libspdlog-dev libcli11-dev prometheus-cpp-dev \
  libcurl4-openssl-dev libhowardhinnant-date-dev libcpp-jwt-dev zlib1g-dev libbrotli-dev \
  libpq-dev libhiredis-dev"
tests=1
case $purpose in build | dist | delivery) tests=0 ;; esac
[ $tests = 0 ] || packages="$packages chromium firefox-esr webkit2gtk-driver xvfb libgl1-mesa-dri fonts-dejavu-core fonts-noto-color-emoji redis-server postgresql nginx-light sqlite3 python3-requests \
  php-cli php-guzzlehttp-guzzle ruby ruby-faraday e2fsprogs"
# For fuzzing (tests/fuzz), by the names of Debian's default version: 14 on Debian 12, 19 on Debian 13.
[ $tests = 0 ] || packages="$packages clang libclang-rt-dev"
[ "$purpose" != dist ] || packages="$packages debhelper dpkg-dev"
# Fresh Debians (mmdebstrap), booted with their own systemd (systemd-nspawn of systemd-container); an emulator of arm64
# (qemu-user-static); containers without a daemon:
# podman with runc (its default, crun, refuses machines with both kinds of control groups), and its networks with names.
[ "$purpose" != delivery ] || packages="$packages mmdebstrap systemd-container podman runc netavark aardvark-dns iproute2 iptables python3-yaml curl lintian qemu-user-static"
[ "$purpose" != bench ] || packages="$packages wrk valgrind"

# Tests start their own servers, so Debian must neither start one (ports 6379, 5432, 80) nor create a database cluster. A setting
# for this that exists on the machine is kept.
no_new_services() {
  case $missing in *redis-server* | *postgresql* | *nginx*) ;; *) return 0 ;; esac
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d > /dev/null
    $as_root chmod 755 /usr/sbin/policy-rc.d
    trap '$as_root rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 1' INT TERM
  fi
  case $missing in *postgresql*) ;; *) return 0 ;; esac
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | $as_root tee /etc/postgresql-common/createcluster.conf > /dev/null
  fi
}

has_package() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || :)" = installed ]; }

if [ -e /etc/debian_version ]; then
  missing=
  for package in $packages; do has_package "$package" || missing="$missing $package"; done
  # Node may be installed from another source, and Debian's npm would conflict with it: look for the programs themselves.
  command -v node > /dev/null || missing="$missing nodejs"
  command -v npm > /dev/null || missing="$missing npm"
  if [ "$purpose" != build ] && command -v nginx > /dev/null; then missing=$(echo "$missing" | sed 's/ nginx-light//'); fi
  if [ -n "$missing" ]; then
    say "installing from Debian:$missing"
    if [ "$(id -u)" = 0 ]; then as_root=; elif command -v sudo > /dev/null; then as_root=sudo; else
      say "not root and no sudo. As root, run: apt-get install -y --no-install-recommends$missing"
      exit 1
    fi
    log=$(mktemp)
    no_new_services
    # shellcheck disable=SC2086
    if ! { $as_root apt-get update -q &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } > "$log" 2>&1; then
      tail -n 15 "$log"
      say "the packages could not be installed; the whole log is in $log"
      exit 1
    fi
    rm -f "$log"
  fi
else
  for program in c++ cmake ninja pkg-config python3 em++ node npm; do
    command -v "$program" > /dev/null || say "$program is missing"
  done
  say "not Debian: CMake looks for OpenSSL 3, zlib, brotli, SQLiteCpp, spdlog, CLI11, prometheus-cpp, date, cpp-jwt, libpq,"
  say "hiredis and nlohmann-json as installed, and downloads Dear ImGui, cpp-httplib and Catch2 by pinned hash"
fi

install_scripts() {
  if [ -f "$1/package-lock.json" ] && ! [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
    say "installing JavaScript tools by the lock file${2:-}"
    (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
    touch "$1/node_modules/.package-lock.json"
  fi
}
install_scripts .
case $purpose in packages | servers) install_scripts tests/packages ' of tests/packages' ;; esac
[ "$purpose" != servers ] || install_scripts tests/packages/servers ' of tests/packages/servers'
