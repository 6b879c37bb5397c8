#include "proxy/app/operator.h"

#include <iostream>

#include "proxy/app/database_owner.h"
#include "proxy/routes/audit.h"
#include "proxy/store/database_file.h"

namespace slotwire::app {

Result<std::unique_ptr<Core>> quiet_core(const settings::Settings& settings, NoDatabase missing) {
  if (const auto owned = check_database_owner(settings.database_url.reveal()); !owned) return owned.error();
  if (const auto file = store::file_to_be_made(settings.database_url.reveal())) {
    if (missing == NoDatabase::refuse)
      return Error{
          ErrorCode::storage_failed,
          "There is no database at " + *file +
              ". Run this where the proxy runs, or with its CALENDLY_DATABASE_URL; a new one is made by `slotwire serve` or "
              "`slotwire token set`."};
    if (auto obstacle = store::obstacle_to(settings.database_url.reveal()))
      return Error{ErrorCode::storage_failed, std::move(*obstacle)};
    std::cerr << "A new database is made at " << *file << ".\n";
  }
  settings::Settings quiet;
  quiet.log_level = log::LogLevel::warning;
  quiet.jwt_secret = settings.jwt_secret.clone();
  quiet.api_base_url = settings.api_base_url;
  quiet.webhook_signing_key = settings.webhook_signing_key.clone();
  quiet.database_url = settings.database_url.clone();
  quiet.slots_cache_ttl = settings.slots_cache_ttl;
  quiet.stale_ttl = settings.stale_ttl;
  quiet.window = settings.window;
  quiet.cache_max_mb = settings.cache_max_mb;
  for (const secrets::SecretString& key : settings.encryption_keys) quiet.encryption_keys.push_back(key.clone());
  return Core::open(quiet);
}

void record_action(Core& core, const std::string& action, const Error* error) {
  const routes::SignedCall by_operator{{std::string(kOperator), secrets::Role::super_admin, {}}, {}, {}};
  routes::audit(*core.store, core.log, core.clock.now(), by_operator, action, error ? name_from_code(error->code) : "ok");
}

std::string text_or_dash(const std::optional<Instant>& instant) {
  return instant ? text_from_instant(std::chrono::floor<std::chrono::seconds>(*instant)) : "-";
}

}  // namespace slotwire::app
