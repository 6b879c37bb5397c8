#include "tests/sim/answer.h"

namespace slotwire::sim {

Answer answer_from(int status, const Json& body) {
  return Answer{.status = status, .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Answer problem(int status, std::string_view title, std::string_view message) {
  return answer_from(status, {{"title", title}, {"message", message}});
}

Answer invalid_argument(ErrorTextPlace place, std::string_view parameter, std::string_view text) {
  if (place == ErrorTextPlace::message) return problem(400, "Invalid Argument", text);
  return invalid_arguments({{std::string(parameter), std::string(text)}});
}

Answer invalid_arguments(const std::vector<Complaint>& complaints) {
  Json details = Json::array();
  for (const Complaint& complaint : complaints) {
    Json detail = {{"parameter", complaint.parameter}, {"message", complaint.text}};
    if (!complaint.code.empty()) detail["code"] = complaint.code;
    details.push_back(std::move(detail));
  }
  return answer_from(400,
                     {{"title", "Invalid Argument"}, {"message", "The supplied parameters are invalid."}, {"details", details}});
}

Answer unauthenticated() { return problem(401, "Unauthenticated", "The access token is invalid"); }

Answer resource_not_found() { return problem(404, "Resource Not Found", "The server could not find the requested resource."); }

Answer insufficient_scope(const std::vector<std::string>& required_scopes) {
  return answer_from(403, {{"title", "Insufficient scope"},
                           {"message", "The access token does not have the scopes that this request needs."},
                           {"required_scopes", required_scopes}});
}

Answer permission_denied() { return problem(403, "Permission Denied", "You do not have permission to access this resource."); }

Answer html_problem(int status) {
  const std::string number = std::to_string(status);
  return Answer{.status = status,
                .body = "<html>\n<head><title>" + number + "</title></head>\n<body><center><h1>" + number +
                        "</h1></center><hr><center>edge</center></body>\n</html>\n",
                .content_type = "text/html; charset=UTF-8"};
}

}  // namespace slotwire::sim
