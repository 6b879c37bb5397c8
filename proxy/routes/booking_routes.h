#pragma once
// Booking inside the page: what an event type asks, and the booking itself.
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
  booking::BookingProof proof;  // asked of whoever shows no JWT
  bool without_origin = false;  // whoever sends no Origin, which is whoever is no browser, may book
};

// /api/app/calendly/booking-form/{eventType} and /api/app/calendly/bookings on `router`. Preflights are answered as for all
// public calls (public_routes.h).
void add_booking_routes(http::Router& router, BookingRoutesParts parts);

}  // namespace slotwire::routes
