#include "tests/proxy/fakes.h"

#include "shared/calendar.h"

namespace slotwire::tests {
namespace {

std::string parameter_of(const std::string& target, const std::string& name) {
  const std::size_t at = target.find(name + "=");
  if (at == std::string::npos) return {};
  std::string text = target.substr(at + name.size() + 1);
  text = text.substr(0, text.find('&'));
  for (std::size_t colon = text.find("%3A"); colon != std::string::npos; colon = text.find("%3A")) text.replace(colon, 3, ":");
  return text;
}

}  // namespace

std::pair<std::string, std::string> asked_bounds(const std::string& target) {
  return {parameter_of(target, "start_time"), parameter_of(target, "end_time")};
}

calendly::Exchange usual_answer(const calendly::UpstreamRequest& request) {
  if (request.target == "/users/me") {
    return upstream(200, R"({"resource":{"uri":"https://api.calendly.com/users/U","name":"Ada","slug":"ada","email":"a@b.c",
      "scheduling_url":"https://calendly.com/ada","timezone":"UTC","current_organization":"https://api.calendly.com/organizations/O"}})");
  }
  if (request.target.starts_with("/event_types?")) {
    return upstream(200, R"({"collection":[{"uri":"https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA","name":"Half an hour",
      "slug":"30min","active":true,"duration":30,"duration_options":null,"scheduling_url":"https://calendly.com/ada/30min",
      "color":"#0069ff","description_plain":"","internal_note":"not for you","kind":"solo","secret":false,"locale":"en"}],
      "pagination":{"count":1,"next_page":null,"next_page_token":null}})");
  }
  if (request.target.starts_with("/user_availability_schedules")) return upstream(200, R"({"collection":[]})");
  if (request.target.starts_with("/event_type_available_times")) {
    const auto [first, last] = asked_bounds(request.target);
    const Instant begin = instant(first);
    const Instant end = instant(last);
    std::string body = R"({"collection":[)";
    for (Day day = utc_day_of(begin); Instant(day) < end; day += std::chrono::days(1)) {
      const Instant start = Instant(day) + std::chrono::hours(14);
      if (start < begin || start >= end) continue;
      if (!body.ends_with('[')) body += ',';
      body += R"({"status":"available","invitees_remaining":1,"start_time":")" + calendly_text_from_instant(start) +
              R"(","scheduling_url":"https://calendly.com/ada/30min/)" + text_from_day(day) + "\"}";
    }
    return upstream(200, body + "]}");
  }
  return upstream(404, R"({"title":"Resource Not Found","message":"no"})");
}

}  // namespace slotwire::tests
