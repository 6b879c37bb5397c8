#include "proxy/app/places.h"

#include "proxy/settings/whole_file.h"
#include "proxy/store/database_file.h"

namespace slotwire::app {

std::vector<settings::Problem> problems_with_places(const settings::Settings& given) {
  constexpr std::size_t kLargestPem = 1024 * 1024;
  std::vector<settings::Problem> problems;
  if (const auto obstacle = store::obstacle_to(given.database_url.reveal()))
    problems.push_back({"CALENDLY_DATABASE_URL", "cannot be used. " + *obstacle});
  const auto check_pem = [&problems](const char* name, const std::string& path) {
    if (path.empty()) return;
    if (const auto text = settings::whole_file(path, kLargestPem, settings::Kinds::regular); !text)
      problems.push_back({name, "names " + path + ", which " + text.error().detail});
  };
  check_pem("CALENDLY_TLS_CERT", given.tls_certificate_path);
  check_pem("CALENDLY_TLS_KEY", given.tls_key_path);
  if (given.metrics_port != 0 && given.metrics_port == given.port)
    problems.push_back(
        {"METRICS_PORT", "is the same as PORT, " + std::to_string(given.port) + "; give it another, or 0 for none"});
  return problems;
}

}  // namespace slotwire::app
