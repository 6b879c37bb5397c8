#pragma once
// Replies in Calendly's format: its own answers with headers about their age, and our errors as Calendly would word them.
#include "proxy/dropin/dropin_service.h"
#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::routes {

enum class CallKind { shared_read, personal_read, write };

[[nodiscard]] http::Reply reply_from_api(const dropin::ApiReply& api, CallKind kind);
// {"title","message","details"?}. Our own limits are also sent in Calendly's headers, because clients wait by those.
[[nodiscard]] http::Reply calendly_error_reply(const Error& error);
[[nodiscard]] http::Reply calendly_error_reply(int status, const Error& error);

}  // namespace slotwire::routes
