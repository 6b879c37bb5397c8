#!/bin/sh
# Checks the rules of ARCHITECTURE.md that the compiler does not (it shows a room of proxy/ only what the room links):  check.sh FOLDER
# Prints each include that breaks a rule, and exits with 1 if there is one.
set -eu
cd "$1"
complaints=$(mktemp)
includes=$(mktemp)
trap 'rm -f "$complaints" "$includes"' EXIT INT TERM

# Every include of our sources as "file name", the name with its brackets or quotes.
find shared proxy web tests ! -path '*/node_modules/*' '(' -name '*.h' -o -name '*.cpp' ')' | sort | while read -r file; do
  sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<"][^>"]*[>"]\).*/\1/p' "$file" | sed "s|^|$file |"
done > "$includes"
[ -s "$includes" ] || { echo "layering: no sources under $1"; exit 1; }

# only FILES ALLOWED WHY: files that match the pattern FILES may include only what matches ALLOWED.
only() {
  awk -v files="$1" -v allowed="$2" -v why="$3" \
    '$1 ~ files && $2 !~ allowed { print $1 ": includes " $2 ": " why }' "$includes" >> "$complaints"
}
# kept INCLUDE FILES WHY: only FILES may include what matches INCLUDE. Tests are exempt.
kept() {
  awk -v name="$1" -v files="$2" -v why="$3" \
    '$1 !~ /^tests\// && $2 ~ name && $1 !~ files { print $1 ": includes " $2 ": " why }' "$includes" >> "$complaints"
}

std='<[a-z_]+>|<c[a-z]+>'
only '^shared/'        "^($std|\"shared/.*|<nlohmann/json.hpp>)\$"               'shared knows the standard library only'
only '^web/model/'     "^($std|\"shared/.*|\"web/model/.*)\$"                    'the model knows std and shared only'
only '^web/view/'      "^($std|\"(shared|web)/.*|\"imgui[a-z_]*.h\"|<imgui[a-z_]*.h>)\$" 'the view knows imgui and the model'
only '^web/'           '^(<.*|"(shared|web)/.*|"imgui[a-z_]*.h")$'               'web never sees proxy or tests'
only '^proxy/settings/' '^(<.*|"shared/.*|"proxy/(settings|secrets|log|net|text)/.*|"proxy/http/client_limits.h"|"proxy/calendly/httplib_transport.h"|"proxy/cluster/redis_address.h"|"proxy/store/store.h")$' 'settings know only the values they read'

kept '<httplib'                    '^proxy/calendly/'                            'httplib stays in calendly/'
kept '<openssl/'                   '^proxy/(secrets|text|http)/'                 'OpenSSL stays in secrets/, text/ for digests and http/ for TLS'
kept 'jwt/jwt'                     '^proxy/secrets/'                             'the JWT library stays in secrets/'
kept '(nlohmann|json_members)'     '^(shared/wire_json\.cpp|shared/json_members\.h|proxy/[a-z]*/[a-z_]*json\.cpp|proxy/routes/bodies\.cpp)$' 'JSON values stay in wire files'
kept '(SQLiteCpp/|sqlite3)'        '^proxy/store/'                               'SQLite stays in store/'
kept '<hiredis/'                   '^proxy/cluster/'                             'hiredis stays in cluster/'
kept '<libpq'                      '^proxy/store/'                               'libpq stays in store/'
kept 'spdlog'                      '^proxy/log/'                                 'spdlog stays in log/'
kept 'CLI/'                        '^proxy/(app|settings)/'                      'the command line stays in app/ and settings/'
kept '<date/'                      '^proxy/time/'                                'zone data stays in time/'
kept 'imgui'                       '^web/(view|platform)/'                       'imgui stays in view/ and platform/'
kept '<emscripten'                 '^web/platform/'                              'Emscripten stays in platform/'
kept '"proxy/http/server.h"'       '^proxy/(http|app)/'                          'only app/ starts the server'

for file in $(grep -rl --include='*.h' --include='*.cpp' '__EMSCRIPTEN__' shared proxy web | grep -v '^web/platform/' || :); do
  echo "$file: asks for __EMSCRIPTEN__: CMake picks files" >> "$complaints"
done
for header in $(find shared proxy web tests ! -path '*/node_modules/*' -name '*.h' | sort); do
  awk -v header="$header" '
    NR == 1 && $0 != "#pragma once" { print header ": does not open with #pragma once" }
    NR == 2 && $0 !~ /^\/\/ [A-Z0-9"`]/ { print header ": does not say in its second line what it is for" }
    NR == 2 { exit }' "$header" >> "$complaints"
done

[ ! -s "$complaints" ] || { sort -u "$complaints"; exit 1; }
