#pragma once
// How many bytes a TCP connection has received so far, from the kernel's counter.
#include <cstdint>
#include <optional>

namespace slotwire::calendly {

// Since the connection began, read or not; a received end of stream counts as one byte. nullopt if the kernel does not report it.
[[nodiscard]] std::optional<std::uint64_t> received_bytes(int socket);

}  // namespace slotwire::calendly
