#pragma once
// What the commands that touch the account have in common: a quiet Core, and the audit log in the operator's name.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/app/core.h"
#include "proxy/settings/settings.h"
#include "shared/result.h"

namespace slotwire::app {

inline constexpr std::string_view kOperator = "command line";

// What becomes of a command that finds no database: one made by accident, in the wrong folder, answers for nobody's proxy.
enum class NoDatabase { refuse, make };

// Commands speak to a person: log lines below a warning would drown their answer. Errors: storage_failed where there is no
// database and none is to be made; as Core::open.
[[nodiscard]] Result<std::unique_ptr<Core>> quiet_core(const settings::Settings& settings,
                                                       NoDatabase missing = NoDatabase::refuse);

// Who may run this program on its database may do anything; what they did is written down all the same. nullptr: it went well.
void noted(Core& core, const std::string& action, const Error* error);
template <class T>
void noted(Core& core, const std::string& action, const Result<T>& outcome) {
  noted(core, action, outcome ? nullptr : &outcome.error());
}

[[nodiscard]] std::string text_or_dash(const std::optional<Instant>& instant);

}  // namespace slotwire::app
