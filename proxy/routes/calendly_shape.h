#pragma once
// Replies as Calendly sends them: its own answers with what is known of their age, and errors of ours in its words.
#include "proxy/dropin/dropin_service.h"
#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::routes {

enum class CallKind { shared_read, personal_read, write };

[[nodiscard]] http::Reply reply_from_api(const dropin::ApiReply& api, CallKind kind);
// {"title","message","details"?}; a limit of ours is told in Calendly's headers too, since clients wait by those.
[[nodiscard]] http::Reply calendly_error_reply(const Error& error);
[[nodiscard]] http::Reply calendly_error_reply(int status, const Error& error);

}  // namespace slotwire::routes
