#!/bin/sh
# Measures slotwire beside its peers on this machine: run.sh [warm] [stale] [cold] [hold] [live] [widget]; no name means all of them.
# Needs what `make build` makes, and nginx and wrk (scripts/setup.sh bench). Writes build/bench/report.txt and results.json.
#   BENCH_BIN     folder of slotwire and calendly-sim (build/bin)
#   BENCH_PUBLIC  folder of the built widget (build/share/slotwire/public)
set -eu
cd "$(dirname "$0")/../.."
# Debian puts nginx where only root looks.
PATH=$PATH:/usr/sbin

# A thousand connections are held from both ends.
ulimit -n "$(ulimit -Hn)"

if ! [ tests/bench/node_modules/.package-lock.json -nt tests/bench/package-lock.json ]; then
  (cd tests/bench && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
  touch tests/bench/node_modules/.package-lock.json
fi

mkdir -p build/bench
limit=build/bench/socket_limit
if ! [ "$limit" -nt tests/bench/peers/socket_limit.cpp ]; then
  "${CXX:-c++}" -std=c++20 -O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -pthread \
    -o "$limit" tests/bench/peers/socket_limit.cpp
fi

exec node tests/bench/bench.mjs "$@"
