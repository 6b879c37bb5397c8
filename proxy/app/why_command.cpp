#include "proxy/app/why_command.h"

#include <cstdio>
#include <future>
#include <iostream>

#include "proxy/app/commands.h"
#include "proxy/app/operator.h"
#include "proxy/routes/why_json.h"
#include "proxy/why/why_service.h"

namespace slotwire::app {
namespace {

// "24:00" for the end of a day, since "00:00" would look like its begin.
std::string clock_text(const ZoneOffsets& zone, Instant instant, bool is_end) {
  auto minutes = std::chrono::floor<std::chrono::minutes>(zone.local_time_of(instant)).count();
  if (is_end && minutes == 0) minutes = 24 * 60;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text;
}

void print_answer(const why::WhyAnswer& answer, const ZoneOffsets& zone) {
  const why::Verdict& verdict = answer.verdict;
  const std::string name = answer.event_type_name.empty() ? "No event type" : answer.event_type_name;
  std::cout << name << ", " << text_from_day(answer.day) << ", " << answer.timezone << '\n';
  if (answer.was_copy_behind) std::cout << "Until now visitors were shown none, from a copy of some minutes ago.\n";
  if (verdict.free.empty()) {
    std::cout << "No free times.\n";
  } else {
    std::cout << "Free:";
    for (const Instant start : verdict.free) std::cout << ' ' << clock_text(zone, start, false);
    std::cout << '\n';
  }
  int number = 0;
  for (const why::Reason& reason : verdict.reasons) {
    std::cout << '\n'
              << ++number << ". " << reason.message << " (" << name_from_cause(reason.cause) << ", "
              << name_from_certainty(reason.certainty) << ")\n   " << reason.action << '\n';
  }
  for (const why::Unread& unread : verdict.unread) {
    std::cout << "\nCould not be read: " << unread.what << ". " << unread.why.detail << '\n';
  }
  std::cout << '\n';
  for (const why::TimelinePiece& piece : verdict.timeline) {
    std::cout << "  " << clock_text(zone, piece.time.begin, false) << " - " << clock_text(zone, piece.time.end, true) << "  "
              << name_from_piece(piece.piece) << '\n';
  }
}

}  // namespace

int show_why(const settings::Settings& settings, const WhyAsked& asked) {
  auto opened = quiet_core(settings);
  if (!opened) return failed(opened.error());
  Core& core = **opened;
  std::promise<Result<why::WhyAnswer>> promise;
  core.why->ask({asked.event_type, asked.date, asked.timezone},
                [&promise](Result<why::WhyAnswer> answer) { promise.set_value(std::move(answer)); });
  const Result<why::WhyAnswer> answer = promise.get_future().get();
  if (!answer) return failed(answer.error());
  if (asked.json) {
    std::cout << routes::json_from_why(*answer) << '\n';
    return 0;
  }
  const auto zone = core.zones.find(answer->timezone);
  if (!zone) return failed(zone.error());
  print_answer(*answer, **zone);
  return 0;
}

}  // namespace slotwire::app
