#pragma once
// An answer of the simulator as a value, and Calendly's error bodies.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slotwire::sim {

using Json = nlohmann::json;

struct Answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

[[nodiscard]] Answer answer_from(int status, const Json& body);

// A body with {"title","message"} only.
[[nodiscard]] Answer problem(int status, std::string_view title, std::string_view message);

// Where a 400 has its text. Calendly's documentation does not say (checked 2026-11), so tests choose.
enum class ErrorTextPlace { message, details };

// 400 Invalid Argument about one parameter.
[[nodiscard]] Answer invalid_argument(ErrorTextPlace place, std::string_view parameter, std::string_view text);
// 400 Invalid Argument with several details, as recorded from POST /invitees and lists: parameter, text, code or "".
struct Complaint {
  std::string parameter;
  std::string text;
  std::string code = {};
};
[[nodiscard]] Answer invalid_arguments(const std::vector<Complaint>& complaints);
[[nodiscard]] Answer unauthenticated();
[[nodiscard]] Answer resource_not_found();
[[nodiscard]] Answer insufficient_scope(const std::vector<std::string>& required_scopes);
[[nodiscard]] Answer permission_denied();
// An edge server's error page when the API is not reachable.
[[nodiscard]] Answer html_problem(int status);

}  // namespace slotwire::sim
