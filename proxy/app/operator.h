#pragma once
// Shared by the commands for the account: a Core that logs little, and audit entries in the operator's name.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/app/core.h"
#include "proxy/settings/settings.h"
#include "shared/result.h"

namespace slotwire::app {

inline constexpr std::string_view kOperator = "command line";

// What a command does without an existing database. A new one made by accident in the wrong folder would not be the proxy's.
enum class NoDatabase { refuse, make };

// Opens a Core that only logs warnings and errors, since other lines would hide a command's output. Errors: storage_failed when
// there is no database and none may be made; those of check_database_owner and Core::open.
[[nodiscard]] Result<std::unique_ptr<Core>> quiet_core(const settings::Settings& settings,
                                                       NoDatabase missing = NoDatabase::refuse);

// Writes the action to the audit log: a user who can run this program on its database may do anything, but it is recorded.
// nullptr: success.
void record_action(Core& core, const std::string& action, const Error* error);
template <class T>
void record_action(Core& core, const std::string& action, const Result<T>& outcome) {
  record_action(core, action, outcome ? nullptr : &outcome.error());
}

[[nodiscard]] std::string text_or_dash(const std::optional<Instant>& instant);

}  // namespace slotwire::app
