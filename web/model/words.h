#pragma once
// Texts that depend on the visitor's language, and their source. The model requests them; the page (Intl and its translation
// table) or a test provides them. Nothing here formats.
#include <string>
#include <string_view>

namespace slotwire::web {

// Numbers are part of the page ABI (page_words): append, never reorder. "ms" is an instant in milliseconds since 1970 UTC,
// shown in the chosen zone (the one last given with sw_zone); "day" is days since 1970-01-01; b is unused where not named.
enum class Format {
  month_title = 0,     // a year, b month 1..12          "January 2026"
  weekday_narrow = 1,  // a 0 Sunday .. 6                "M"
  weekday_short = 2,   // a 0 Sunday .. 6                "Mon"
  weekday_long = 3,    // a 0 Sunday .. 6                "Monday"
  day_long = 4,        // a day                          "Tuesday, January 6, 2026"
  day_heading = 5,     // a day                          "Monday, Jan 6"
  time_12h = 6,        // a ms                           "2:00 PM"
  time_24h = 7,        // a ms                           "14:00"
  range_12h = 8,       // a ms, b ms                     "2:00 PM - 2:30 PM" in the locale's manner
  range_24h = 9,       // a ms, b ms                     "14:00 - 14:30"
  zone_title = 10,     // a ms                           "Amsterdam (GMT+1)": chosen zone, offset at that instant
  zone_offset = 11,    // a ms                           "GMT+1"
  number = 12,         // a number                       "1,250"
  duration = 13,       // a minutes                      "30 min", "1 hr 30 min"
  age = 14,            // a seconds >= 0                 "5 minutes ago"
  wait = 15,           // a seconds >= 0                 "20 seconds"
  free_times = 16,     // a count                        "3 free times", "1 free time", "no free times"
  places_left = 17,    // a count                        "4 places left"
  results = 18,        // a count                        "12 results"
  month_name = 19,     // a year, b month 1..12          "January"
  week_title = 20,     // a first day, b last day        "Jan 5 - 11, 2026" in the locale's manner
};

// Message keys and their English texts. {0} and {1} are filled in by the caller; translations may reorder them.
struct Message {
  std::string_view key;
  std::string_view english;
};

inline constexpr Message kMessages[] = {
    {"picker", "Choose a time"},
    {"choose-month", "Choose a month"},
    {"choose-type", "Choose a meeting"},
    {"back-to-types", "All meetings"},
    {"previous-month", "Previous month"},
    {"next-month", "Next month"},
    {"previous-week", "Previous week"},
    {"next-week", "Next week"},
    {"today", "Today"},
    {"first-free", "First free"},
    {"morning", "Morning"},
    {"afternoon", "Afternoon"},
    {"evening", "Evening"},
    {"times-of", "Free times on {0}"},
    {"times-pick-day", "Choose a day to see its times"},
    {"times-none", "No free times on this day"},
    {"times-loading", "Loading free times"},
    {"times-unknown", "The free times of this day could not be loaded"},
    {"month-none", "No free times in {0}"},
    {"next-free", "Go to {0}"},
    {"searching-next", "Looking for the next free day"},
    {"none-ahead", "No free times up to {0}"},
    {"week-none", "No free times this week"},
    {"beyond-horizon", "Not open yet, or full"},
    {"book-now", "Book now"},
    {"book-label", "Book now: {0}"},
    {"chosen", "{0} chosen. Book now is next."},
    {"checking", "Checking this time"},
    {"just-taken", "This time was just taken: {0}"},
    {"nearest", "The nearest free times"},
    {"nearest-none", "There is no other free time near it"},
    {"more-times", "Show more times"},
    {"all-times", "See all times"},
    {"booked", "You are booked"},
    {"booked-hint", "The details are on their way by e-mail"},
    {"add-to-calendar", "Add to calendar"},
    {"book-another", "Choose another time"},
    {"reschedule-booking", "Reschedule"},
    {"cancel-booking", "Cancel booking"},
    {"day-status", "{0}, {1}"},
    {"again", "{0} ({1})"},
    {"zone", "Time zone"},
    {"zone-button", "Time zone: {0}"},
    {"zone-search", "Search time zones"},
    {"zone-none", "No time zone of this name"},
    {"zone-changed", "Times are shown in {0}"},
    {"close", "Close"},
    {"hours", "Clock"},
    {"hours-12", "12h"},
    {"hours-24", "24h"},
    {"stale", "These times are from {0} and may have changed"},
    {"part-failed", "Some days could not be loaded"},
    {"retry", "Try again"},
    {"offline", "You appear to be offline"},
    {"offline-hint", "Free times will load when the connection is back"},
    {"failed", "Free times could not be loaded"},
    {"failed-hint", "The calendar did not answer. Nothing is lost: try again in a moment"},
    {"limited", "Too many requests just now"},
    {"limited-hint", "Trying again in {0}"},
    {"not-configured", "Booking is not set up yet"},
    {"not-configured-hint", "The owner of this page has yet to connect a calendar"},
    {"unknown-type", "This meeting does not exist"},
    {"unknown-type-hint", "It may have been renamed or switched off"},
    {"public-link", "Choose a time on the booking page"},
    {"open-booking", "Open booking page"},
    {"no-types", "There is nothing to book at the moment"},
    {"loading", "Loading"},
    {"loaded", "{0}: {1}"},
    {"kind-group", "Group"},
    {"place-physical", "In person"},
    {"place-inbound_call", "By phone: you call"},
    {"place-outbound_call", "By phone: you are called"},
    {"place-ask_invitee", "A place you name"},
    {"place-online", "Online meeting"},
    {"place-several", "Choice of place"},
    {"about-more", "Show more"},
    {"about-less", "Show less"},
    {"also-lengths", "also {0} on the booking page"},
};

// Source of the model's texts. There are two: the page, and plain English for tests.
class Words {
 public:
  virtual ~Words() = default;
  [[nodiscard]] virtual std::string formatted(Format kind, double a, double b) const = 0;
  [[nodiscard]] virtual std::string message(std::string_view key) const = 0;
};

// `pattern` with {0} and {1} replaced.
[[nodiscard]] std::string filled(std::string_view pattern, std::string_view first, std::string_view second = {});

}  // namespace slotwire::web
