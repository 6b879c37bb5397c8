#include "proxy/pages/mail.h"

#include <algorithm>
#include <span>

#include "proxy/pages/html.h"
#include "proxy/pages/words.h"

namespace slotwire::pages {
namespace {

constexpr std::size_t kMostDays = 5;
constexpr std::size_t kMostTimes = 6;  // per day
constexpr std::size_t kTimesInRow = 3;

std::span<const FreeDay> days_shown(const Times& times) {
  return std::span(times.free).first(std::min(times.free.size(), kMostDays));
}

// Spread over the day, including the first and the last, since morning times alone would not suit everyone.
std::vector<const FreeTime*> times_shown(const FreeDay& day) {
  std::vector<const FreeTime*> shown;
  const std::size_t count = std::min(day.times.size(), kMostTimes);
  for (std::size_t i = 0; i < count; ++i) shown.push_back(&day.times[count < 2 ? 0 : i * (day.times.size() - 1) / (count - 1)]);
  return shown;
}

std::string title_of(const EventType& type) {
  return one_line_of(type.name, 200) + (type.host.empty() ? "" : " – " + one_line_of(type.host, 200));
}

std::string nothing_to_show(const MailBlock& block) {
  return block.times.is_complete ? words(block.language, "none-ahead", block.until)
                                 : std::string(words(block.language, "failed"));
}

std::string zone_of(const MailBlock& block) { return zone_sentence(block.language, block.times.zone, block.is_hosts_zone); }

}  // namespace

std::string html_from_mail(const MailBlock& block) {
  const bool is_rtl = block.language.is_right_to_left;
  Html out;
  (out << "<table role=\"presentation\"").attribute("lang", block.language.tag);
  // Mail programs do not support logical properties.
  out << (is_rtl ? Html::Source(" dir=\"rtl\"") : Html::Source(""))
      << " cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;"
         "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;color:#171b22;\">\n"
         "<tr><td dir=\"auto\" style=\"padding:0 0 2px 0;font-size:18px;line-height:26px;font-weight:bold;\">";
  out.text(title_of(block.type)) << "</td></tr>\n<tr><td style=\"padding:0;color:#566070;\">";
  out.text(length_text(block.language, block.type.duration))
      << "</td></tr>\n<tr><td style=\"padding:0 0 12px 0;color:#566070;\">";
  out.text(zone_of(block)) << "</td></tr>\n";
  for (const FreeDay& day : days_shown(block.times)) {
    out << "<tr><td style=\"padding:6px 0 4px 0;font-weight:bold;\">";
    out.text(day_text(block.language, day.day))
        << "</td></tr>\n<tr><td style=\"padding:0 0 8px 0;\"><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
           "border=\"0\" style=\"border-collapse:collapse;\">";
    const std::vector<const FreeTime*> times = times_shown(day);
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (i % kTimesInRow == 0) out << (i == 0 ? Html::Source("<tr>") : Html::Source("</tr><tr>"));
      out << (is_rtl ? Html::Source("<td style=\"padding:0 0 8px 8px;\"><a")
                     : Html::Source("<td style=\"padding:0 8px 8px 0;\"><a"));
      out.address("href", times[i]->url)
          << " style=\"display:inline-block;padding:8px 14px;border:1px solid #2257d6;border-radius:6px;color:#2257d6;"
             "text-decoration:none;white-space:nowrap;\">";
      out.text(times[i]->clock) << "</a></td>";
    }
    out << "</tr></table></td></tr>\n";
  }
  if (block.times.free.empty()) (out << "<tr><td style=\"padding:0 0 8px 0;\">").text(nothing_to_show(block)) << "</td></tr>\n";
  out << "<tr><td style=\"padding:4px 0 0 0;\"><a";
  out.address("href", block.all_times) << " style=\"color:#2257d6;\">";
  out.text(words(block.language, "all-times")) << "</a></td></tr>\n";
  if (!block.times.free.empty()) {
    out << "<tr><td style=\"padding:8px 0 0 0;font-size:13px;line-height:18px;color:#566070;\">";
    out.text(words(block.language, "as-of", block.as_of)) << "</td></tr>\n";
  }
  out << "</table>\n";
  return std::move(out).str();
}

std::string text_from_mail(const MailBlock& block) {
  std::string out = title_of(block.type) + '\n' + length_text(block.language, block.type.duration) + '\n' + zone_of(block) + '\n';
  for (const FreeDay& day : days_shown(block.times)) {
    out += '\n' + day_text(block.language, day.day) + '\n';
    for (const FreeTime* time : times_shown(day)) out += "  " + time->clock + "  " + one_line_of(time->url, 2000) + '\n';
  }
  if (block.times.free.empty()) out += '\n' + nothing_to_show(block) + '\n';
  out += '\n' + std::string(words(block.language, "all-times")) + ": " + block.all_times + '\n';
  return block.times.free.empty() ? out : out + words(block.language, "as-of", block.as_of) + '\n';
}

}  // namespace slotwire::pages
