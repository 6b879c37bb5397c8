#pragma once
// A slots answer as bytes that JavaScript writes after its own JSON.parse, so that the WASM carries no JSON reader.
// Little-endian, no padding; counts are checked against the bytes that are there.
//
//   answer  = u32 magic 0x33535753 ("SWS3")
//             str eventTypeName, str profileName, str locationKind, str description, u32 duration_min, u8 flags (1 cached, 2
//             stale, 4 complete), u32 n_types, type*, u32 n_windows, window*, u32 n_slots, slot*
//   type    = str uri, str name, u32 duration_min: one for each of several event types that answer as one, otherwise just one
//   window  = i32 first_day, i32 last_day (days since 1970-01-01, inclusive), u8 source (0 cache 1 upstream 2 stale 3 failed)
//             f64 fetched_at_ms (NaN: none), str error code (empty: none)
//   slot    = f64 start_ms, u32 invitees_remaining, u8 of (place of its type), str scheduling_url
//   str     = u32 length, UTF-8 bytes
#include <cstddef>
#include <span>

#include "shared/answers.h"

namespace slotwire {

// timezone and days keep their defaults, since the widget asks in UTC and reads `windows`. event_type_uri does too; it is in
// `types`. Each slot's type is one of `types`. Errors: bad_input when bytes are missing, left over, or name something that does
// not exist.
[[nodiscard]] Result<SlotsAnswer> slots_from_packed(std::span<const std::byte> bytes);

}  // namespace slotwire
