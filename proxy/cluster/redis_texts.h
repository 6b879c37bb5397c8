#pragma once
// Reads and writes what servers exchange through Redis. Any text is safe to pass: other programs and newer versions may write
// there too, and text that this version did not write counts as absent. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

#include "proxy/cluster/cluster.h"
#include "proxy/cluster/redis_connection.h"

namespace slotwire::cluster {

// The result of the claim script (redis_scripts.h). nullopt when it is not complete for every day. `now` is this machine's time;
// the answer contains Redis' time.
[[nodiscard]] std::optional<Claimed> claimed_from(const RedisValue& answer, Instant now);

[[nodiscard]] std::string text_from_message(const ClusterMessage& message, std::string_view owner);
// nullopt for what means nothing here: of `owner` itself, or of a newer version. An empty text, which stands for messages that
// were lost, means look_at_changes.
[[nodiscard]] std::optional<ClusterMessage> message_from_text(std::string_view text, std::string_view owner);

}  // namespace slotwire::cluster
