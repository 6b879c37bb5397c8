#include "proxy/pages/documents.h"

#include <algorithm>
#include <initializer_list>

#include "proxy/pages/html.h"
#include "proxy/pages/page_address.h"
#include "proxy/pages/words.h"
#include "proxy/pages/zone_choices.h"
#include "shared/json_text.h"

namespace slotwire::pages {
namespace {

using std::chrono::days;

constexpr days kWeek{7};
constexpr std::size_t kLongestDescription = 160;  // what search engines show

struct Head {
  const Language& language;
  std::string title;
  std::string description = {};
  std::string canonical = {};  // empty: none
  bool is_indexed = true;
  bool has_picker = true;
  bool asks_again = false;   // reloads itself after a few seconds, if scripts do not run
  std::string json_ld = {};  // empty: none
};

Html document(const Head& head, const Html& body) {
  Html out;
  (out << "<!doctype html>\n<html").attribute("lang", head.language.tag);
  if (head.language.is_right_to_left) out << " dir=\"rtl\"";
  out << ">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  out.text(head.title) << "</title>\n";
  if (!head.description.empty()) (out << "<meta name=\"description\"").attribute("content", head.description) << ">\n";
  if (!head.is_indexed) out << "<meta name=\"robots\" content=\"noindex\">\n";
  if (!head.canonical.empty()) (out << "<link rel=\"canonical\"").address("href", head.canonical) << ">\n";
  out << "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/hosted.css\">\n";
  // The first script blocks rendering, so that visitors do not see the text being replaced; the second loads meanwhile.
  if (head.has_picker) out << "<script src=\"/hosted.js\"></script>\n<script src=\"/widget.js\" defer></script>\n";
  if (head.asks_again) out << "<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>\n";
  if (!head.json_ld.empty()) out.json_block("application/ld+json", head.json_ld) << "\n";
  out << "</head>\n<body>\n" << body << "</body>\n</html>\n";
  return out;
}

// Crawlers need an absolute address, and a host that only comes from the request is not reliable.
std::string canonical_of(const std::string& origin, const std::string& path) { return origin.empty() ? "" : origin + path; }

// The element that the picker is put into; it contains the link that the picker shows.
Html main_around(std::string_view link, const Html& content) {
  Html out;
  (out << "<main id=\"hosted\"").attribute("data-link", link) << ">\n<div class=\"plain\">\n";
  return out << content << "</div>\n</main>\n";
}

Html facts_of(const Language& language, const EventType& type) {
  Html out;
  out << "<ul class=\"facts\">";
  if (!type.host.empty()) (out << "<li dir=\"auto\">").text(type.host) << "</li>";
  (out << "<li>").text(length_text(language, type.duration)) << "</li>";
  if (const std::string_view place = place_text(language, type.place); !place.empty()) (out << "<li>").text(place) << "</li>";
  return out << "</ul>\n";
}

Html heading(const EventPage& page) {
  const EventType& type = page.type;
  Html out;
  (out << "<h1 dir=\"auto\">").text(type.name) << "</h1>\n";
  if (is_on(page.carried, "hide_event_type_details")) return out;  // the page around it shows the details
  out << facts_of(page.language, type);
  if (!type.description.empty()) (out << "<p class=\"about\" dir=\"auto\">").text(type.description) << "</p>\n";
  return out;
}

Html booking_link(const EventPage& page, std::string_view words_key) {
  Html out;
  (out << "<p><a class=\"button\"").address("href", with_query(page.type.scheduling_url, page.carried)) << ">";
  out.text(words(page.language, words_key)) << "</a></p>\n";
  return out;
}

Html hidden_field(std::string_view name, std::string_view value) {
  Html out;
  (out << "<input type=\"hidden\"").attribute("name", name).attribute("value", value) << ">";
  return out;
}

Html zone_form(const EventPage& page) {
  Html out;
  (out << "<form method=\"get\"").address("action", page.path) << "><label for=\"zone\">";
  out.text(words(page.language, "zone")) << "</label>\n";
  if (page.days.begin > page.today) out << hidden_field("date", text_from_day(page.days.begin));
  for (const auto& [name, value] : page.carried) out << hidden_field(name, value);
  out << "<div class=\"row\"><select id=\"zone\" name=\"timezone\">";
  const auto choices = zone_choices();
  std::vector<std::string_view> names(choices.begin(), choices.end());
  if (std::find(names.begin(), names.end(), page.zone) == names.end()) names.insert(names.begin(), page.zone);
  for (const std::string_view name : names) {
    (out << "<option").attribute("value", name) << (name == page.zone ? Html::Source(" selected>") : Html::Source(">"));
    out.text(zone_text(name)) << "</option>";
  }
  (out << "</select><button>").text(words(page.language, "show")) << "</button></div></form>\n";
  return out;
}

Html weeks_nav(const EventPage& page) {
  const auto address = [&](Day first) {
    Query query = {{"date", first > page.today ? text_from_day(first) : ""}, {"timezone", page.zone}};
    query.insert(query.end(), page.carried.begin(), page.carried.end());
    return with_query(page.path, query);
  };
  Html out;
  (out << "<nav class=\"weeks\"").attribute("aria-label", words(page.language, "weeks")) << ">";
  // Weeks continue for years, and crawlers need not visit all of them.
  if (page.days.begin > page.today) {
    (out << "<a class=\"button\" rel=\"prev nofollow\"").address("href", address(std::max(page.today, page.days.begin - kWeek)))
        << ">";
    out.text(words(page.language, "previous-week")) << "</a>";
  }
  (out << "<a class=\"button\" rel=\"next nofollow\"").address("href", address(page.days.end)) << ">";
  out.text(words(page.language, "next-week")) << "</a></nav>\n";
  return out;
}

Html days_of(const EventPage& page, const Times& times) {
  Html out;
  for (const FreeDay& day : times.free) {
    (out << "<section><h3>").text(day_text(page.language, day.day)) << "</h3>\n<ul class=\"times\">";
    for (const FreeTime& time : day.times) {
      (out << "<li><a rel=\"nofollow\"").address("href", time.url) << ">";
      (out << "<time").attribute("datetime", time.instant) << ">";
      out.text(time.clock) << "</time>";
      if (page.type.kind == "group") {
        (out << " <small>").text(words(page.language, "places-left", static_cast<long long>(time.places))) << "</small>";
      }
      out << "</a></li>";
    }
    out << "</ul></section>\n";
  }
  return out;
}

// Paragraphs in a frame.
Html note(std::initializer_list<std::string_view> sentences) {
  Html out;
  out << "<div class=\"note\">";
  for (const std::string_view sentence : sentences) (out << "<p>").text(sentence) << "</p>";
  return out << "</div>\n";
}

Html week(const EventPage& page, const Times& times) {
  const Language& language = page.language;
  Html out;
  if (!page.is_zone_locked) out << zone_form(page);
  (out << "<h2>").text(words(language, "free-times-in", days_text(language, page.days))) << "</h2>\n";
  (out << "<p class=\"zone\">").text(zone_sentence(language, page.zone, page.is_hosts_zone)) << "</p>\n";
  if (times.age) out << note({words(language, "stale", age_text(language, *times.age))});
  if (!times.is_complete) out << note({words(language, "part-failed")});
  out << days_of(page, times);
  if (times.free.empty() && times.is_complete) (out << "<p>").text(words(language, "week-none")) << "</p>\n";
  return out << weeks_nav(page);
}

Html no_times(const EventPage& page) {
  const Language& language = page.language;
  switch (page.unknown) {
    case Unknown::at_calendly:
      return {};
    case Unknown::failed:
      return note({words(language, "failed"), words(language, "failed-hint")});
    case Unknown::refused:
      return note({words(language, "limited")});
    case Unknown::slow:
      return note({words(language, "slow")});
  }
  return {};
}

// Without times, since they would be outdated before a search engine reads them.
std::string json_ld_of(const EventPage& page) {
  const EventType& type = page.type;
  std::string json = "{";
  append_json_field(json, "@context", "https://schema.org");
  append_json_field(json, "@type", "Service");
  append_json_field(json, "name", type.name);
  if (!type.description.empty()) append_json_field(json, "description", type.description);
  if (!page.origin.empty()) append_json_field(json, "url", page.origin + page.path);
  if (!type.host.empty()) {
    append_json_key(json, "provider");
    std::string provider = "{";
    // A person, a team or a company: Calendly only returns the name.
    append_json_field(provider, "@type", "Organization");
    append_json_field(provider, "name", type.host);
    json += provider + "}";
  }
  if (is_safe_address(type.scheduling_url)) {
    append_json_key(json, "potentialAction");
    std::string action = "{";
    append_json_field(action, "@type", "ReserveAction");
    append_json_field(action, "target", type.scheduling_url);
    json += action + "}";
  }
  return json + "}";
}

std::string summary_of(const Language& language, const EventType& type) {
  if (std::string line = one_line_of(type.description, kLongestDescription); !line.empty()) return line;
  const std::string what =
      type.host.empty() ? std::string(words(language, "badge")) : words(language, "book-with", one_line_of(type.host, 200));
  return words(language, "again", what, length_text(language, type.duration));
}

std::string html_of_notice(const Language& language, std::string_view title, std::string_view hint, bool leads_to_admin) {
  const Head head{.language = language, .title = std::string(title), .is_indexed = false, .has_picker = false};
  Html body;
  (body << "<main><h1>").text(title) << "</h1>\n";
  if (!hint.empty()) (body << "<p>").text(hint) << "</p>\n";
  if (leads_to_admin) body << "<p><a href=\"/admin\">/admin</a></p>\n";
  body << "</main>\n";
  return document(head, body).str();
}

}  // namespace

std::string html_from_event(const EventPage& page) {
  const EventType& type = page.type;
  const Head head{.language = page.language,
                  .title = one_line_of(type.name, 200) + (type.host.empty() ? "" : " – " + one_line_of(type.host, 200)),
                  .description = summary_of(page.language, type),
                  .canonical = canonical_of(page.origin, page.path),
                  .is_indexed = page.is_plain && !type.secret,
                  .asks_again = !page.times && page.unknown == Unknown::slow,
                  .json_ld = json_ld_of(page)};
  Html body;
  body << heading(page) << (page.times ? week(page, *page.times) : no_times(page));
  const bool is_elsewhere = !page.times && page.unknown == Unknown::at_calendly;
  body << booking_link(page, is_elsewhere ? "public-link" : "open-booking");
  return document(head, main_around(type.scheduling_url, body)).str();
}

std::string html_from_owner(const OwnerPage& page) {
  const Language& language = page.language;
  const std::string title =
      page.name.empty() ? std::string(words(language, "badge")) : words(language, "book-with", one_line_of(page.name, 200));
  const Head head{.language = language, .title = title, .description = title, .canonical = canonical_of(page.origin, page.path)};
  Html body;
  (body << "<h1 dir=\"auto\">").text(page.name.empty() ? title : page.name) << "</h1>\n";
  if (page.types.empty()) (body << "<p>").text(words(language, "no-types")) << "</p>\n";
  if (!page.types.empty()) body << "<ul class=\"types\">\n";
  for (EventType type : page.types) {
    if (type.host == page.name) type.host.clear();  // the heading shows it already
    (body << "<li><h2 dir=\"auto\"><a").address("href", with_query(path_of_link(type.scheduling_url), page.carried)) << ">";
    body.text(type.name) << "</a></h2>" << facts_of(language, type);
    if (!type.description.empty())
      (body << "<p dir=\"auto\">").text(one_line_of(type.description, kLongestDescription)) << "</p>";
    body << "</li>\n";
  }
  if (!page.types.empty()) body << "</ul>\n";
  return document(head, main_around(page.link, body)).str();
}

std::string html_of_not_found(const Language& language) {
  return html_of_notice(language, words(language, "no-page"), words(language, "unknown-type-hint"), false);
}

std::string html_of_root(const Language& language, bool is_connected) {
  if (is_connected) return html_of_notice(language, words(language, "no-page"), {}, false);
  return html_of_notice(language, words(language, "not-configured"), words(language, "not-configured-hint"), true);
}

}  // namespace slotwire::pages
