#include "proxy/routes/booking_routes.h"

#include <utility>

#include "proxy/http/replies.h"
#include "proxy/routes/bodies.h"
#include "proxy/routes/envelope.h"

namespace slotwire::routes {

using http::Reply;
using http::Request;

namespace {

Error wrong_origin() {
  return {ErrorCode::forbidden,
          "Pages of this origin may not book here. Whoever runs this proxy has to list the origin in CALENDLY_ALLOWED_ORIGINS; "
          "\"*\" is for reading only."};
}

class BookingRoutes {
 public:
  explicit BookingRoutes(BookingRoutesParts parts) : parts_(parts) {}

  http::Step form(const Request& request) const {
    const Result<std::string> data = parts_.bookings.form(request.path_values.at(0), parts_.origins.may_write(request));
    if (!data) return marked(reply_from_error(data.error(), Audience::visitor), request);
    Reply reply = success_reply("Booking form retrieved", *data);
    // Whether it may be booked from here can change within minutes, and differs from page to page (Vary: Origin).
    reply.headers.set("Cache-Control", "private, max-age=60");
    return marked(std::move(reply), request);
  }

  http::Step book(const Request& request) const {
    if (!parts_.origins.may_write(request)) return marked(reply_from_error(wrong_origin(), Audience::visitor), request);
    if (const auto json = check_is_json(request); !json) {
      return marked(reply_from_error(json.error(), Audience::visitor), request);
    }
    Result<ReadWish> read = booking_wish_from_body(request.body);
    if (!read) return marked(reply_from_error(read.error(), Audience::visitor), request);
    booking::BookingRequest wanted;
    wanted.wish = std::move(read->wish);
    wanted.problems = std::move(read->problems);
    constexpr std::string_view kKey = "Idempotency-Key";
    wanted.key = std::string(request.headers.find(kKey).value_or(""));
    // Which of two is meant nobody can tell, and taking either could book a second time.
    if (request.headers.count(kKey) > 1) wanted.problems.push_back({std::string(kKey), "is given more than once"});
    wanted.client = request.client;
    wanted.request_id = request.id;
    return http::Later([this, wanted = std::move(wanted), headers = request.headers](std::function<void(Reply)> done) {
      parts_.bookings.book(wanted, [this, headers, done = std::move(done)](const booking::BookingAnswer& answer) {
        Request by;
        by.headers = headers;
        done(marked(reply_from(answer), by));
      });
    });
  }

  // nullopt: go on.
  std::optional<Reply> over_limit(const Request& request) const {
    const auto wait = parts_.limits.take(request.client, parts_.clock.tick());
    if (!wait) return std::nullopt;
    const Error error{ErrorCode::too_many_requests, "Too many requests from here; try again shortly.", {}, *wait};
    return marked(reply_from_error(error, Audience::visitor), request);
  }

 private:
  Reply marked(Reply reply, const Request& request) const {
    parts_.origins.mark(request, reply);
    return reply;
  }

  static Reply reply_from(const booking::BookingAnswer& answer) {
    if (answer.error) return reply_from_error(*answer.error, Audience::visitor, answer.data);
    Reply reply = success_reply("Booked", answer.data);
    reply.status = 201;
    return reply;
  }

  BookingRoutesParts parts_;
};

}  // namespace

void add_booking_routes(http::Router& router, BookingRoutesParts parts) {
  const auto routes = std::make_shared<BookingRoutes>(parts);
  const auto limited = [routes](auto handler) {
    return [routes, handler](const Request& request) -> http::Step {
      if (std::optional<Reply> refusal = routes->over_limit(request)) return std::move(*refusal);
      return handler(request);
    };
  };
  router.on("GET", "/api/app/calendly/booking-form/{eventType}",
            limited([routes](const Request& request) { return routes->form(request); }));
  router.on("POST", "/api/app/calendly/bookings", limited([routes](const Request& request) { return routes->book(request); }));
}

}  // namespace slotwire::routes
