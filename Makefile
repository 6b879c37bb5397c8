# `make help` lists what there is. Everything is built by CMake (CMakePresets.json) and npm; this file only names the steps.
.DEFAULT_GOAL := help
.PHONY: help run test build setup native web format chaos chaos-long test-native test-fuzz test-wasm test-clients test-browser test-packages test-servers dist dist-arm64 dist-twice fuzz fuzz-planted asan tsan bench test-bare test-delivery test-three-servers pictures pickers clean

public := build/share/slotwire/public
# Emscripten's optimiser looks for Debian's node modules.
export NODE_PATH ?= /usr/share/nodejs
# Programs started here do not read the settings of a slotwire installed on this machine.
export SLOTWIRE_SETTINGS_FILE :=

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: build ## install what is missing, build all, start proxy, simulator and demo page (PORT, SIM_PORT); secret, database and logs stay in run/
	@mkdir -p run && build/bin/slotwire demo --dir run --port $${PORT:-3000} --simulator-port $${SIM_PORT:-0} \
	  --metrics-port $${METRICS_PORT:-0} --log-level info 2> run/slotwire.log || { tail -n 20 run/slotwire.log >&2; exit 1; }

test: ## everything but test-servers: native units, shared tests as WASM, end to end over sockets, API clients, npm packages, Chromium, Firefox and WebKit
	@sh scripts/setup.sh test
	@$(MAKE) --no-print-directory test-native test-fuzz test-wasm test-clients test-browser test-packages

build: setup native web ## programs in build/bin, web files in build/share

setup:
	@sh scripts/setup.sh build

native:
	@mkdir -p build && cmake --preset release > build/configure-native.log 2>&1 || { cat build/configure-native.log; exit 1; }
	@cmake --build --preset release --target slotwire calendly-sim

web:
	@mkdir -p build && cmake --preset web > build/configure-web.log 2>&1 || { cat build/configure-web.log; exit 1; }
	@cmake --build --preset web --target widget proof
	@node web/bundle.mjs $(public) build/web

test-native: native
	@cmake --build --preset release
	@ctest --preset release

test-fuzz: # a short run; make fuzz runs longer
	@node --test tests/fuzz/js/
	@sh tests/fuzz/build.sh optional && node tests/fuzz/run.mjs 5 || [ $$? -eq 77 ]

test-wasm: web
	@cmake --build --preset web
	@ctest --preset web

test-clients: native web
	@npm run --silent test:clients

test-browser: native web
	@npm run --silent test:browser

test-packages: native web
	@sh scripts/setup.sh packages
	@npm run --silent test:packages

test-servers: ## the npm package in fresh Next and Nuxt apps, built and served; its tools are half a gigabyte, so make test leaves it out
	@sh scripts/setup.sh servers
	@$(MAKE) --no-print-directory native web
	@node tests/browser/run.mjs tests/packages/servers

test-delivery: ## the packages of `make dist` on fresh Debian 12 and 13, the image in podman (root; SLOTWIRE_PREVIOUS=older.deb)
	@sh scripts/setup.sh delivery
	@node --test tests/delivery/*.test.mjs

test-three-servers: ## run deploy/three-servers, and stop, kill and restart its servers under load (root, after make dist)
	@sh tests/delivery/three-servers/run.sh

test-bare: ## time `make run` and `make test` on fresh bare Debian 12 and 13, from a clone of HEAD (root; SUITE=bookworm COMMAND=run)
	@sh tests/delivery/bare.sh $(or $(SUITE),"bookworm trixie") $(or $(COMMAND),both)

dist: ## build all deliverables in build/dist: Debian package, archive, npm package, image (as root), SHA256SUMS, inventory, provenance
	@sh scripts/setup.sh dist
	@$(MAKE) --no-print-directory web
	@sh scripts/dist.sh

dist-arm64: ## cross-build Debian package and archive for arm64, in build/dist-arm64 (root)
	@sh scripts/setup.sh delivery
	@$(MAKE) --no-print-directory web
	@sh scripts/dist-arm64.sh

dist-twice: ## run make dist here and in a clone in another folder, and compare the bytes
	@sh tests/delivery/reproducible.sh

chaos: ## run the real programs under every kind of failure, in under ten minutes (tests/chaos, build/chaos/report.txt)
	@sh scripts/setup.sh test
	@$(MAKE) --no-print-directory native
	@cmake --build --preset release --target chaos_tests fetch_tests why_tests web_model_tests
	@node tests/chaos/run.mjs

chaos-long: ## the same with every combination of fault, cache and restart, and fifteen minutes of mixed load (SLOTWIRE_CHAOS_MINUTES)
	@SLOTWIRE_CHAOS_EVERY_CELL=1 SLOTWIRE_CHAOS_MINUTES=$${SLOTWIRE_CHAOS_MINUTES:-15} $(MAKE) --no-print-directory chaos

fuzz: ## hostile input for every parser of untrusted bytes, a minute each (SLOTWIRE_FUZZ_SECONDS)
	@sh scripts/setup.sh test
	@SLOTWIRE_FUZZ_RUNS=$${SLOTWIRE_FUZZ_RUNS:-5000} node --test tests/fuzz/js/
	@sh tests/fuzz/build.sh
	@node tests/fuzz/run.mjs $${SLOTWIRE_FUZZ_SECONDS:-60}

fuzz-planted: ## whether the fuzzers find mistakes that are put into copies of readers, and how soon
	@sh scripts/setup.sh test
	@sh tests/fuzz/build.sh planted
	@node tests/fuzz/planted.mjs

asan: ## native tests with address and undefined-behaviour sanitizers
	@sh scripts/setup.sh build
	@cmake --preset asan && cmake --build --preset asan && ctest --preset asan

tsan: ## native tests with the thread sanitizer
	@sh scripts/setup.sh build
	@cmake --preset tsan && cmake --build --preset tsan && ctest --preset tsan

bench: ## compare with similar programs in one run, and write BENCHMARKS.md; a quick run: make bench BENCH_ROUNDS=1
	@sh scripts/setup.sh bench
	@$(MAKE) --no-print-directory build
	@sh tests/bench/run.sh

pictures: native web ## take the README's pictures again
	@node --test tests/browser/screenshots.test.mjs > build/pictures.log || { cat build/pictures.log; exit 1; }
	@cp build/screenshots/widget-1280-light.png docs/picker-light.png
	@cp build/screenshots/widget-1280-dark.png docs/picker-dark.png

pickers: ## draw ours beside other pickers with the same free times (docs/picker-comparison.md)
	@sh scripts/setup.sh bench
	@$(MAKE) --no-print-directory native web
	@cd tests/bench && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@node tests/bench/pickers.mjs build/pickers

format: ## format the C++ sources by .clang-format; a test checks that they are
	@node_modules/.bin/clang-format -i $$(find shared proxy web tests ! -path '*/node_modules/*' '(' -name '*.h' -o -name '*.cpp' ')')

clean: ## remove what was built; fetched sources and run/ stay
	rm -rf build
