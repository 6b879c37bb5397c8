#pragma once
// The next free times as a block for a mail: HTML of tables with inline styles, which mail programs preserve, or plain text.
// Pure; any thread.
#include <string>

#include "proxy/pages/times.h"
#include "shared/slot.h"

namespace slotwire::pages {

struct MailBlock {
  const Language& language;
  EventType type;
  Times times;
  bool is_hosts_zone = false;
  std::string all_times = {};  // the address of the page with all times
  std::string as_of = {};      // "Monday, January 5, 9:30 AM": when the times were free, since a mail is read later
  std::string until = {};      // the last day that was searched
};

// Some times of each of the next few days that have free times.
[[nodiscard]] std::string html_from_mail(const MailBlock& block);
[[nodiscard]] std::string text_from_mail(const MailBlock& block);

}  // namespace slotwire::pages
