#include "proxy/routes/public_routes.h"

#include "proxy/connection/unknown_type.h"
#include "proxy/http/replies.h"
#include "proxy/net/addresses.h"
#include "proxy/routes/bodies.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/payer.h"
#include "proxy/routes/prepared_reply.h"
#include "proxy/routes/servers_json.h"
#include "proxy/slots/assemble.h"
#include "proxy/slots/next_query.h"
#include "proxy/slots/range_query.h"
#include "shared/json_text.h"

namespace slotwire::routes {

using http::Reply;
using http::Request;

namespace {

using std::chrono::seconds;

constexpr std::string_view kPublicPrefix = "/api/app/";
constexpr std::string_view kJson = "application/json; charset=utf-8";
constexpr seconds kTypesMaxAge{60};
// A page may request fresh data for one day before a visitor books, but not younger than this.
constexpr seconds kRecheckAge{30};

// The parts of the request needed after the wait: the handler's Request ends with the call.
struct Asked {
  Request headers_only;  // Origin, Accept-Encoding, If-None-Match
  time::Tick at;
  std::int64_t version = 0;  // the last change applied before the slots were read
};

Asked asked_from(const Request& request, time::Tick at) {
  Asked asked;
  asked.headers_only.headers = request.headers;
  asked.at = at;
  return asked;
}

// RFC 9111, 5.2.1: the client accepts no stored answer. Browsers send it for `cache: "no-cache"` without a CORS preflight.
bool wants_new_answer(const Request& request) {
  const std::string_view wish = request.headers.find("Cache-Control").value_or("");
  return wish.find("no-cache") != std::string_view::npos || wish.find("max-age=0") != std::string_view::npos;
}

class PublicRoutes {
 public:
  explicit PublicRoutes(PublicParts parts) : parts_(parts) {}

  http::Step event_types(const Request& request) {
    if (parts_.types.is_fresh()) return event_types_now(request);
    return http::Later([this, request](std::function<void(Reply)> done) {
      (void)parts_.types.when_read([this, request, done = std::move(done)] { done(event_types_now(request)); });
    });
  }

  Reply event_types_now(const Request& request) {
    if (const auto lost = parts_.types.lost())
      return with_origin(reply_from_error(*lost, Audience::visitor), asked_from(request, parts_.clock.tick()));
    const std::shared_ptr<const connection::Account> account = parts_.connection.account();
    Reply reply;
    if (const auto owner = request.query_value("owner")) {
      const auto types = account->types_of(*owner);
      if (!types) {
        const Error error{ErrorCode::event_type_not_found, "This is not the page of anybody of this account."};
        return with_origin(reply_from_error(error, Audience::visitor), asked_from(request, parts_.clock.tick()));
      }
      reply = http::json_reply(200, json_from_event_types(account->record.mode, *types));
    } else {
      reply = reply_from_prepared(prepared_types(account), request, kJson);
    }
    const bool is_fresh = parts_.types.is_fresh() || parts_.types.state().standing == fetch::ListStanding::fresh;
    reply.headers.set("Cache-Control", is_fresh ? "public, max-age=" + std::to_string(kTypesMaxAge.count())
                                                : "public, max-age=0, must-revalidate");
    parts_.origins.mark(request, reply);
    return reply;
  }

  http::Step slots(const Request& request) {
    const auto zone = request.query_value("timezone");
    Result<slots::AskedRange> asked = slots::asked_range(request.query_value("start_date"), request.query_value("end_date"), zone,
                                                         parts_.zones, parts_.clock.now());
    Asked by = asked_from(request, parts_.clock.tick());
    by.version = parts_.changes.version();
    if (!asked) return with_origin(reply_from_error(asked.error(), Audience::visitor), by);
    const Result<slots::Named> named = event_types_of(request);
    if (!named) return with_origin(reply_from_error(named.error(), Audience::visitor), by);
    slots::SlotQuery query{"", asked->range, asked->days, asked->timezone, request.id};
    if (asked->days.length() <= std::chrono::days(1) && wants_new_answer(request)) query.max_age = kRecheckAge;
    query.client = payer_of(request);
    return http::Later([this, named = *named, query = std::move(query), by](std::function<void(Reply)> done) {
      parts_.slots.find(named, query, told(by, std::move(done)));
    });
  }

  http::Step next(const Request& request) {
    Asked by = asked_from(request, parts_.clock.tick());
    by.version = parts_.changes.version();
    const slots::NextParameters given{request.query_value("count"), request.query_value("after"), request.query_value("part"),
                                      request.query_value("timezone")};
    Result<slots::NextQuery> asked = slots::asked_next(given, parts_.zones, parts_.clock.now());
    if (!asked) return with_origin(reply_from_error(asked.error(), Audience::visitor), by);
    const Result<slots::Named> named = event_types_of(request);
    if (!named) return with_origin(reply_from_error(named.error(), Audience::visitor), by);
    asked->request_id = request.id;
    asked->client = payer_of(request);
    return http::Later([this, named = *named, query = *asked, by](std::function<void(Reply)> done) {
      parts_.slots.next(named, query, told(by, std::move(done)));
    });
  }

  http::Step scheduling_link(const Request& request) {
    const Asked by = asked_from(request, parts_.clock.tick());
    if (const auto json = check_is_json(request); !json) {
      return with_origin(reply_from_error(json.error(), Audience::visitor), by);
    }
    const Result<std::string> key = event_type_from_body(request.body);
    if (!key) return with_origin(reply_from_error(key.error(), Audience::visitor), by);
    // A link costs a call, like a window of times, so both are paid from the client's one share.
    const fetch::Client payer = payer_of(request);
    const bool asks_calendly = parts_.connection.account()->record.mode == ConnectionMode::pat;
    if (asks_calendly && !parts_.shares.take(payer, by.at)) {
      const auto wait = std::chrono::ceil<std::chrono::seconds>(parts_.shares.wait_for(payer, by.at));
      const Error error{ErrorCode::too_many_requests, "Too much was asked of Calendly from here.", {}, wait};
      return with_origin(reply_from_error(error, Audience::visitor), by);
    }
    if (const auto wait = parts_.link_limits.take(request.client, by.at)) {
      const Error error{ErrorCode::too_many_requests, "Too many booking links were asked for from here.", {}, *wait};
      return with_origin(reply_from_error(error, Audience::visitor), by);
    }
    return http::Later([this, key = *key, by](std::function<void(Reply)> done) {
      parts_.links.post([this, key, by, done = std::move(done)] { done(with_origin(link_reply(key), by)); });
    });
  }

  http::Step ready() const {
    return http::Later([this](const std::function<void(Reply)>& done) {
      parts_.store_workers.post([this, done] {
        const auto stored = parts_.store.connection();
        const std::shared_ptr<const connection::Account> account = parts_.connection.account();
        if (!stored && account->record.mode == ConnectionMode::none) {
          return done(reply_from_error(stored.error(), Audience::visitor));
        }
        std::string data = "{\"connection\":";
        append_json_string(data, name_from_mode(account->record.mode));
        // Still ready: visitors are served with cached data. A missing database is missing for all servers, and a balancer would
        // remove all of them at once.
        const std::optional<Error> database_problem = stored ? std::nullopt : std::optional(stored.error());
        const std::optional<Error> problem = database_problem ? database_problem : account->problem;
        if (problem) {
          append_json_field(data, "problem", name_from_code(problem->code));
          append_json_field(data, "problemMessage", problem->detail);
        }
        append_servers_json(data, parts_.store, database_problem,
                            parts_.cluster);  // without Redis a server is still ready
        data += parts_.calendly.counts().is_breaker_open ? ",\"calendly\":\"failing\"" : ",\"calendly\":\"ok\"";
        done(success_reply(problem ? "Ready, with a problem" : "Ready", data + "}"));
      });
    });
  }

 private:
  Reply with_origin(Reply reply, const Asked& by) const {
    parts_.origins.mark(by.headers_only, reply);
    return reply;
  }

  Result<slots::Named> event_types_of(const Request& request) const {
    const Result<Turn> turn = slots::asked_turn(request.query_value("any_of"));
    if (!turn) return turn.error();
    return parts_.slots.named_in(request.path_values.at(0), *turn);
  }

  slots::SlotsDone told(const Asked& by, std::function<void(Reply)> done) const {
    return [this, by, done = std::move(done)](const Result<slots::SlotReply>& found) {
      Reply reply = found ? slots_reply(*found, by) : reply_from_error(found.error(), Audience::visitor);
      done(with_origin(std::move(reply), by));
    };
  }

  Reply slots_reply(const slots::SlotReply& found, const Asked& by) const {
    Reply reply = reply_from_prepared(found.answer, by.headers_only, kJson);
    set_freshness_headers(reply, found, parts_.clock, by.at);
    // A client that stores this answer can ask what has changed since.
    reply.headers.set("Slots-Version", std::to_string(by.version));
    return reply;
  }

  Reply link_reply(const std::string& key) const {
    const std::shared_ptr<const connection::Account> account = parts_.connection.account();
    if (account->record.mode == ConnectionMode::none) {
      return reply_from_error({ErrorCode::not_connected, "No Calendly account is connected."}, Audience::visitor);
    }
    const EventType* type = account->find_type(key);
    if (!type) return reply_from_error(connection::unknown_type(key), Audience::visitor);
    std::string url = type->scheduling_url;
    if (account->record.mode == ConnectionMode::pat) {
      if (!account->token) {
        return reply_from_error({ErrorCode::token_unreadable, "The stored token cannot be opened."}, Audience::visitor);
      }
      // One attempt: an unused link does no harm, but ten of them would.
      const calendly::Called<std::string> called = parts_.calendly.scheduling_link(*account->token, type->uri, {});
      if (const auto* failure = std::get_if<calendly::CallFailure>(&called))
        return reply_from_error(failure->error, Audience::visitor);
      url = std::get<std::string>(called);
    }
    std::string data = "{\"bookingUrl\":";
    append_json_string(data, url);
    data += ",\"eventTypeUri\":";
    append_json_string(data, type->uri);
    return success_reply("Scheduling link created", data + "}");
  }

  std::shared_ptr<const slots::PreparedAnswer> prepared_types(const std::shared_ptr<const connection::Account>& account) {
    const std::lock_guard lock(mutex_);
    if (types_account_ != account) {
      types_ = slots::prepared_from_json(json_from_event_types(account->record.mode, account->record.types));
      types_account_ = account;
    }
    return types_;
  }

  PublicParts parts_;
  std::mutex mutex_;
  std::shared_ptr<const connection::Account> types_account_;
  std::shared_ptr<const slots::PreparedAnswer> types_;
};

}  // namespace

void add_public_routes(http::Router& router, PublicParts parts) {
  const auto routes = std::make_shared<PublicRoutes>(parts);
  router.on("GET", "/api/app/calendly/event-types", [routes](const Request& request) { return routes->event_types(request); });
  router.on("GET", "/api/app/calendly/slots/{eventType}", [routes](const Request& request) { return routes->slots(request); });
  router.on("GET", "/api/app/calendly/next/{eventType}", [routes](const Request& request) { return routes->next(request); });
  router.on("POST", "/api/app/calendly/scheduling-links",
            [routes](const Request& request) { return routes->scheduling_link(request); });
  router.on("GET", "/healthz", [](const Request&) -> http::Step { return success_reply("Alive", "{}"); });
  router.on("GET", "/readyz", [routes](const Request&) { return routes->ready(); });
  // Only public calls may be made from other sites' pages; all others get the plain answer, without permission.
  router.on_options([&origins = parts.origins](const Request& request, std::string_view methods) -> std::optional<Reply> {
    if (!request.path.starts_with(kPublicPrefix)) return std::nullopt;
    return origins.preflight(request, methods);
  });
}

}  // namespace slotwire::routes
