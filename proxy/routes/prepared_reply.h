#pragma once
// Replies from prepared bytes: content encoding, entity tag, and how long they are valid.
#include <memory>
#include <string_view>

#include "proxy/http/message.h"
#include "proxy/slots/slot_query.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

// Chooses the stored encoding, or answers 304 when the client already has an equal answer.
[[nodiscard]] http::Reply reply_from_prepared(const std::shared_ptr<const slots::PreparedAnswer>& answer,
                                              const http::Request& request, std::string_view content_type);

// Sets Cache-Control, Cache-Status and Server-Timing for an answer requested at `asked` with the result `found`, and whether the
// server may repeat it.
void set_freshness_headers(http::Reply& reply, const slots::SlotReply& found, const time::Clock& clock, time::Tick asked);

}  // namespace slotwire::routes
