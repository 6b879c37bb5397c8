#pragma once
// Booking inside the page: the booking form and the booking itself.
#include "proxy/access/jwt_list.h"
#include "proxy/booking/booking_proof.h"
#include "proxy/booking/booking_service.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

struct BookingRoutesParts {  // all borrowed; must outlive the router
  booking::BookingService& bookings;
  const http::AllowedOrigins& origins;
  access::JwtList& jwts;
  const time::Clock& clock;
  booking::BookingProof proof;  // required from clients without a JWT
  bool without_origin = false;  // clients that send no Origin (programs, not browsers) may book
};

// Adds /api/app/calendly/booking-form/{eventType} and /api/app/calendly/bookings to `router`. Preflights are answered as for all
// public calls (public_routes.h).
void add_booking_routes(http::Router& router, BookingRoutesParts parts);

}  // namespace slotwire::routes
