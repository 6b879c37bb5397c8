#include "proxy/cluster/alone.h"

#include "shared/window_plan.h"

namespace slotwire::cluster {

Claimed Alone::claim(const ClaimTerms& terms) {
  std::vector<Day> days;
  for (const WantedDay& wanted : terms.days) days.push_back(wanted.day);
  Claimed claimed;
  if (auto windows = windows_covering(days, terms.longest_window)) claimed.windows = std::move(*windows);
  return claimed;
}

}  // namespace slotwire::cluster
