#pragma once
// The booking pages of scheduling links: profile, event type, one time with a form, cancellation. They post the window messages
// of Calendly's own pages if the address requests it (embed_domain, embed_type; checked 2026-11).
#include <httplib.h>

#include "tests/sim/world.h"

namespace slotwire::sim {

void add_page_routes(httplib::Server& server, World& world);

}  // namespace slotwire::sim
