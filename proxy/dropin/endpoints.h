#pragma once
// The rules of /calendly/v2: which paths may be requested, which are personal, and what a write may change. Pure. Facts about
// Calendly: its published API documents, checked 2026-11.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::dropin {

// "/event_types/ABC" for "event_types/ABC", the path after the prefix. Repeated slashes are removed, since many base URLs end
// with one. nullopt for anything that is not a path of Calendly's: those consist of letters, digits, - and _, so no dot, escape
// or address gets through.
[[nodiscard]] std::optional<std::string> upstream_path(std::string_view raw);

[[nodiscard]] bool is_available_times(std::string_view path);

// Every path counts as personal unless it is known to be harmless: only admins may read it, and it is never cached. Not personal:
// `/users/me` (and `/users/{uuid}` of `user_uri` itself), event types, available times, availability schedules and busy times,
// which show when the host is busy but not with whom.
[[nodiscard]] bool is_personal(std::string_view path, std::string_view user_uri);

enum class Touched { nothing, times, everything };
// Which cached answers a write to this path may have changed.
[[nodiscard]] Touched touched_by_write(std::string_view path);
// True when a booking or a cancellation may change the answer of this path.
[[nodiscard]] bool depends_on_bookings(std::string_view path);

}  // namespace slotwire::dropin
