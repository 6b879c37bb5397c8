// Pages and mails as text: whatever an event type contains, the page has the same structure.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "proxy/pages/documents.h"
#include "proxy/pages/html.h"
#include "proxy/pages/mail.h"
#include "proxy/pages/page_address.h"
#include "proxy/pages/words.h"
#include "proxy/pages/zone_choices.h"
#include "proxy/time/zones.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace pages;
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

// The markup that a browser would find: all tags and attribute names, in order, without the text between them. A quote ends an
// attribute and '<' begins a tag, wherever they come from.
std::string skeleton_of(const std::string& html) {
  std::string skeleton;
  for (std::size_t at = 0; at < html.size();) {
    if (html[at] != '<') {
      ++at;
      continue;
    }
    bool is_quoted = false;
    for (; at < html.size(); ++at) {
      const char c = html[at];
      if (c == '"') is_quoted = !is_quoted;
      if (!is_quoted) skeleton += c;
      if (c == '>' && !is_quoted) break;
    }
    ++at;
  }
  return skeleton;
}

// Any kind of text: markup, quotes, bytes that are not UTF-8, other scripts, control characters.
std::string odd_text(std::mt19937& random) {
  static const std::vector<std::string> parts = {
      "<",   ">",       "\"",          "'",        "&",      "</script>", "<!--",
      "-->", "&lt;",    "javascript:", "onclick=", "\xff",   "\xc3",      std::string(1, '\0'),
      "\n",  "\x1b[0m", "打ち合わせ",  "موعد",     "\u202e", "\u2028",    "{{x}}",
      "a",   " ",       "]]>",         "</style>", "=\"",    "`",         "\\"};
  std::string text;
  const auto count = std::uniform_int_distribution<std::size_t>(1, 12)(random);
  for (std::size_t i = 0; i < count; ++i) text += parts[std::uniform_int_distribution<std::size_t>(0, parts.size() - 1)(random)];
  return text;
}

EventType plain_type() {
  EventType type;
  type.uri = "https://api.calendly.com/event_types/AAAA";
  type.name = "Half an hour";
  type.slug = "30min";
  type.duration = minutes(30);
  type.description = "A first conversation.";
  type.scheduling_url = "https://calendly.com/ada/30min";
  type.host = "Ada";
  type.place = "zoom_conference";
  return type;
}

SlotsAnswer plain_answer(const EventType& type) {
  SlotsAnswer answer;
  answer.event_type_uri = type.uri;
  answer.event_type_name = type.name;
  answer.duration = type.duration;
  answer.timezone = "UTC";
  answer.days = {day("2026-01-05"), day("2026-01-12")};
  for (const char* start : {"2026-01-06T09:00:00Z", "2026-01-06T14:30:00Z", "2026-01-08T00:00:00Z"}) {
    answer.slots.push_back({instant(start), 1, type.scheduling_url + '/' + start + "?month=2026-01"});
  }
  return answer;
}

EventPage plain_page(const EventType& type) {
  EventPage page{.language = english()};
  page.type = type;
  page.path = "/ada/30min";
  page.zone = "UTC";
  page.today = day("2026-01-05");
  page.days = {day("2026-01-05"), day("2026-01-12")};
  page.times = times_from(plain_answer(type), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), english(), {});
  return page;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string json_ld_in(const std::string& html) {
  const std::string_view begin = "<script type=\"application/ld+json\">";
  const std::size_t at = html.find(begin) + begin.size();
  return html.substr(at, html.find("</script>", at) - at);
}

}  // namespace

TEST_CASE("Html: whatever data says, it is data", "[proxy][pages]") {
  Html out;
  out << "<p";
  out.attribute("title", "a\" onclick=\"b") << ">";
  out.text("<b>&'\"") << "</p>";
  CHECK(out.str() == "<p title=\"a&quot; onclick=&quot;b\">&lt;b&gt;&amp;&#39;&quot;</p>");
  CHECK(Html()
            .text("a\xff"
                  "b\xc3")
            .str() == "a\uFFFDb\uFFFD");
  CHECK(Html().text(std::string_view("\0\x1b\n", 3)).str() == "\uFFFD\uFFFD\n");
  CHECK(Html().text("打ち合わせ ☕").str() == "打ち合わせ ☕");
}

TEST_CASE("Html: an address that could run, or lead elsewhere by accident, leads nowhere", "[proxy][pages]") {
  for (const char* safe : {"https://calendly.com/a", "HTTP://calendly.com/a", "/ada/30min?date=2026-01-06", "/"}) {
    INFO(safe);
    CHECK(is_safe_address(safe));
  }
  for (const char* unsafe : {"javascript:alert(1)", "data:text/html,x", "//evil.example/", "/\\evil.example", "", "ada/30min",
                             " https://x.example", "https:x", "\njavascript:alert(1)"}) {
    INFO(unsafe);
    CHECK_FALSE(is_safe_address(unsafe));
    CHECK(Html().address("href", unsafe).str() == " href=\"#\"");
  }
}

TEST_CASE("pages: no text of an event type changes what the page is made of", "[proxy][pages]") {
  const EventType type = plain_type();
  const std::string page_skeleton = skeleton_of(html_from_event(plain_page(type)));
  const std::string owner_skeleton =
      skeleton_of(html_from_owner({english(), "Bob", "https://calendly.com/ada", "", "/ada", {}, {type}}));
  const auto mail_of = [](const EventType& one) {
    return html_from_mail({.language = english(),
                           .type = one,
                           .times = times_from(plain_answer(one), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), english(), {}),
                           .all_times = one.scheduling_url,
                           .as_of = "now",
                           .until = "then"});
  };
  const std::string mail_skeleton = skeleton_of(mail_of(type));
  REQUIRE(has(page_skeleton, "<h1 dir="));
  std::mt19937 random(20261126);
  for (int i = 0; i < 2000; ++i) {
    EventType odd = type;
    odd.name = odd_text(random);
    odd.host = odd_text(random);
    odd.description = odd_text(random);
    odd.scheduling_url = "https://calendly.com/ada/" + odd_text(random);
    CAPTURE(odd.name, odd.host, odd.description, odd.scheduling_url);
    EventPage page = plain_page(odd);
    const std::string html = html_from_event(page);
    REQUIRE(skeleton_of(html) == page_skeleton);
    REQUIRE(skeleton_of(html_from_owner({english(), odd_text(random), odd.scheduling_url, "", "/ada", {}, {odd}})) ==
            owner_skeleton);
    REQUIRE(skeleton_of(mail_of(odd)) == mail_skeleton);
    const auto json = nlohmann::json::parse(json_ld_in(html), nullptr, false);
    REQUIRE(json.is_object());
    REQUIRE(json["@type"] == "Service");
  }
}

TEST_CASE("pages: days, times as links to their booking pages in the same zone, weeks before and after", "[proxy][pages]") {
  EventPage page = plain_page(plain_type());
  const std::string first = html_from_event(page);
  CHECK(has(first, "<title>Half an hour – Ada</title>"));
  CHECK(has(first, "<meta name=\"description\" content=\"A first conversation.\">"));
  CHECK_FALSE(has(first, "noindex"));
  CHECK(has(first, "<h2>Free times, January 5, 2026 – January 11, 2026</h2>"));
  CHECK(has(first, "<h3>Tuesday, January 6</h3>"));
  CHECK(has(first,
            "<a rel=\"nofollow\" href=\"https://calendly.com/ada/30min/2026-01-06T09:00:00Z?month=2026-01&amp;timezone=UTC\">"
            "<time datetime=\"2026-01-06T09:00:00Z\">9:00 AM</time></a>"));
  CHECK(has(first, ">12:00 AM</time>"));
  CHECK_FALSE(has(first, "Previous week"));
  CHECK(has(first, "href=\"/ada/30min?date=2026-01-12&amp;timezone=UTC\">Next week</a>"));
  page.days = {day("2026-01-09"), day("2026-01-16")};
  page.is_plain = false;
  const std::string second = html_from_event(page);
  CHECK(has(second, "href=\"/ada/30min?timezone=UTC\">Previous week</a>"));
  CHECK(has(second, "<input type=\"hidden\" name=\"date\" value=\"2026-01-09\">"));
  CHECK(has(second, "noindex"));
  page.days = {day("2026-01-26"), day("2026-02-02")};
  CHECK(has(html_from_event(page), "href=\"/ada/30min?date=2026-01-19&amp;timezone=UTC\">Previous week</a>"));
}

TEST_CASE("pages: of a group every time says how many places are left, the last one too", "[proxy][pages]") {
  EventType type = plain_type();
  type.kind = "group";
  CHECK(has(html_from_event(plain_page(type)), "9:00 AM</time> <small>1 place left</small>"));
  type.kind = "solo";
  CHECK_FALSE(has(html_from_event(plain_page(type)), "<small>"));
}

TEST_CASE("pages: what is not known never looks like nothing free", "[proxy][pages]") {
  EventPage page = plain_page(plain_type());
  page.times->free.clear();
  const std::string none = "No free times this week";
  CHECK(has(html_from_event(page), none));
  page.times->is_complete = false;
  CHECK_FALSE(has(html_from_event(page), none));
  CHECK(has(html_from_event(page), "Some days could not be loaded"));
  page.times->is_complete = true;
  page.times->age = minutes(12) + seconds(30);
  CHECK(has(html_from_event(page), "These times are from 12 minutes ago and may have changed"));
  page.times.reset();
  for (const Unknown why : {Unknown::at_calendly, Unknown::failed, Unknown::refused, Unknown::slow}) {
    page.unknown = why;
    const std::string html = html_from_event(page);
    CHECK_FALSE(has(html, none));
    CHECK(has(html, "href=\"https://calendly.com/ada/30min\""));
    // Only without scripts: the picker refreshes by itself.
    CHECK(has(html, "<noscript><meta http-equiv=\"refresh\"") == (why == Unknown::slow));
  }
}

TEST_CASE("pages: search engines find what an event is, without times that grow old, and nothing that is secret",
          "[proxy][pages]") {
  EventPage page = plain_page(plain_type());
  page.origin = "https://slots.example.com";
  const auto json = nlohmann::json::parse(json_ld_in(html_from_event(page)));
  CHECK(json["name"] == "Half an hour");
  CHECK(json["url"] == "https://slots.example.com/ada/30min");
  CHECK(json["provider"]["name"] == "Ada");
  CHECK(json["potentialAction"]["target"] == "https://calendly.com/ada/30min");
  CHECK_FALSE(has(json.dump(), "2026-01-06"));
  CHECK(has(html_from_event(page), "<link rel=\"canonical\" href=\"https://slots.example.com/ada/30min\">"));
  page.type.secret = true;
  CHECK(has(html_from_event(page), "<meta name=\"robots\" content=\"noindex\">"));
}

TEST_CASE("pages: a list of event types leads to their pages here", "[proxy][pages]") {
  const std::string html = html_from_owner({english(), "Ada", "https://calendly.com/ada", "", "/ada", {}, {plain_type()}});
  CHECK(has(html, "<h1 dir=\"auto\">Ada</h1>"));
  CHECK(has(html, "<a href=\"/ada/30min\">Half an hour</a>"));
  CHECK(has(html, "data-link=\"https://calendly.com/ada\""));
  CHECK(
      has(html_from_owner({english(), "Ada", "https://calendly.com/ada", "", "/ada", {}, {}}), "nothing to book at the moment"));
}

TEST_CASE("pages: which paths are shaped like Calendly's links", "[proxy][pages]") {
  for (const char* path : {"/acme", "/acme/", "/acme/30min", "/acme/v1.5", "/d/abcd-efg/intro",
                           "/acme/30min/2026-12-01T20:00:00Z", "/d/abcd-efg/intro/2026-12-01", "/acme/%C3%A9t%C3%A9"}) {
    INFO(path);
    CHECK(is_link_shaped(path));
  }
  for (const char* path :
       {"/", "", "//", "acme", "/robots.txt", "/favicon.ico", "/a/b/c", "/a/b/c/d/e", "/api/web/calendly/token"}) {
    INFO(path);
    CHECK_FALSE(is_link_shaped(path));
  }
  CHECK_FALSE(is_link_shaped('/' + std::string(500, 'a')));
  CHECK(path_of_link("https://calendly.com/acme/30min/?month=2026-01") == "/acme/30min");
  CHECK(path_of_link("https://calendly.com").empty());
  CHECK(path_of_link("acme/30min").empty());
  CHECK(link_of_path("https://calendly.com/acme", "/d/abc/intro") == "https://calendly.com/d/abc/intro");
}

TEST_CASE("pages: the first day is what Calendly's own words ask for", "[proxy][pages]") {
  const Day today = day("2026-01-05");
  const auto first = [&](std::optional<std::string> date, const char* path, std::optional<std::string> month) {
    return text_from_day(first_day_asked(date, path, month, today, ZoneOffsets()));
  };
  CHECK(first({}, "/acme/30min", {}) == "2026-01-05");
  CHECK(first("2026-02-03", "/acme/30min", "2026-03") == "2026-02-03");
  CHECK(first({}, "/acme/30min", "2026-03") == "2026-03-01");
  CHECK(first({}, "/acme/30min", "2026-01") == "2026-01-05");
  CHECK(first({}, "/acme/30min/2026-04-01T20:00:00Z", "2026-03") == "2026-04-01");
  CHECK(first({}, "/acme/2026-04-01", {}) == "2026-01-05");
  for (const char* odd : {"", "soon", "2025-12-31", "2099-01-01", "2026-02-30", "2026-01-06x"}) {
    INFO(odd);
    CHECK(first(odd, "/acme/30min", {}) == "2026-01-05");
  }
}

TEST_CASE("pages: the words of days, lengths, ages and clocks", "[proxy][pages]") {
  CHECK(days_text(english(), {day("2026-01-28"), day("2026-02-04")}) == "January 28, 2026 – February 3, 2026");
  CHECK(days_text(english(), {day("2025-12-29"), day("2026-01-05")}) == "December 29, 2025 – January 4, 2026");
  CHECK(length_text(english(), minutes(1)) == "1 minute");
  CHECK(length_text(english(), minutes(60)) == "1 hour");
  CHECK(length_text(english(), minutes(150)) == "2 hours 30 minutes");
  CHECK(age_text(english(), seconds(59)) == "1 minute ago");
  CHECK(age_text(english(), minutes(119)) == "119 minutes ago");
  CHECK(age_text(english(), std::chrono::hours(30)) == "30 hours ago");
  CHECK(age_text(english(), std::chrono::hours(49)) == "2 days ago");
  CHECK(offset_text(seconds(-12'600)) == "UTC-3:30");
  const time::Zones zones;
  // The hour that occurs twice in Berlin: the text must say which one is meant.
  const auto berlin = zones.find("Europe/Berlin").value();
  CHECK(clock_text(english(), instant("2026-10-25T00:30:00Z"), *berlin) == "2:30 AM (UTC+2)");
  CHECK(clock_text(english(), instant("2026-10-25T01:30:00Z"), *berlin) == "2:30 AM (UTC+1)");
  CHECK(clock_text(english(), instant("2026-10-25T11:05:00Z"), *berlin) == "12:05 PM");
  CHECK(one_line_of("  two\n\nwords  ", 50) == "two words");
  CHECK(one_line_of("several words in a row", 12) == "several…");
  CHECK(one_line_of("打ち合わせ", 7) == "打ち…");
}

TEST_CASE("pages: every zone that is offered is one, once, in order", "[proxy][pages]") {
  const time::Zones zones;
  const auto choices = zone_choices();
  CHECK(std::ranges::is_sorted(choices));
  for (const std::string_view name : choices) {
    INFO(name);
    CHECK(zones.find(name));
  }
  CHECK(std::set<std::string_view>(choices.begin(), choices.end()).size() == choices.size());
  // A zone of the visitor's own that is not in the list is kept.
  EventPage page = plain_page(plain_type());
  page.zone = "America/Boise";
  CHECK(has(html_from_event(page), "<option value=\"America/Boise\" selected>America/Boise</option>"));
}

TEST_CASE("mail: tables and inline styles only, some times of each day, the zone said", "[proxy][pages]") {
  const EventType type = plain_type();
  SlotsAnswer answer = plain_answer(type);
  answer.slots.clear();
  for (int i = 0; i < 40; ++i)
    answer.slots.push_back(
        {instant("2026-01-06T08:00:00Z") + minutes(15 * i), 1, type.scheduling_url + "/t" + std::to_string(i)});
  for (int i = 1; i < 8; ++i) answer.slots.push_back({instant("2026-01-06T08:00:00Z") + days(i), 1, type.scheduling_url + "/d"});
  MailBlock block{.language = english(),
                  .type = type,
                  .times = times_from(answer, ZoneOffsets(), instant("2026-01-05T10:00:00Z"), english(), {}),
                  .all_times = "https://calendly.com/ada/30min?timezone=UTC",
                  .as_of = "Monday, January 5, 10:00 AM",
                  .until = "Sunday, January 18"};
  const std::string html = html_from_mail(block);
  for (const char* lost : {"<style", "<script", "class=", "<link", "<img", "<div", "position"}) {
    INFO(lost);
    CHECK_FALSE(has(html, lost));
  }
  CHECK(has(html, "Times are shown in UTC"));
  CHECK(has(html, "Free as of Monday, January 5, 10:00 AM."));
  CHECK(has(html, "href=\"https://calendly.com/ada/30min/t0?timezone=UTC\""));
  CHECK(has(html, ">8:00 AM</a>"));
  CHECK(has(html, ">5:45 PM</a>"));
  const auto count = [](const std::string& text, std::string_view part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  };
  CHECK(count(html, "<a ") == 6 + 4 + 1);
  const std::string text = text_from_mail(block);
  CHECK(
      text.starts_with("Half an hour – Ada\n30 minutes\nTimes are shown in UTC\n\nTuesday, January 6\n  8:00 AM  "
                       "https://calendly.com/ada/30min/t0?timezone=UTC\n"));
  CHECK(count(text, "https://") == 6 + 4 + 1);
  block.times.free.clear();
  CHECK(has(text_from_mail(block), "No free times up to Sunday, January 18"));
  block.times.is_complete = false;
  CHECK(has(text_from_mail(block), "Free times could not be loaded"));
}

// A mail without free times ended "Free as of Monday, January 5, 10:00 AM. Someone else may take a time first".
TEST_CASE("mail: without free times nothing is said to be free as of some moment", "[proxy][pages]") {
  const EventType type = plain_type();
  MailBlock block{.language = english(),
                  .type = type,
                  .times = times_from(plain_answer(type), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), english(), {}),
                  .all_times = "https://calendly.com/ada/30min?timezone=UTC",
                  .as_of = "Monday, January 5, 10:00 AM",
                  .until = "Sunday, January 18"};
  const auto says_as_of = [&] { return std::pair(has(html_from_mail(block), "as of"), has(text_from_mail(block), "as of")); };
  REQUIRE_FALSE(block.times.free.empty());
  CHECK(says_as_of() == std::pair(true, true));
  block.times.free.clear();
  CHECK(says_as_of() == std::pair(false, false));
  CHECK(text_from_mail(block).ends_with(": https://calendly.com/ada/30min?timezone=UTC\n"));
}

// A link in a mail had utm_source=mail and the reader's name; on a page without scripts both were lost after the first click, and
// the booking did not count for the campaign.
TEST_CASE("pages: what a visitor brought goes along, to weeks, zones, other event types and the booking", "[proxy][pages]") {
  const EventType type = plain_type();
  EventPage page = plain_page(type);
  page.carried = carried_from(
      "utm_source=mail&name=Ada+L%26&date=2026-01-05&timezone=UTC&a1=Yes&x=1&hide_gdpr_banner=1&primary_color=00a2ff");
  page.times =
      times_from(plain_answer(type), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), english(), {.carried = page.carried});
  const std::string rest = "utm_source=mail&amp;name=Ada%20L%26&amp;a1=Yes&amp;hide_gdpr_banner=1&amp;primary_color=00a2ff";
  const std::string html = html_from_event(page);
  CHECK(has(html, "href=\"/ada/30min?date=2026-01-12&amp;timezone=UTC&amp;" + rest + "\">Next week</a>"));
  CHECK(
      has(html, "href=\"https://calendly.com/ada/30min/2026-01-06T09:00:00Z?month=2026-01&amp;timezone=UTC&amp;" + rest + "\""));
  CHECK(has(html, "href=\"https://calendly.com/ada/30min?" + rest + "\">Open booking page</a>"));
  CHECK(has(
      html,
      "<input type=\"hidden\" name=\"utm_source\" value=\"mail\"><input type=\"hidden\" name=\"name\" value=\"Ada L&amp;\">"));
  CHECK(has(html_from_owner({english(), "Ada", "https://calendly.com/ada", "", "/ada", page.carried, {type}}),
            "<a href=\"/ada/30min?" + rest + "\">Half an hour</a>"));
  // The link's own parameters and unknown ones are dropped.
  CHECK_FALSE(has(html, "x=1"));
  CHECK(carried_from("month=2026-01&date=2026-01-05&timezone=UTC&a=1&a1x=1&a100=1&colour=1&%zz=1&utm_x=%zz").empty());
  CHECK(carried_from(
            "first_name=A&last_name=B&email=c&guests=d&location=e&a10=f&salesforce_uuid=g&embed_type=h&embed_domain=i&locale=de&"
            "timezone_lock=1&background_color=0&utm_term=j&hide_event_type_details=1")
            .size() == 14);
  // Every link of a page repeats the parameters: a long address would make the page megabytes long.
  const std::string long_name(1500, 'x');
  CHECK(carried_from("name=" + long_name + "&location=" + long_name + "&utm_source=mail").size() == 2);
}

// The evening of the 5th in New York is the 6th in UTC: the link to 9 PM on the 5th opened the 6th, which does not have that
// time.
TEST_CASE("pages: a time's link names the day that clocks show in the page's zone", "[proxy][pages]") {
  const time::Zones zones;
  const auto new_york = zones.find("America/New_York").value();
  const EventType type = plain_type();
  SlotsAnswer answer = plain_answer(type);
  answer.timezone = "America/New_York";
  answer.slots = {
      {instant("2026-02-01T02:00:00Z"), 1, type.scheduling_url + "/2026-02-01T02:00:00Z?month=2026-02&date=2026-02-01"}};
  const Times times = times_from(answer, *new_york, instant("2026-01-05T10:00:00Z"), english(), {});
  REQUIRE(times.free.size() == 1);
  CHECK(times.free[0].times[0].url ==
        "https://calendly.com/ada/30min/2026-02-01T02:00:00Z?month=2026-01&date=2026-01-31&timezone=America%2FNew_York");
  // A page requested by such a link begins with that day.
  const auto first = [&](const char* path) { return text_from_day(first_day_asked({}, path, {}, day("2026-01-05"), *new_york)); };
  CHECK(first("/ada/30min/2026-02-01T02:00:00Z") == "2026-01-31");
  CHECK(first("/ada/30min/2026-02-01T02%3A00%3A00Z") == "2026-01-31");
  CHECK(first("/ada/30min/2026-02-01") == "2026-02-01");
}

// With CALENDLY_PAGES=https://slots.example.com the proxy books by itself, but the times in its mails still led to calendly.com.
TEST_CASE("mail: where the pages have an origin by name each link leads to its own page and time there", "[proxy][pages]") {
  const Links links{.origin = "https://slots.example.com", .carried = {}};
  CHECK(links.to("https://calendly.com/ada/30min/2026-01-06T09:00:00Z?month=2026-01&date=2026-01-06", "Asia/Tokyo",
                 day("2026-01-06")) ==
        "https://slots.example.com/ada/30min/2026-01-06T09:00:00Z?month=2026-01&date=2026-01-06&timezone=Asia%2FTokyo");
  CHECK(links.to("https://calendly.com/d/abc-def/intro", "UTC") == "https://slots.example.com/d/abc-def/intro?timezone=UTC");
  // A link that is not Calendly's is not changed.
  CHECK(links.to("https://calendly.com", "UTC") == "https://calendly.com?timezone=UTC");
  CHECK(Links().to("https://calendly.com/ada/30min?utm_source=x&timezone=UTC#top", "Asia/Tokyo") ==
        "https://calendly.com/ada/30min?utm_source=x&timezone=Asia%2FTokyo#top");
}

// The widget has ten languages; pages without scripts and mails were always in English.
TEST_CASE("pages: every language of the widget is spoken, none with a hole or a word of another's", "[proxy][pages]") {
  std::vector<std::string_view> tags;
  for (const Language& language : languages()) tags.push_back(language.tag);
  CHECK(tags == std::vector<std::string_view>{"ar", "de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt"});
  EventType type = plain_type();
  type.kind = "group";
  type.description.clear();
  const auto everything_in = [&](const Language& language) {
    EventPage page{.language = language, .type = type, .path = "/ada/30min", .zone = "UTC", .is_hosts_zone = true};
    page.today = day("2026-01-05");
    page.days = {day("2026-01-09"), day("2026-01-16")};
    page.times = times_from(plain_answer(type), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), language, {});
    page.times->is_complete = false;
    page.times->age = minutes(12);
    std::string all = html_from_event(page);
    page.times.reset();
    for (const Unknown why : {Unknown::at_calendly, Unknown::failed, Unknown::refused, Unknown::slow}) {
      page.unknown = why;
      all += html_from_event(page);
    }
    all += html_from_owner({language, "Ada", "https://calendly.com/ada", "", "/ada", {}, {}});
    all += html_of_not_found(language) + html_of_root(language, false);
    MailBlock block{.language = language,
                    .type = type,
                    .times = times_from(plain_answer(type), ZoneOffsets(), instant("2026-01-05T10:00:00Z"), language, {}),
                    .all_times = "https://x.example",
                    .as_of = day_and_clock_text(language, instant("2026-01-05T10:00:00Z"), ZoneOffsets()),
                    .until = "x"};
    all += html_from_mail(block) + text_from_mail(block);
    block.times.free.clear();
    return all + text_from_mail(block);
  };
  for (const Language& language : languages()) {
    INFO(language.tag);
    const std::string all = everything_in(language);
    CHECK(has(all, "<html lang=\"" + std::string(language.tag) + "\"" + (language.tag == "ar" ? " dir=\"rtl\">" : ">")));
    CHECK(has(all, "<table role=\"presentation\" lang=\"" + std::string(language.tag) + "\""));
    CHECK_FALSE(has(all, "{" + std::string("0}")));
    // A missing text would show its key.
    for (const Message& message : english().messages) {
      if (message.key.find('-') != std::string_view::npos) CHECK_FALSE(has(all, ">" + std::string(message.key) + "<"));
    }
    for (const char* word :
         {"Next week", "Previous week", "Time zone", "Show<", "January", "Tuesday", "left", "Free ", "Book "}) {
      INFO(word);
      CHECK(has(all, word) == (language.tag == "en"));
    }
  }
  const auto in = [](const char* tag) -> const Language& { return *language_from_tag(tag); };
  CHECK(day_text(in("de"), day("2026-01-06")) == "Dienstag, 6. Januar");
  CHECK(day_text(in("ja"), day("2026-01-06")) == "1月6日火曜日");
  CHECK(clock_text(in("de"), instant("2026-01-06T09:05:00Z"), ZoneOffsets()) == "09:05");
  CHECK(clock_text(in("hi"), instant("2026-01-06T21:05:00Z"), ZoneOffsets()) == "9:05 pm");
  CHECK(length_text(in("fr"), minutes(90)) == "1 heure 30 minutes");
  CHECK(words(in("ar"), "places-left", 1LL) == "بقي مكان واحد");
  CHECK(words(in("ar"), "places-left", 2LL) == "بقي مكانان");
  CHECK(has(words(in("ar"), "places-left", 103LL), "أماكن"));
  CHECK(words(in("nl"), "zone-of-host", "Europe/Amsterdam") ==
        "De tijden gelden voor Europe/Amsterdam, de tijdzone van de gastheer");
}

TEST_CASE("pages: which language is spoken: the one named, one that is accepted, the event type's own, English",
          "[proxy][pages]") {
  struct Row {
    const char* named;
    const char* accepted;
    const char* own;
    const char* spoken;
  };
  for (const Row& row :
       {Row{"", "", "", "en"}, Row{"", "", "fr", "fr"}, Row{"", "", "pt_BR", "pt"},
        Row{"", "de-AT,de;q=0.9,en;q=0.8", "fr", "de"}, Row{"", "sv, fr;q=0.2, ja;q=0.7", "", "ja"}, Row{"", "sv,fi", "nl", "nl"},
        Row{"", "en", "fr", "en"}, Row{"es", "de", "fr", "es"}, Row{"ES-mx", "de", "fr", "es"}, Row{"xx", "de", "fr", "de"},
        Row{"", "de;q=0,it", "", "it"}, Row{"", "*", "it", "it"}, Row{"", ";;;,,=q", "", "en"}, Row{"", "DE", "", "de"}}) {
    CAPTURE(row.named, row.accepted, row.own);
    CHECK(language_for(row.named, row.accepted, row.own).tag == row.spoken);
  }
}

// Crawlers treat a relative canonical address as an error; a host taken from the request is no better.
TEST_CASE("pages: a canonical address is whole or is not there", "[proxy][pages]") {
  EventPage page = plain_page(plain_type());
  CHECK_FALSE(has(html_from_event(page), "canonical"));
  page.origin = "https://slots.example.com";
  CHECK(has(html_from_event(page), "<link rel=\"canonical\" href=\"https://slots.example.com/ada/30min\">"));
}

}  // namespace slotwire::tests
