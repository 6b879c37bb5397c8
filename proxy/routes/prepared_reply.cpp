#include "proxy/routes/prepared_reply.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "proxy/http/cors.h"
#include "proxy/http/negotiation.h"
#include "shared/time_between.h"

namespace slotwire::routes {
namespace {

using std::chrono::seconds;

constexpr std::array kEncodings = {http::Encoding::brotli, http::Encoding::gzip};
// Repeated bytes repeat their Cache-Control, so they may be inaccurate by at most this much.
constexpr seconds kRepeatFor{1};

std::string server_timing(std::string_view source, time::Tick from, time::Tick to) {
  const double ms = std::chrono::duration<double, std::milli>(to - from).count();
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%.*s, total;dur=%.2f", static_cast<int>(source.size()), source.data(), ms);
  return text.data();
}

}  // namespace

http::Reply reply_from_prepared(const std::shared_ptr<const slots::PreparedAnswer>& answer, const http::Request& request,
                                std::string_view content_type) {
  http::Reply reply;
  reply.headers.set("ETag", answer->etag);
  http::add_vary(reply, "Origin, Accept-Encoding");
  const auto known = request.headers.find("If-None-Match");
  if (known && http::has_matching_etag(*known, answer->etag)) {
    reply.status = 304;
    return reply;
  }
  reply.headers.set("Content-Type", std::string(content_type));
  switch (http::encoding_for(request.headers.find("Accept-Encoding").value_or(""), kEncodings)) {
    case http::Encoding::brotli:
      reply.headers.set("Content-Encoding", "br");
      reply.body = {answer, &answer->brotli};
      break;
    case http::Encoding::gzip:
      reply.headers.set("Content-Encoding", "gzip");
      reply.body = {answer, &answer->gzip};
      break;
    case http::Encoding::identity:
      reply.body = {answer, &answer->json};
      break;
  }
  return reply;
}

void set_freshness_headers(http::Reply& reply, const slots::SlotReply& found, const time::Clock& clock, time::Tick asked) {
  const time::Tick tick = clock.tick();
  const auto left = std::chrono::floor<seconds>(time_between(clock.now(), found.answer->fresh_until));
  const bool is_fresh = !found.answer->is_stale && found.answer->is_complete && left > seconds(0);
  const std::string left_s = std::to_string(std::max<std::int64_t>(left.count(), 0));
  reply.headers.set("Cache-Control", is_fresh ? "public, max-age=" + left_s + ", stale-while-revalidate=60"
                                              : "public, max-age=0, must-revalidate");
  std::string_view source;
  switch (found.from) {
    case slots::AnsweredFrom::cache:
      source = "cache;desc=\"hit\"";
      reply.headers.set("Cache-Status", "slotwire; hit; ttl=" + left_s);
      break;
    case slots::AnsweredFrom::upstream:
      source = "cache;desc=\"miss\"";
      reply.headers.set("Cache-Status", is_fresh ? "slotwire; fwd=miss; stored" : "slotwire; fwd=miss");
      break;
    case slots::AnsweredFrom::stale:
      source = "cache;desc=\"stale\"";
      reply.headers.set("Cache-Status", "slotwire; fwd=stale; detail=\"upstream failed\"");
      break;
  }
  reply.headers.set("Server-Timing", server_timing(source, asked, tick));
  if (found.from == slots::AnsweredFrom::cache && is_fresh && left > kRepeatFor) reply.repeat_until = tick + kRepeatFor;
  if (found.same_until && *found.same_until > tick) reply.repeat_until = std::min(*found.same_until, tick + kRepeatFor);
}

}  // namespace slotwire::routes
