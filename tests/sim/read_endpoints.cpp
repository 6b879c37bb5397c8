#include <algorithm>
#include <array>
#include <vector>

#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::array<std::string_view, 2> kOwners = {"user", "organization"};

Answer users_me(Call& call) { return answer_from(200, {{"resource", json_from_user(call.world.account, call.world.page_base)}}); }

Answer user(Call& call) {
  if (call.request.matches[1].str() != call.world.account.user_uuid) return resource_not_found();
  return users_me(call);
}

Answer event_types(Call& call) {
  if (auto refusal = wrong_owner(call, kOwners)) return *refusal;
  const std::string active = call.parameter("active");
  std::vector<const EventTypeRecord*> listed;
  for (const EventTypeRecord& type : call.world.account.event_types) {
    if (active.empty() || type.active == (active == "true")) listed.push_back(&type);
  }
  return paged(call, "event_types", listed.size(), [&](std::size_t at) {
    return json_from_event_type(*listed[at], call.world.account, call.world.page_base, static_cast<int>(at));
  });
}

Answer event_type(Call& call) {
  const EventTypeRecord* type = call.world.account.find_event_type(call.request.matches[1].str());
  if (type == nullptr) return resource_not_found();
  return answer_from(200, {{"resource", json_from_event_type(*type, call.world.account, call.world.page_base, 0)}});
}

Answer update_event_type(Call& call) {
  auto& types = call.world.account.event_types;
  const auto type = std::ranges::find(types, call.request.matches[1].str(), &EventTypeRecord::uuid);
  if (type == types.end()) return resource_not_found();
  const Json name = call.body.value("name", Json(type->name));
  if (!name.is_string() || name.get<std::string>().empty()) {
    return invalid_argument(call.world.account.error_text, "name", "name must not be empty");
  }
  type->name = name.get<std::string>();
  return event_type(call);
}

constexpr Endpoint kEndpoints[] = {
    {"users_me", "GET", "/users/me", "users:read", users_me},
    {"user", "GET", "/users/([A-Za-z0-9_-]+)", "users:read", user},
    {"event_types", "GET", "/event_types", "event_types:read", event_types},
    {"event_type", "GET", "/event_types/([A-Za-z0-9_-]+)", "event_types:read", event_type},
    {"event_type_update", "PATCH", "/event_types/([A-Za-z0-9_-]+)", "event_types:write", update_event_type},
};

}  // namespace

std::span<const Endpoint> read_endpoints() { return kEndpoints; }

std::string uuid_of(std::string_view uri, std::string_view collection) {
  const std::string prefix = uri_of(collection, "");
  return uri.starts_with(prefix) ? std::string(uri.substr(prefix.size())) : std::string();
}

std::string text_of(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<Answer> wrong_owner(const Call& call, std::span<const std::string_view> names) {
  const Account& account = call.world.account;
  std::vector<Complaint> unnamed;
  for (const std::string_view name : names) {
    const std::string uri = call.parameter(std::string(name).c_str());
    if (!uri.empty() && uri != account.user_uri() && uri != account.organization_uri()) return permission_denied();
    if (uri.empty()) unnamed.push_back({std::string(name), {}});
  }
  if (unnamed.size() < names.size()) return std::nullopt;
  std::ranges::sort(unnamed, {}, &Complaint::parameter);
  std::string alternatives = unnamed.front().parameter;
  if (unnamed.size() == 3) alternatives = "organization, group or user";
  if (unnamed.size() == 2) alternatives = "organization or user";
  for (Complaint& complaint : unnamed) complaint.text = "At least one of " + alternatives + " must be filled";
  return invalid_arguments(unnamed);
}

std::string scheduling_url_of(const World& world, const EventTypeRecord& type, Instant start) {
  const std::string text = text_from_instant(start);
  const std::string page = page_of(type, world.account, world.page_base) + "/" + text;
  if (world.account.plain_times) return page;
  return page + "?month=" + text.substr(0, 7) + "&date=" + text.substr(0, 10);
}

}  // namespace slotwire::sim
