#include "proxy/routes/live_routes.h"

#include <charconv>

#include "proxy/http/replies.h"
#include "proxy/routes/envelope.h"
#include "shared/json_text.h"

namespace slotwire::routes {
namespace {

std::string json_from_changes(const live::Changes& changes) {
  std::string out = "{";
  append_json_field(out, "version", changes.version);
  append_json_key(out, "days");
  out += '[';
  for (const DayRange& days : changes.days) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_json_field(out, "start", text_from_day(days.begin));
    append_json_field(out, "end", text_from_day(days.end - std::chrono::days(1)));
    out += '}';
  }
  out += ']';
  append_json_field(out, "pollAfterMs", changes.ask_after.count());
  return out + '}';
}

Result<std::optional<std::int64_t>> since_of(const http::Request& request) {
  const auto text = request.query_value("since");
  if (!text) return std::optional<std::int64_t>();
  std::int64_t since = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), since);
  if (failure != std::errc() || end != text->data() + text->size() || since < 0) {
    return bad_input("since", "must be a version that an answer has named");
  }
  return std::optional(since);
}

class LiveRoutes {
 public:
  explicit LiveRoutes(LiveParts parts) : parts_(parts) {}

  http::Step changes(const http::Request& request) {
    const auto since = since_of(request);
    if (!since) return refused(request, since.error());
    // The request may wait for half a minute, so only the headers that affect the answer are kept.
    http::Request by;
    if (const auto origin = request.headers.find("Origin")) by.headers.set("Origin", std::string(*origin));
    return http::Wait{[this, since = *since, client = request.client,
                       by = std::move(by)](std::function<void(http::Reply)> done) -> http::Wait::Cancel {
      const auto tell = [this, by, done = std::move(done)](const std::shared_ptr<const live::Changes>& changes) {
        http::Reply reply =
            success_reply(changes->days.empty() ? "No changes" : "Free times have changed", json_from_changes(*changes));
        parts_.origins.mark(by, reply);
        done(std::move(reply));
      };
      const std::optional<std::uint64_t> wait = parts_.hub.wait(since, client, tell);
      if (!wait) return nullptr;
      return [this, wait = *wait] { parts_.hub.leave(wait); };
    }};
  }

  http::Step delivery(const http::Request& request) {
    if (const auto wait = parts_.delivery_limits.take(request.client, parts_.clock.tick())) {
      return reply_from_error({ErrorCode::too_many_requests, "Too many deliveries from here.", {}, *wait}, Audience::visitor);
    }
    const std::string signature(request.headers.find("Calendly-Webhook-Signature").value_or(""));
    return http::Later([this, signature, body = request.body, id = request.id](std::function<void(http::Reply)> done) {
      parts_.workers.post([this, signature, body, id, done = std::move(done)] {
        const Result<live::WebhookIntake::Outcome> taken = parts_.intake.take(signature, body, id);
        if (!taken) return done(reply_from_error(taken.error(), Audience::visitor));
        switch (taken.value()) {
          case live::WebhookIntake::Outcome::taken:
            return done(success_reply("Taken", "{}"));
          case live::WebhookIntake::Outcome::repeated:
            return done(success_reply("Taken before", "{}"));
          case live::WebhookIntake::Outcome::ignored:
            return done(success_reply("Ignored", "{}"));
        }
      });
    });
  }

 private:
  http::Reply refused(const http::Request& request, const Error& error) const {
    http::Reply reply = reply_from_error(error, Audience::visitor);
    parts_.origins.mark(request, reply);
    return reply;
  }

  LiveParts parts_;
};

}  // namespace

void add_live_routes(http::Router& router, LiveParts parts) {
  const auto routes = std::make_shared<LiveRoutes>(parts);
  router.on("GET", "/api/app/calendly/changes", [routes](const http::Request& request) { return routes->changes(request); });
  router.on("POST", std::string(connection::kWebhookPath),
            [routes](const http::Request& request) { return routes->delivery(request); });
}

}  // namespace slotwire::routes
