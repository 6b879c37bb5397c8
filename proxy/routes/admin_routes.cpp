#include "proxy/routes/admin_routes.h"

#include <map>
#include <mutex>
#include <variant>

#include "proxy/connection/unknown_type.h"
#include "proxy/routes/admin_json.h"
#include "proxy/routes/audit.h"
#include "proxy/routes/bodies.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/jwt_json.h"
#include "proxy/routes/servers_json.h"
#include "proxy/routes/why_json.h"
#include "proxy/slots/range_query.h"
#include "shared/json_text.h"

namespace slotwire::routes {

using http::Reply;
using secrets::Role;

namespace {

constexpr int kAuditEntries = 200;
constexpr std::string_view kRevoke = "jwt.revoke";

struct Caller : SignedCall {
  std::optional<std::string> from = {};  // from the query
  std::optional<std::string> to = {};
  std::optional<std::string> timezone = {};
  std::optional<std::string> sub = {};
  bool all = false;
  std::string id = {};  // from the path
};

// The JWTs to revoke: one by the path, or all of the query's sub.
access::JwtChoice choice_of(const Caller& caller) {
  using By = access::JwtChoice::By;
  return caller.id.empty() ? access::JwtChoice{By::subject, caller.sub.value_or("")} : access::JwtChoice{By::id, caller.id};
}

// The action's name for the audit log.
std::string name_of(const std::string& action, const Caller& caller) {
  return action == kRevoke ? access::name_of_revocation(choice_of(caller)) : action;
}

class AdminRoutes {
 public:
  // Runs on a worker. A Reply is the whole answer; an Error is sent in the envelope.
  using Work = std::function<Result<Reply>(const Caller& caller, const std::string& body)>;

  explicit AdminRoutes(AdminParts parts) : parts_(std::move(parts)), started_(parts_.clock.now()) {}

  [[nodiscard]] Result<secrets::Claims> signed_in(const http::Request& request) const {
    return parts_.jwts.admitted(request.headers.find("Authorization").value_or(""));
  }

  // Turns a sign-in link into a token, once. Used ids are kept until they expire. Links from before this start are refused,
  // because it is unknown whether they were used.
  http::Step open_session(const http::Request& request) {
    if (const auto wait = parts_.limits.take(request.client, parts_.clock.tick())) return too_many(*wait);
    const Result<secrets::Claims> claims = signed_in(request);
    if (!claims) return refusal(claims.error());
    const Instant now = parts_.clock.now();
    if (!claims->link || claims->expires - secrets::kLinkLifetime < std::chrono::floor<std::chrono::seconds>(started_) ||
        !use_link(claims->link->id, claims->expires, now)) {
      return refusal(
          {ErrorCode::unauthorized, "This sign-in link was used already or is too old; slotwire admin-jwt prints a new one."});
    }
    if (claims->role == Role::reader) return refusal({ErrorCode::forbidden, "This page is for admins."});
    const secrets::Claims session{claims->subject, claims->role, now + claims->link->session};
    const Caller caller{{session, request.client, request.id}};
    return on(parts_.store_workers, [this, caller, link = claims->link->id] {
      const Result<std::string> jwt = parts_.jwts.make(caller.claims, "sign-in link");
      if (!jwt) {
        forget_link(link);  // no session without a way to revoke it; the link works again once the database is back
        return refusal(jwt.error());
      }
      noted(caller, "session.open", "ok");
      std::string data = "{";
      append_json_field(data, "jwt", *jwt);
      append_json_field(data, "expiresAt", text_from_instant(std::chrono::floor<std::chrono::seconds>(caller.claims.expires)));
      return success_reply("Signed in", data + "}");
    });
  }

  // Checks role and rate before a worker is used. The Step is the refusal.
  std::variant<Caller, http::Step> admitted(const http::Request& request, Role least, const std::string& action) {
    if (const auto wait = parts_.limits.take(request.client, parts_.clock.tick())) {
      return too_many(*wait);
    }
    Result<secrets::Claims> claims = signed_in(request);
    if (!claims) return refusal(claims.error());
    if (claims->link) return refusal({ErrorCode::unauthorized, "A sign-in link only opens a session."});
    Caller caller{{std::move(*claims), request.client, request.id},
                  request.query_value("from"),
                  request.query_value("to"),
                  request.query_value("timezone"),
                  request.query_value("sub"),
                  request.query_value("all") == "true",
                  request.path_values.empty() ? "" : request.path_values.front()};
    if (caller.claims.role < least) {
      return on(parts_.store_workers, [this, caller, action, least] {
        const Error error{ErrorCode::forbidden,
                          least == Role::super_admin ? "Only a super admin may do this." : "Only an admin may do this."};
        if (!action.empty()) noted(caller, name_of(action, caller), name_from_code(error.code));
        return refusal(error);
      });
    }
    return caller;
  }

  // The same, and checks the type of body.
  http::Step guarded(const http::Request& request, Role least, const std::string& action, time::Workers& workers,
                     const Work& work) {
    std::variant<Caller, http::Step> found = admitted(request, least, action);
    if (auto* refused = std::get_if<http::Step>(&found)) return std::move(*refused);
    if (request.method == "POST" && !request.body.empty()) {
      if (const auto json = check_is_json(request); !json) return refusal(json.error());
    }
    auto body = std::make_shared<std::string>(request.body);
    return on(workers, [this, caller = std::get<Caller>(std::move(found)), action, work, body] {
      const Result<Reply> reply = work(caller, *body);
      secrets::wipe(*body);  // it may contain a token
      if (!action.empty()) noted(caller, name_of(action, caller), reply ? "ok" : name_from_code(reply.error().code));
      return reply ? *reply : refusal(reply.error());
    });
  }

  Result<Reply> set_token(const Caller& caller, const std::string& body) {
    Result<secrets::SecretString> token = token_from_body(body);
    if (!token) return token.error();
    const std::shared_ptr<const connection::Account> before = parts_.connection.account();
    const auto set = parts_.connection.set_token(std::move(*token), caller.claims.subject, caller.request_id);
    if (!set) return set.error();
    return status(ended("Calendly connected", *before, caller));
  }

  Result<Reply> sync(const Caller& caller) {
    const auto synced = parts_.connection.sync(caller.request_id);
    if (!synced) return synced.error();
    parts_.types.account_changed();
    parts_.webhook.extend(caller.request_id);
    return status("Event types synced");
  }

  Result<Reply> configure_public(const Caller& caller, const std::string& body) {
    const Result<PublicConfiguration> configuration = public_configuration_from_body(body);
    if (!configuration) return configuration.error();
    const std::shared_ptr<const connection::Account> before = parts_.connection.account();
    const auto configured =
        parts_.connection.configure_public(configuration->calendly_username, configuration->types, caller.claims.subject);
    const std::string told = ended("Public mode configured", *before, caller);
    if (!configured) return configured.error();
    return status(told);
  }

  Result<Reply> disconnect(const Caller& caller) {
    const std::shared_ptr<const connection::Account> before = parts_.connection.account();
    const auto done = parts_.connection.disconnect();
    const std::string told = ended("Disconnected", *before, caller);
    if (!done) return done.error();
    return status(told);
  }

  Result<Reply> subscribe(const Caller& caller, const std::string& body) {
    const Result<std::string> url = public_url_from_body(body);
    if (!url) return url.error();
    const auto subscribed = parts_.webhook.subscribe(*url, caller.claims.subject, caller.request_id);
    if (!subscribed) return subscribed.error();
    return status("Calendly tells of bookings from now on");
  }

  Result<Reply> unsubscribe(const Caller& caller) {
    const auto done = parts_.webhook.unsubscribe(caller.request_id);
    if (!done) return done.error();
    return status("Calendly tells of bookings no more");
  }

  Result<Reply> bookings(const Caller& caller) {
    const Result<slots::AskedRange> asked =
        slots::asked_range(caller.from, caller.to, caller.timezone, parts_.zones, parts_.clock.now(), {"from", "to"});
    if (!asked) return asked.error();
    const Result<connection::BookingsRead> found = parts_.connection.bookings(asked->range);
    if (!found) return found.error();
    return success_reply("Bookings retrieved", json_from_bookings(*found, asked->days));
  }

  // Waits for Calendly like a visitor's request, without holding a worker.
  http::Step mail(const http::Request& request) {
    std::variant<Caller, http::Step> found = admitted(request, Role::admin, "");
    if (auto* refused = std::get_if<http::Step>(&found)) return std::move(*refused);
    const auto event_type = request.query_value("event_type");
    if (!event_type || event_type->empty())
      return refusal(bad_input("event_type", "must name an event type: its slug, uuid, URI or link"));
    const pages::PageService::MailAsked asked{*event_type, request.query_value("timezone"), request.query_value("locale"),
                                              request.id};
    return http::Later([this, asked](std::function<void(Reply)> done) {
      parts_.pages.mail(asked, [name = asked.event_type, done = std::move(done)](const Result<pages::PageService::Mail>& mail) {
        if (!mail) {
          // Uses this call's name of the field.
          const bool is_unknown = mail.error().code == ErrorCode::event_type_not_found;
          return done(refusal(is_unknown ? connection::unknown_type(name, "event_type") : mail.error()));
        }
        std::string data = "{";
        append_json_field(data, "html", mail->html);
        append_json_field(data, "text", mail->text);
        done(success_reply("Free times for a mail", data + "}"));
      });
    });
  }

  http::Step why(const http::Request& request) {
    std::variant<Caller, http::Step> found = admitted(request, Role::admin, "");
    if (auto* refused = std::get_if<http::Step>(&found)) return std::move(*refused);
    why::WhyQuery query{request.query_value("event_type").value_or(""), request.query_value("date"),
                        request.query_value("timezone"), request.id};
    return http::Later([this, query = std::move(query)](std::function<void(Reply)> done) {
      parts_.why.ask(query, [done = std::move(done)](const Result<why::WhyAnswer>& answer) {
        done(answer ? success_reply(sentence_from_why(*answer), json_from_why(*answer)) : refusal(answer.error()));
      });
    });
  }

  Result<Reply> purge() {
    const auto purged = parts_.slots.purge();
    if (parts_.on_purge) parts_.on_purge();
    if (!purged) return purged.error();
    return success_reply("Cache purged", "{}");
  }

  Result<Reply> stats() const {
    return success_reply("Cache state", json_from_stats(parts_.slots.stats(), parts_.calendly.counts(), parts_.bookings.usage()));
  }

  Result<Reply> audit_log() {
    const auto entries = parts_.store.audit(kAuditEntries);
    if (!entries) return entries.error();
    return success_reply("Audit log", json_from_audit(*entries));
  }

  Result<Reply> assistants(std::string_view message) {
    const auto open = parts_.store.assistant_types();
    if (!open) return open.error();
    return success_reply(message, json_from_assistants(parts_.mcp, *parts_.connection.account(), *open));
  }

  Result<Reply> set_assistant(const std::string& body) {
    const Result<AssistantSwitch> wanted = assistant_switch_from_body(body);
    if (!wanted) return wanted.error();
    const std::shared_ptr<const connection::Account> account = parts_.connection.account();
    const EventType* type = account->find_type(wanted->event_type);
    // A secret event type is never listed, so assistants never see it.
    if (!type || type->secret) return Error{ErrorCode::event_type_not_found, "There is no such event type in the list."};
    const auto set = parts_.store.set_assistant_type(type->uri, wanted->is_open);
    if (!set) return set.error();
    return assistants(wanted->is_open ? "Assistants see this event type" : "Assistants see this event type no more");
  }

  Result<Reply> jwts(const Caller& caller) {
    const auto listed = parts_.jwts.listed(caller.all);
    if (!listed) return listed.error();
    return success_reply("JWTs that were made here", json_from_jwts(*listed, caller.claims.id, parts_.jwts.is_listed_only()));
  }

  Result<Reply> revoke(const Caller& caller) {
    const access::JwtChoice choice = choice_of(caller);
    if (choice.value.empty()) return bad_input("sub", "must say whose JWTs are to be revoked; for a single one, DELETE jwts/ID");
    const auto revoked = parts_.jwts.revoke(choice, caller.claims.subject, caller.claims.role);
    if (!revoked) return revoked.error();
    std::string data = R"({"revoked":)" + std::to_string(revoked->now) + R"(,"revokedBefore":)" + std::to_string(revoked->before);
    return success_reply(sentence_from(*revoked), data + "}");
  }

  Result<Reply> status(std::string_view message) const {
    std::string json = json_from_status(*parts_.connection.account(), {parts_.connection.types_read_at(), parts_.types.state()},
                                        parts_.bookings.usage(), parts_.intake.last_taken());
    json.pop_back();
    const auto looked = parts_.store.last_change();
    append_servers_json(json, parts_.store, looked ? std::nullopt : std::optional(looked.error()), parts_.cluster);
    return success_reply(message, json + "}");
  }

 private:
  // The previous account may have had a subscription.
  std::string ended(std::string message, const connection::Account& before, const Caller& caller) {
    if (parts_.webhook.end_if_dropped(before, caller.request_id)) return message;
    return message +
           ". Calendly could not be told to end its deliveries: they are refused from now on, and it gives up by itself";
  }

  static Reply too_many(std::chrono::seconds wait) {
    return refusal({ErrorCode::too_many_requests, "Too many admin calls from here; try again shortly.", {}, wait});
  }

  // False when the link was used before.
  bool use_link(const std::string& id, Instant expires, Instant now) {
    const std::lock_guard lock(links_mutex_);
    std::erase_if(used_links_, [&](const auto& used) { return used.second + secrets::kJwtLeeway < now; });
    return used_links_.emplace(id, expires).second;
  }

  void forget_link(const std::string& id) {
    const std::lock_guard lock(links_mutex_);
    used_links_.erase(id);
  }

  static Reply refusal(const Error& error) { return reply_from_error(error, Audience::admin); }

  template <class Make>
  static http::Step on(time::Workers& workers, Make make) {
    return http::Later([&workers, make = std::move(make)](std::function<void(Reply)> done) {
      workers.post([make, done = std::move(done)] { done(make()); });
    });
  }

  void noted(const Caller& caller, const std::string& action, std::string_view outcome) {
    audit(parts_.store, parts_.log, parts_.clock.now(), caller, action, outcome);
  }

  AdminParts parts_;
  Instant started_;
  std::mutex links_mutex_;
  std::map<std::string, Instant> used_links_;  // with the time until which each must be remembered
};

}  // namespace

void add_admin_routes(http::Router& router, AdminParts parts) {
  time::Workers& here = parts.store_workers;
  time::Workers& calls = parts.calls;
  const auto routes = std::make_shared<AdminRoutes>(std::move(parts));
  const auto on = [&](time::Workers& workers, std::string method, std::string path, Role least, std::string action,
                      AdminRoutes::Work work) {
    router.on(std::move(method), "/api/web/calendly/" + std::move(path),
              [routes, least, action = std::move(action), &workers, work = std::move(work)](const http::Request& request) {
                return routes->guarded(request, least, action, workers, work);
              });
  };
  router.on("POST", "/api/web/calendly/session",
            [routes](const http::Request& request) { return routes->open_session(request); });
  router.on("GET", "/api/web/calendly/mail", [routes](const http::Request& request) { return routes->mail(request); });
  router.on("GET", "/api/web/calendly/why", [routes](const http::Request& request) { return routes->why(request); });
  on(calls, "GET", "bookings", Role::admin, "bookings.read",
     [routes](const Caller& caller, const std::string&) { return routes->bookings(caller); });
  // Reads of our own state have no action name, so that they do not fill the audit log.
  on(calls, "POST", "token", Role::admin, "token.set",
     [routes](const Caller& caller, const std::string& body) { return routes->set_token(caller, body); });
  on(here, "GET", "connection/status", Role::admin, "",
     [routes](const Caller&, const std::string&) { return routes->status("Connection status"); });
  on(calls, "POST", "event-types/sync", Role::admin, "event_types.sync",
     [routes](const Caller& caller, const std::string&) { return routes->sync(caller); });
  on(calls, "POST", "configure-public", Role::admin, "public.configure",
     [routes](const Caller& caller, const std::string& body) { return routes->configure_public(caller, body); });
  on(calls, "POST", "connection/disconnect", Role::super_admin, "connection.disconnect",
     [routes](const Caller& caller, const std::string&) { return routes->disconnect(caller); });
  on(calls, "POST", "webhook", Role::admin, "webhook.subscribe",
     [routes](const Caller& caller, const std::string& body) { return routes->subscribe(caller, body); });
  on(calls, "DELETE", "webhook", Role::admin, "webhook.unsubscribe",
     [routes](const Caller& caller, const std::string&) { return routes->unsubscribe(caller); });
  on(here, "POST", "cache/purge", Role::admin, "cache.purge",
     [routes](const Caller&, const std::string&) { return routes->purge(); });
  on(here, "GET", "cache/stats", Role::admin, "", [routes](const Caller&, const std::string&) { return routes->stats(); });
  on(here, "GET", "assistants", Role::admin, "",
     [routes](const Caller&, const std::string&) { return routes->assistants("What assistants see"); });
  on(here, "POST", "assistants", Role::admin, "assistants.set",
     [routes](const Caller&, const std::string& body) { return routes->set_assistant(body); });
  on(here, "GET", "jwts", Role::admin, "", [routes](const Caller& caller, const std::string&) { return routes->jwts(caller); });
  on(here, "DELETE", "jwts", Role::admin, std::string(kRevoke),
     [routes](const Caller& caller, const std::string&) { return routes->revoke(caller); });
  on(here, "DELETE", "jwts/{id}", Role::admin, std::string(kRevoke),
     [routes](const Caller& caller, const std::string&) { return routes->revoke(caller); });
  on(here, "GET", "audit", Role::admin, "", [routes](const Caller&, const std::string&) { return routes->audit_log(); });
}

}  // namespace slotwire::routes
