#pragma once
// The next free times as a block for a mail: HTML of tables with inline styles, which is what mail programs keep, or plain text.
// Pure; any thread.
#include <string>

#include "proxy/pages/times.h"
#include "shared/slot.h"

namespace slotwire::pages {

struct MailBlock {
  EventType type;
  Times times;
  std::string written_at;  // "9:30 AM on Monday, January 5": a mail is read later
};

// A few times of the next few days that have any.
[[nodiscard]] std::string html_from_mail(const MailBlock& block);
[[nodiscard]] std::string text_from_mail(const MailBlock& block);

[[nodiscard]] std::string clock_and_day(Instant instant, const ZoneOffsets& zone);

}  // namespace slotwire::pages
