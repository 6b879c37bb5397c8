#pragma once
// Replies from bytes that were made once for all who ask the same: encoding, tag, and for how long they are true.
#include <memory>
#include <string_view>

#include "proxy/http/message.h"
#include "proxy/slots/slot_query.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

// Chooses the stored encoding, or 304 when the client has these bytes' like already.
[[nodiscard]] http::Reply reply_from_prepared(const std::shared_ptr<const slots::PreparedAnswer>& answer,
                                              const http::Request& request, std::string_view content_type);

// Cache-Control, Cache-Status and Server-Timing of an answer that was asked for at `asked` and comes from `found`; and whether
// the server may repeat it.
void say_how_true(http::Reply& reply, const slots::SlotReply& found, const time::Clock& clock, time::Tick asked);

}  // namespace slotwire::routes
