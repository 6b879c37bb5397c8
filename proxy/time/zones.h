#pragma once
// IANA time zones as tables of offsets, from the machine's tz database.
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "shared/result.h"
#include "shared/zone_offsets.h"

namespace slotwire::time {

class Zones {
 public:
  // Shared by all callers of the same name; covers the years 2000 to 2100. Any thread. Errors: invalid_date_range with the field
  // "timezone" for a name the database does not have.
  [[nodiscard]] Result<std::shared_ptr<const ZoneOffsets>> find(std::string_view name) const;

 private:
  mutable std::shared_mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const ZoneOffsets>, std::less<>> known_;
};

}  // namespace slotwire::time
