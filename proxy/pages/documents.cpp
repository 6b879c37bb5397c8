#include "proxy/pages/documents.h"

#include <algorithm>

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
  std::string title;
  std::string description;
  std::string canonical;  // empty: none
  bool is_indexed = true;
  bool has_picker = true;
  bool asks_again = false;  // in a few seconds, where nothing else can
  std::string json_ld;      // empty: none
};

Html document(const Head& head, const Html& body) {
  Html out;
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  out.text(head.title) << "</title>\n";
  if (!head.description.empty()) (out << "<meta name=\"description\"").attribute("content", head.description) << ">\n";
  if (!head.is_indexed) out << "<meta name=\"robots\" content=\"noindex\">\n";
  if (!head.canonical.empty()) (out << "<link rel=\"canonical\"").address("href", head.canonical) << ">\n";
  out << "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/hosted.css\">\n";
  // The first holds the painting up, so that nobody sees the one turn into the other; the second is on its way meanwhile.
  if (head.has_picker) out << "<script src=\"/hosted.js\"></script>\n<script src=\"/widget.js\" defer></script>\n";
  if (head.asks_again) out << "<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>\n";
  if (!head.json_ld.empty()) out.json_block("application/ld+json", head.json_ld) << "\n";
  out << "</head>\n<body>\n" << body << "</body>\n</html>\n";
  return out;
}

// What a picker is put into: where it reads which link it stands for.
Html main_around(std::string_view link, const Html& content) {
  Html out;
  (out << "<main id=\"hosted\"").attribute("data-link", link) << ">\n<div class=\"plain\">\n";
  return out << content << "</div>\n</main>\n";
}

Html facts_of(const EventType& type) {
  Html out;
  out << "<ul class=\"facts\">";
  if (!type.host.empty()) (out << "<li dir=\"auto\">").text(type.host) << "</li>";
  (out << "<li>").text(length_text(type.duration)) << "</li>";
  if (const std::string_view place = place_text(type.place); !place.empty()) (out << "<li>").text(place) << "</li>";
  return out << "</ul>\n";
}

Html heading(const EventType& type) {
  Html out;
  (out << "<h1 dir=\"auto\">").text(type.name) << "</h1>\n";
  out << facts_of(type);
  if (!type.description.empty()) (out << "<p class=\"about\" dir=\"auto\">").text(type.description) << "</p>\n";
  return out;
}

Html booking_link(std::string_view link, Html::Source words) {
  Html out;
  (out << "<p><a class=\"button\"").address("href", link) << ">";
  return out << words << "</a></p>\n";
}

Html zone_form(const EventPage& page) {
  Html out;
  (out << "<form method=\"get\"").address("action", page.path) << "><label for=\"zone\">Time zone</label>\n";
  if (page.days.begin > page.today) {
    (out << "<input type=\"hidden\" name=\"date\"").attribute("value", text_from_day(page.days.begin)) << ">";
  }
  out << "<div class=\"row\"><select id=\"zone\" name=\"timezone\">";
  const auto choices = zone_choices();
  std::vector<std::string_view> names(choices.begin(), choices.end());
  if (std::find(names.begin(), names.end(), page.zone) == names.end()) names.insert(names.begin(), page.zone);
  for (const std::string_view name : names) {
    (out << "<option").attribute("value", name) << (name == page.zone ? Html::Source(" selected>") : Html::Source(">"));
    out.text(zone_text(name)) << "</option>";
  }
  return out << "</select><button>Show</button></div></form>\n";
}

Html weeks_nav(const EventPage& page) {
  const auto address = [&](Day first) {
    return with_query(page.path, {{"date", first > page.today ? text_from_day(first) : ""}, {"timezone", page.zone}});
  };
  Html out;
  out << "<nav class=\"weeks\" aria-label=\"Weeks\">";
  // Weeks go on for years: no machine has to read them all.
  if (page.days.begin > page.today) {
    (out << "<a class=\"button\" rel=\"prev nofollow\"").address("href", address(std::max(page.today, page.days.begin - kWeek)))
        << ">Previous week</a>";
  }
  (out << "<a class=\"button\" rel=\"next nofollow\"").address("href", address(page.days.end)) << ">Next week</a></nav>\n";
  return out;
}

Html days_of(const EventPage& page, const Times& times) {
  Html out;
  for (const FreeDay& day : times.free) {
    (out << "<section><h3>").text(day_text(day.day)) << "</h3>\n<ul class=\"times\">";
    for (const FreeTime& time : day.times) {
      (out << "<li><a rel=\"nofollow\"").address("href", time.url) << ">";
      (out << "<time").attribute("datetime", time.instant) << ">";
      out.text(time.clock) << "</time>";
      if (page.type.kind == "group") {
        (out << " <small>").number(time.places)
            << (time.places == 1 ? Html::Source(" place left") : Html::Source(" places left"));
        out << "</small>";
      }
      out << "</a></li>";
    }
    out << "</ul></section>\n";
  }
  return out;
}

Html week(const EventPage& page, const Times& times) {
  Html out;
  out << zone_form(page);
  (out << "<h2>Free times, ").text(days_text(page.days)) << "</h2>\n";
  (out << "<p class=\"zone\">Shown in the time of ").text(zone_text(page.zone)) << ".</p>\n";
  if (times.age) {
    (out << "<p class=\"note\">Calendly does not answer at the moment. These times are ").text(age_text(*times.age))
        << " old; some may have been taken since.</p>\n";
  }
  if (!times.is_complete) {
    out << "<p class=\"note\">The times of some of these days could not be looked up just now, and are missing here. Try again "
           "in "
           "a moment.</p>\n";
  }
  out << days_of(page, times);
  if (times.free.empty() && times.is_complete) out << "<p>No time is free in these days.</p>\n";
  return out << weeks_nav(page);
}

Html no_times(const EventPage& page) {
  Html out;
  switch (page.unknown) {
    case Unknown::at_calendly:
      break;
    case Unknown::failed:
      out << "<p class=\"note\">Free times could not be looked up: the calendar does not answer at the moment. That says nothing "
             "of "
             "whether there are any. Try again in a moment, or look at the booking page.</p>\n";
      break;
    case Unknown::refused:
      out << "<p class=\"note\">Too much was asked from here just now. Try again in a moment, or look at the booking page.</p>\n";
      break;
    case Unknown::slow:
      out << "<p class=\"note\">Free times are being looked up, which takes longer than usual. This page will look again by "
             "itself.</p>\n";
      break;
  }
  return out;
}

// Without times: they would be old before anybody has read them.
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
    // A person, a team or a company: Calendly says only the name.
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

std::string summary_of(const EventType& type) {
  if (std::string line = one_line_of(type.description, kLongestDescription); !line.empty()) return line;
  return length_text(type.duration) + (type.host.empty() ? "" : " with " + type.host) + ". Choose a free time and book it.";
}

}  // namespace

std::string html_from_event(const EventPage& page) {
  const EventType& type = page.type;
  Head head;
  head.title = one_line_of(type.name, 200) + (type.host.empty() ? "" : " – " + one_line_of(type.host, 200));
  head.description = summary_of(type);
  head.canonical = page.origin + page.path;
  head.is_indexed = page.is_plain && !type.secret;
  head.asks_again = !page.times && page.unknown == Unknown::slow;
  head.json_ld = json_ld_of(page);
  Html body;
  body << heading(type) << (page.times ? week(page, *page.times) : no_times(page));
  const bool is_elsewhere = !page.times && page.unknown == Unknown::at_calendly;
  body << (is_elsewhere ? booking_link(type.scheduling_url, "Choose a time on the booking page")
                        : booking_link(type.scheduling_url, "Open the booking page at Calendly"));
  return document(head, main_around(type.scheduling_url, body)).str();
}

std::string html_from_owner(const OwnerPage& page) {
  Head head;
  head.title = page.name.empty() ? "Book a time" : "Book a time with " + one_line_of(page.name, 200);
  head.description = head.title + ".";
  head.canonical = page.origin + page.path;
  Html body;
  (body << "<h1 dir=\"auto\">").text(page.name.empty() ? "Book a time" : page.name) << "</h1>\n";
  if (page.types.empty()) body << "<p>There is nothing to book at the moment.</p>\n";
  if (!page.types.empty()) body << "<ul class=\"types\">\n";
  for (EventType type : page.types) {
    if (type.host == page.name) type.host.clear();  // the heading says it
    (body << "<li><h2 dir=\"auto\"><a").address("href", path_of_link(type.scheduling_url)) << ">";
    body.text(type.name) << "</a></h2>" << facts_of(type);
    if (!type.description.empty())
      (body << "<p dir=\"auto\">").text(one_line_of(type.description, kLongestDescription)) << "</p>";
    body << "</li>\n";
  }
  if (!page.types.empty()) body << "</ul>\n";
  return document(head, main_around(page.link, body)).str();
}

std::string html_of_nobody() {
  Head head;
  head.title = "No booking page here";
  head.is_indexed = false;
  head.has_picker = false;
  Html body;
  body << "<main><h1>There is no booking page at this address</h1>\n<p>The meeting may have been renamed or switched off, or the "
          "address was cut short. Ask whoever gave it to you for a new one.</p></main>\n";
  return document(head, body).str();
}

}  // namespace slotwire::pages
