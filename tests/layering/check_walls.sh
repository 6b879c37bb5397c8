#!/bin/sh
# Checks that a room of proxy/ sees only what it links:  check_walls.sh ROOM=FOLDER:FOLDER... for each room
# The folders are the compiler's include folders for that room.
set -eu
failures=0
while read -r room header wanted; do
  folders=
  for each; do
    case $each in "$room="*) folders=${each#*=} ;; esac
  done
  [ -n "$folders" ] || { echo "$room: nobody said where it looks"; failures=1; }
  found=hidden
  IFS=:
  for folder in $folders; do
    [ ! -e "$folder/$header" ] || found=seen
  done
  unset IFS
  [ "$found" = "$wanted" ] || { echo "$room: $header is $found, and should be $wanted"; failures=1; }
done <<'CASES'
fetch shared/calendar.h seen
fetch proxy/fetch/machine.h seen
fetch proxy/time/clock.h hidden
text proxy/secrets/secret_string.h hidden
http proxy/net/addresses.h seen
http proxy/slots/slot_service.h hidden
http tests/sim/world.h hidden
connection proxy/store/store.h seen
connection proxy/http/message.h hidden
slots proxy/fetch/machine.h seen
slots proxy/http/message.h hidden
slots web/model/picker.h hidden
store proxy/connection/connection.h hidden
booking proxy/routes/bodies.h hidden
pages proxy/slots/slot_service.h seen
pages proxy/http/message.h hidden
pages proxy/booking/booking_service.h hidden
why proxy/slots/slot_service.h seen
why proxy/http/message.h hidden
routes proxy/http/message.h seen
routes proxy/app/core.h hidden
CASES
exit $failures
