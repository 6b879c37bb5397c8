#pragma once
// How much a TCP connection has brought so far, of which the kernel keeps count.
#include <cstdint>
#include <optional>

namespace slotwire::calendly {

// Since the connection began, read or not; its end, where it has come, counts as one. nullopt when this kernel does not tell.
[[nodiscard]] std::optional<std::uint64_t> received_bytes(int socket);

}  // namespace slotwire::calendly
