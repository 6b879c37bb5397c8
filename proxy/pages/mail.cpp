#include "proxy/pages/mail.h"

#include <algorithm>
#include <span>

#include "proxy/pages/html.h"
#include "proxy/pages/words.h"

namespace slotwire::pages {
namespace {

constexpr std::size_t kMostDays = 5;
constexpr std::size_t kMostTimes = 6;  // of a day
constexpr std::size_t kTimesInRow = 3;

std::span<const FreeDay> days_shown(const Times& times) {
  return std::span(times.free).first(std::min(times.free.size(), kMostDays));
}

// Spread over the day, the first and the last among them: the morning alone would not do.
std::vector<const FreeTime*> times_shown(const FreeDay& day) {
  std::vector<const FreeTime*> shown;
  const std::size_t count = std::min(day.times.size(), kMostTimes);
  for (std::size_t i = 0; i < count; ++i) shown.push_back(&day.times[count < 2 ? 0 : i * (day.times.size() - 1) / (count - 1)]);
  return shown;
}

std::string title_of(const EventType& type) {
  return one_line_of(type.name, 200) + (type.host.empty() ? "" : " with " + one_line_of(type.host, 200));
}

std::string when_written(const MailBlock& block) {
  std::string text = "Free as of " + block.written_at;
  if (block.times.age) text = "These times were " + age_text(*block.times.age) + " old at " + block.written_at;
  return text + ". Someone else may take a time first.";
}

std::string nothing_to_show(const Times& times) {
  return times.is_complete ? "No time is free in the next two weeks." : "Free times could not be looked up just now.";
}

std::string facts_of(const MailBlock& block) {
  return length_text(block.type.duration) + ", times in " + zone_text(block.times.zone);
}

}  // namespace

std::string clock_and_day(Instant instant, const ZoneOffsets& zone) {
  return clock_text(instant, zone) + " on " + day_text(zone.local_day_of(instant));
}

std::string html_from_mail(const MailBlock& block) {
  Html out;
  out << "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;"
         "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;color:#171b22;\">\n"
         "<tr><td style=\"padding:0 0 2px 0;font-size:18px;line-height:26px;font-weight:bold;\">";
  out.text(title_of(block.type)) << "</td></tr>\n<tr><td style=\"padding:0 0 12px 0;color:#566070;\">";
  out.text(facts_of(block)) << "</td></tr>\n";
  for (const FreeDay& day : days_shown(block.times)) {
    out << "<tr><td style=\"padding:6px 0 4px 0;font-weight:bold;\">";
    out.text(day_text(day.day))
        << "</td></tr>\n<tr><td style=\"padding:0 0 8px 0;\"><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
           "border=\"0\" style=\"border-collapse:collapse;\">";
    const std::vector<const FreeTime*> times = times_shown(day);
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (i % kTimesInRow == 0) out << (i == 0 ? Html::Source("<tr>") : Html::Source("</tr><tr>"));
      out << "<td style=\"padding:0 8px 8px 0;\"><a";
      out.address("href", times[i]->url)
          << " style=\"display:inline-block;padding:8px 14px;border:1px solid #2257d6;border-radius:6px;color:#2257d6;"
             "text-decoration:none;white-space:nowrap;\">";
      out.text(times[i]->clock) << "</a></td>";
    }
    out << "</tr></table></td></tr>\n";
  }
  if (block.times.free.empty())
    (out << "<tr><td style=\"padding:0 0 8px 0;\">").text(nothing_to_show(block.times)) << "</td></tr>\n";
  out << "<tr><td style=\"padding:4px 0 0 0;\"><a";
  out.address("href", link_in_zone(block.type.scheduling_url, block.times.zone))
      << " style=\"color:#2257d6;\">See all times</a></td></tr>\n";
  out << "<tr><td style=\"padding:8px 0 0 0;font-size:13px;line-height:18px;color:#566070;\">";
  out.text(when_written(block)) << "</td></tr>\n</table>\n";
  return std::move(out).str();
}

std::string text_from_mail(const MailBlock& block) {
  std::string out = title_of(block.type) + '\n' + facts_of(block) + '\n';
  for (const FreeDay& day : days_shown(block.times)) {
    out += '\n' + day_text(day.day) + '\n';
    for (const FreeTime* time : times_shown(day)) out += "  " + time->clock + "  " + one_line_of(time->url, 2000) + '\n';
  }
  if (block.times.free.empty()) out += '\n' + nothing_to_show(block.times) + '\n';
  return out + "\nSee all times: " + link_in_zone(block.type.scheduling_url, block.times.zone) + "\n" + when_written(block) +
         '\n';
}

}  // namespace slotwire::pages
