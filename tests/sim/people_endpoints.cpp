// Endpoints for organization memberships and no-shows.
#include <array>

#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::array<std::string_view, 2> kOwners = {"organization", "user"};
constexpr std::string_view kMembership = "MEMBAAAAAAAAAAAA";

Json json_from_membership(const World& world) {
  Json user = json_from_user(world.account, world.page_base);
  for (const char* only_of_users : {"current_organization", "resource_type", "time_notation", "locale"})
    user.erase(only_of_users);
  return {{"uri", uri_of("organization_memberships", kMembership)},
          {"role", "owner"},
          {"user", user},
          {"organization", world.account.organization_uri()},
          {"created_at", user["created_at"]},
          {"updated_at", user["updated_at"]}};
}

Answer memberships(Call& call) {
  if (auto refusal = wrong_owner(call, kOwners)) return *refusal;
  return paged(call, "organization_memberships", Json::array({json_from_membership(call.world)}));
}

Answer membership(Call& call) {
  if (call.request.matches[1].str() != kMembership) return resource_not_found();
  return answer_from(200, {{"resource", json_from_membership(call.world)}});
}

Json json_from_no_show(const ScheduledEvent& event, const Invitee& invitee) {
  return {{"uri", uri_of("invitee_no_shows", invitee.no_show->uuid)},
          {"invitee", uri_of(event, invitee)},
          {"created_at", calendly_text_from_instant(invitee.no_show->at)}};
}

Answer create_no_show(Call& call) {
  World& world = call.world;
  const std::string uri = text_of(call.body, "invitee");
  const auto [event, invitee] = world.ledger.find_invitee(uri.substr(uri.rfind('/') + 1));
  if (event == nullptr || uri != uri_of(*event, *invitee)) return invalid_arguments({{"invitee", "is invalid"}});
  if (!invitee->no_show) invitee->no_show = NoShow{world.ledger.next_uuid("NOSH"), world.clock.now()};
  return answer_from(201, {{"resource", json_from_no_show(*event, *invitee)}});
}

Answer no_show(Call& call) {
  const auto [event, invitee] = call.world.ledger.find_no_show(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  return answer_from(200, {{"resource", json_from_no_show(*event, *invitee)}});
}

Answer delete_no_show(Call& call) {
  const auto [event, invitee] = call.world.ledger.find_no_show(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  invitee->no_show.reset();
  return Answer{.status = 204, .body = ""};
}

constexpr Endpoint kEndpoints[] = {
    {"memberships", "GET", "/organization_memberships", "organizations:read", memberships},
    {"membership", "GET", "/organization_memberships/([A-Za-z0-9_-]+)", "organizations:read", membership},
    {"no_show_create", "POST", "/invitee_no_shows", "scheduled_events:write", create_no_show},
    {"no_show", "GET", "/invitee_no_shows/([A-Za-z0-9_-]+)", "scheduled_events:read", no_show},
    {"no_show_delete", "DELETE", "/invitee_no_shows/([A-Za-z0-9_-]+)", "scheduled_events:write", delete_no_show},
};

}  // namespace

std::span<const Endpoint> people_endpoints() { return kEndpoints; }

}  // namespace slotwire::sim
