#include "proxy/routes/booking_routes.h"

#include <optional>
#include <utility>

#include "proxy/booking/wish_json.h"
#include "proxy/http/replies.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/payer.h"
#include "proxy/secrets/jwt.h"
#include "proxy/text/ascii.h"

namespace slotwire::routes {
namespace {

// Who wants to book: a page whose origin is listed by name, or a program without an Origin if the setting allows it; a server
// with an admin's token; or an unknown client.
enum class Booker { page, server, nobody };

constexpr std::string_view kKey = "Idempotency-Key";

Error wrong_origin() {
  return {ErrorCode::forbidden,
          "Pages of this origin may not book here. Whoever runs this proxy has to list the origin in CALENDLY_ALLOWED_ORIGINS; "
          "\"*\" is for reading only. A server books with an admin's token."};
}

class BookingRoutes {
 public:
  explicit BookingRoutes(BookingRoutesParts parts) : parts_(parts) {}

  http::Step form(const http::Request& request) const {
    const Result<Booker> booker = booker_of(request);
    const Result<std::string> data = parts_.bookings.form(request.path_values.at(0), booker && *booker != Booker::nobody);
    if (!data) return marked(reply_from_error(data.error(), Audience::visitor), request);
    http::Reply reply = success_reply("Booking form retrieved", *data);
    // Whether this page may book can change within minutes, and differs between pages (Vary: Origin).
    reply.headers.set("Cache-Control", "private, max-age=60");
    // The page can solve the challenge while the visitor fills in the form.
    challenge(reply);
    return marked(std::move(reply), request);
  }

  http::Step book(const http::Request& request) const {
    if (const auto json = check_is_json(request); !json) {
      return marked(reply_from_error(json.error(), Audience::visitor), request);
    }
    Result<booking::ReadWish> read = booking::wish_from_json(request.body);
    if (!read) return marked(reply_from_error(read.error(), Audience::visitor), request);
    const Result<Booker> booker = booker_of(request);
    if (!booker) return marked(reply_from({booker.error(), parts_.bookings.not_here(read->wish).data}), request);
    if (*booker == Booker::nobody) return marked(reply_from(refused_here(read->wish)), request);
    if (const auto paid = paid_with_work(request, *booker); !paid) {
      http::Reply reply = reply_from_error(paid.error(), Audience::visitor);
      challenge(reply);
      return marked(std::move(reply), request);
    }
    booking::BookingRequest wanted;
    wanted.is_admin = *booker == Booker::server;
    wanted.wish = std::move(read->wish);
    wanted.problems = std::move(read->problems);
    wanted.key = std::string(request.headers.find(kKey).value_or(""));
    // It is unclear which of two keys is meant, and either could lead to a second booking.
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
  // A page's visitors send no token; a program's token is checked, and its error returned. Errors: unauthorized, forbidden.
  Result<Booker> booker_of(const http::Request& request) const {
    if (parts_.origins.may_write(request)) return Booker::page;
    if (request.headers.find("Origin")) return Booker::nobody;
    const auto shown = request.headers.find("Authorization");
    // Other schemes are for a server in front of us.
    if (!shown || !text::equal_ignoring_case(shown->substr(0, 7), "Bearer "))
      return parts_.without_origin ? Booker::page : Booker::nobody;
    const Result<secrets::Claims> claims = parts_.jwts.admitted(*shown);
    if (!claims) return claims.error();
    if (claims->link || claims->role < secrets::Role::admin)
      return Error{ErrorCode::forbidden, "Booking needs the token of an admin."};
    return Booker::server;
  }

  [[nodiscard]] Result<Done> paid_with_work(const http::Request& request, Booker booker) const {
    if (!parts_.proof.is_asked_for() || booker == Booker::server) return Done{};
    return parts_.proof.check(request.headers.find("Booking-Proof").value_or(""), request.headers.find(kKey).value_or(""),
                              parts_.clock.now());
  }

  void challenge(http::Reply& reply) const {
    if (parts_.proof.is_asked_for()) reply.headers.set("Booking-Challenge", parts_.proof.challenge(parts_.clock.now()));
  }

  // If no page may book, the refusal must not blame this page's origin.
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
