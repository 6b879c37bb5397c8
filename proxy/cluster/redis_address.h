#pragma once
// Redis's address and credentials, from redis://[[user]:password@]host[:port][/database].
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/result.h"

namespace slotwire::cluster {

struct RedisAddress {
  std::string host;
  int port = 6379;
  std::string user;  // empty: Redis's default user
  secrets::SecretString password;
  int database = 0;
};

// Errors: bad_input naming CALENDLY_REDIS_URL; never repeats the text, which may hold a password.
[[nodiscard]] Result<RedisAddress> redis_address_from_text(std::string_view text);

}  // namespace slotwire::cluster
