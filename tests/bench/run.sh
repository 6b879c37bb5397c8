#!/bin/sh
# Measures slotwire beside its peers on this machine: run.sh [warm] [stale] [cold] [hold] [live] [widget] [growth] [profile] [caching]; no name means
# all of them. Needs what `make build` makes, and what scripts/setup.sh bench installs. Rewrites the sections of those parts in BENCHMARKS.md;
# their figures as JSON are in build/bench/PART.json.
#   BENCH_ROUNDS   rounds of each part, for a quick look (1) or a long one; each part has a number of its own that fits its spread
#   BENCH_LIMIT_S  for all parts together; what would begin later is left out, and said to be (840)
#   BENCH_BIN      folder of slotwire and calendly-sim (build/bin)
#   BENCH_PUBLIC   folder of the built widget (build/share/slotwire/public)
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

# growth.cpp, natively and as WebAssembly, where those are built at all.
case " ${*:-growth} " in *' growth '*)
  for preset in release web; do
    [ -d "build/$preset" ] || continue
    NODE_PATH=${NODE_PATH:-/usr/share/nodejs} cmake --build --preset $preset --target growth > build/bench/growth-$preset.log 2>&1 ||
      { cat build/bench/growth-$preset.log; exit 1; }
  done
  ;;
esac

exec node tests/bench/bench.mjs "$@"
