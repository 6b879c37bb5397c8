#!/bin/sh
# Builds the fuzzers, or those with planted mistakes, into build/fuzz/bin:  build.sh [optional|planted]
# They need clang with its libFuzzer and sanitizers. Without them this says so and ends with 1, or with 77 when told `optional`.
set -eu
cd "$(dirname "$0")/../.."
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT INT TERM
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' > "$probe/probe.cpp"
if ! clang++ -fsanitize=fuzzer,address,undefined "$probe/probe.cpp" -o "$probe/probe" > "$probe/log" 2>&1; then
  echo "fuzz: NOT RUN, no reader met hostile input: clang++ with libFuzzer and sanitizers is not here (Debian: clang, libclang-rt-dev)."
  echo "fuzz: What was missing: $(tail -n 1 "$probe/log")"
  [ "${1:-}" = optional ] && exit 77
  exit 1
fi
mkdir -p build
cmake --preset fuzz > build/configure-fuzz.log 2>&1 || { cat build/configure-fuzz.log; exit 1; }
target=fuzzers
[ "${1:-}" = planted ] && target=planted
cmake --build --preset fuzz --target "$target"
