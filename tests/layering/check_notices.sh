#!/bin/sh
# Tests that the layering check finds violations: each line below breaks one rule in a small tree of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT INT TERM

fresh_tree() {
  rm -rf "$tree"
  mkdir -p "$tree/shared" "$tree/proxy/http" "$tree/proxy/slots" "$tree/proxy/settings" "$tree/web/model" "$tree/web/platform" "$tree/tests"
  printf '#pragma once\n// Days.\n#include <chrono>\n' > "$tree/shared/day.h"
  printf '#include "shared/day.h"\n' > "$tree/proxy/slots/plan.cpp"
}
fresh_tree
sh "$here/check.sh" "$tree" || { echo "a clean tree is refused"; exit 1; }

failures=0
while IFS='|' read -r file line; do
  fresh_tree
  printf '%b\n' "$line" > "$tree/$file"
  if found=$(sh "$here/check.sh" "$tree"); then
    echo "not noticed: $file: $line"
    failures=1
  else
    case $found in "$file:"*) ;; *) echo "noticed in the wrong place: $found"; failures=1 ;; esac
  fi
done <<'CASES'
shared/plan.cpp|#include <unistd.h>
shared/plan.cpp|#include "proxy/http/server.h"
web/model/picker.cpp|#include "web/platform/abi.h"
web/model/picker.cpp|#include "imgui.h"
web/platform/main.cpp|#include "proxy/http/message.h"
proxy/slots/more.cpp|#include <httplib.h>
proxy/http/server.cpp|#include <httplib.h>
proxy/slots/more.cpp|#include <nlohmann/json.hpp>
proxy/slots/more.cpp|  #  include <openssl/evp.h>
proxy/settings/settings.cpp|#include "proxy/http/server.h"
proxy/http/server.cpp|#include <SQLiteCpp/SQLiteCpp.h>
web/model/picker.cpp|#ifdef __EMSCRIPTEN__
shared/other.h|#include <chrono>
shared/other.h|#pragma once\n#include <chrono>
CASES
exit $failures
