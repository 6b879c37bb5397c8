#include "proxy/routes/booking_routes.h"

#include <optional>
#include <utility>

#include "proxy/http/replies.h"
#include "proxy/routes/bodies.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/payer.h"
#include "proxy/secrets/jwt.h"

namespace slotwire::routes {
namespace {

// Who asks to book: a page whose origin is listed by name, a server that shows an admin's token, or nobody who is known.
enum class Booker { page, server, nobody };

Error wrong_origin() {
  return {ErrorCode::forbidden,
          "Pages of this origin may not book here. Whoever runs this proxy has to list the origin in CALENDLY_ALLOWED_ORIGINS; "
          "\"*\" is for reading only. A server books with an admin's token."};
}

class BookingRoutes {
 public:
  explicit BookingRoutes(BookingRoutesParts parts) : parts_(parts) {}

  http::Step form(const http::Request& request) const {
    const Result<std::string> data = parts_.bookings.form(request.path_values.at(0), booker_of(request) != Booker::nobody);
    if (!data) return marked(reply_from_error(data.error(), Audience::visitor), request);
    http::Reply reply = success_reply("Booking form retrieved", *data);
    // Whether it may be booked from here can change within minutes, and differs from page to page (Vary: Origin).
    reply.headers.set("Cache-Control", "private, max-age=60");
    return marked(std::move(reply), request);
  }

  http::Step book(const http::Request& request) const {
    const Booker booker = booker_of(request);
    if (const auto json = check_is_json(request); !json) {
      return marked(reply_from_error(json.error(), Audience::visitor), request);
    }
    Result<ReadWish> read = booking_wish_from_body(request.body);
    if (!read) return marked(reply_from_error(read.error(), Audience::visitor), request);
    if (const auto wrong = wrong_token(request)) {
      return marked(reply_from({*wrong, parts_.bookings.not_here(read->wish).data}), request);
    }
    if (booker == Booker::nobody) return marked(reply_from(refused_here(read->wish)), request);
    booking::BookingRequest wanted;
    wanted.is_admin = booker == Booker::server;
    wanted.wish = std::move(read->wish);
    wanted.problems = std::move(read->problems);
    constexpr std::string_view kKey = "Idempotency-Key";
    wanted.key = std::string(request.headers.find(kKey).value_or(""));
    // Which of two is meant nobody can tell, and taking either could book a second time.
    if (request.headers.count(kKey) > 1) wanted.problems.push_back({std::string(kKey), "is given more than once"});
    wanted.client = request.client;
    wanted.payer = payer_of(request);
    wanted.request_id = request.id;
    return http::Later([this, wanted = std::move(wanted), headers = request.headers](std::function<void(http::Reply)> done) {
      parts_.bookings.book(wanted, [this, headers, done = std::move(done)](const booking::BookingAnswer& answer) {
        http::Request by;
        by.headers = headers;
        done(marked(reply_from(answer), by));
      });
    });
  }

 private:
  Booker booker_of(const http::Request& request) const {
    if (parts_.origins.may_write(request)) return Booker::page;
    if (request.headers.find("Origin")) return Booker::nobody;
    const Result<secrets::Claims> claims = parts_.jwts.admitted(request.headers.find("Authorization").value_or(""));
    if (claims && !claims->link && claims->role >= secrets::Role::admin) return Booker::server;
    return parts_.without_origin ? Booker::page : Booker::nobody;
  }

  // Of a program: a page's visitors show no token. Whoever's was revoked is told that, and nothing of origins.
  std::optional<Error> wrong_token(const http::Request& request) const {
    const auto shown = request.headers.find("Authorization");
    if (!shown || request.headers.find("Origin")) return std::nullopt;
    const Result<secrets::Claims> claims = parts_.jwts.admitted(*shown);
    if (!claims) return claims.error();
    if (!claims->link && claims->role >= secrets::Role::admin) return std::nullopt;
    return Error{ErrorCode::forbidden, "Booking needs the token of an admin."};
  }

  // Where no page may book, nothing is wrong with this one in particular.
  booking::BookingAnswer refused_here(const booking::BookingWish& wish) const {
    booking::BookingAnswer answer = parts_.bookings.not_here(wish);
    if (parts_.origins.has_names() && answer.error->code == ErrorCode::booking_not_available) answer.error = wrong_origin();
    return answer;
  }

  http::Reply marked(http::Reply reply, const http::Request& request) const {
    parts_.origins.mark(request, reply);
    return reply;
  }

  static http::Reply reply_from(const booking::BookingAnswer& answer) {
    if (answer.error) return reply_from_error(*answer.error, Audience::visitor, answer.data);
    http::Reply reply = success_reply("Booked", answer.data);
    reply.status = 201;
    return reply;
  }

  BookingRoutesParts parts_;
};

}  // namespace

void add_booking_routes(http::Router& router, BookingRoutesParts parts) {
  const auto routes = std::make_shared<BookingRoutes>(parts);
  router.on("GET", "/api/app/calendly/booking-form/{eventType}",
            [routes](const http::Request& request) { return routes->form(request); });
  router.on("POST", "/api/app/calendly/bookings", [routes](const http::Request& request) { return routes->book(request); });
}

}  // namespace slotwire::routes
