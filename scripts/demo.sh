#!/bin/sh
# Starts the Calendly simulator and the proxy, connects the one to the other, and prints where to look. Ctrl-C stops both.
#   PORT      the proxy's port (3000)
#   SIM_PORT  the simulator's port (any free one)
# Secrets and the database stay in run/, so that a restart finds the connection again.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p run

fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# Waits until a log has the line "NAME listening on URL" and puts the URL into `address`; fails with the log when the program
# ends first. Not for $(...): only the shell that started the program buries it, and the dead answer kill -0 until then.
address_from() {
  log=$1 pid=$2
  while :; do
    address=$(sed -n 's/.* listening on \(http[^ ]*\).*/\1/p' "$log" | head -n 1)
    [ -z "$address" ] || return 0
    kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; return 1; }
    sleep 0.05
  done
}

sim= proxy=
stop() {
  trap - EXIT INT TERM
  for pid in $proxy $sim; do kill "$pid" 2>/dev/null || :; done
  for pid in $proxy $sim; do wait "$pid" 2>/dev/null || :; done
}
trap stop EXIT
trap 'stop; exit 0' INT TERM

# Settings of a real slotwire in this shell are not the demo's; a secret given twice would even be refused.
for name in $(env | sed -n 's/^\(\(CALENDLY\|SLOTWIRE\|JWT_SECRET\|HOST\|LOG\)[A-Z_]*\)=.*/\1/p'); do
  case $name in HOSTNAME|LOGNAME|HOSTTYPE) ;; *) unset "$name" ;; esac
done
# Before the programs start: an address in a log of the last time is not theirs.
: > run/calendly-sim.log
: > run/slotwire.log

[ -s run/jwt-secret ] || head -c 48 /dev/urandom | od -An -tx1 | tr -d ' \n' > run/jwt-secret
JWT_SECRET_FILE=$PWD/run/jwt-secret
export JWT_SECRET_FILE

build/bin/calendly-sim --port "${SIM_PORT:-0}" > run/calendly-sim.log 2>&1 &
sim=$!
address_from run/calendly-sim.log "$sim" || fail "the simulator did not start"
sim_address=$address
sim_token=$(sed -n 's/.*token \(eyJ[^ ]*\).*/\1/p' run/calendly-sim.log | head -n 1)
[ -n "$sim_token" ] || fail "the simulator named no token"

CALENDLY_API_BASE_URL=$sim_address
CALENDLY_DATABASE_URL=sqlite:$PWD/run/slotwire.db
export CALENDLY_API_BASE_URL CALENDLY_DATABASE_URL
printf '%s' "$sim_token" | build/bin/slotwire token set > run/token-set.log 2>&1 || { cat run/token-set.log >&2; fail "the simulator's token was refused"; }

PORT=${PORT:-3000}
# The demo's own pages book; "*" lets any page read.
CALENDLY_ALLOWED_ORIGINS="*,http://127.0.0.1:$PORT,http://localhost:$PORT"
export CALENDLY_ALLOWED_ORIGINS
PORT=$PORT METRICS_PORT=${METRICS_PORT:-0} build/bin/slotwire serve > run/slotwire.log 2>&1 &
proxy=$!
address_from run/slotwire.log "$proxy" || fail "the proxy did not start"
jwt=$(build/bin/slotwire admin-jwt --role super_admin --ttl 8h)

cat <<TEXT

  Demo page    $address/demo
  Admin page   $address/admin
  Signed in    $address/admin#jwt=$jwt

  Calendly is simulated at $sim_address; logs are in run/. Ctrl-C stops everything.
TEXT
wait "$proxy"
