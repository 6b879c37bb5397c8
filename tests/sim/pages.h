#pragma once
// The booking pages that scheduling links lead to: profile, event type, one time with a form, cancellation. They post the
// window messages of Calendly's own pages when the address asks for it (embed_domain, embed_type; checked 2026-11).
#include <httplib.h>

#include "tests/sim/world.h"

namespace slotwire::sim {

void add_page_routes(httplib::Server& server, World& world);

}  // namespace slotwire::sim
