#pragma once
// What stands behind /calendly/v2: which paths may be asked for, whose they are, and what a write may change. Pure.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::dropin {

// "/event_types/ABC" for "event_types/ABC", as it came after the prefix; slashes too many are left out, since base URLs end
// with one as often as not. nullopt for what is no path of Calendly's: it has letters, digits, - and _, and no dot, escape or
// address could get through.
[[nodiscard]] std::optional<std::string> upstream_path(std::string_view raw);

[[nodiscard]] bool is_available_times(std::string_view path);

// Personal is all that is not known to be harmless, unknown paths included: only admins may read it, and it is never cached.
// Not personal: `/users/me` (and `/users/{uuid}` of `user_uri` itself), event types, available times, availability schedules
// and busy times, which say when the host is busy and not with whom.
[[nodiscard]] bool is_personal(std::string_view path, std::string_view user_uri);

enum class Touched { nothing, times, everything };
// What of the cached answers a write to this path may have changed.
[[nodiscard]] Touched touched_by_write(std::string_view path);
// Whether a booking or a cancellation may change what this path answers.
[[nodiscard]] bool depends_on_bookings(std::string_view path);

}  // namespace slotwire::dropin
