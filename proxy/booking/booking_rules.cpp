#include "proxy/booking/booking_rules.h"

#include <algorithm>
#include <set>

#include "proxy/text/ascii.h"

namespace slotwire::booking {

using calendly::BookingQuestion;

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestEmail = 254;  // RFC 5321
constexpr std::size_t kLongestAnswer = 10'000;
constexpr std::size_t kLongestPlace = 500;
constexpr std::size_t kLongestTracking = 255;

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Refuses only what cannot be an address. Whether mail arrives is for Calendly to find out.
bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > kLongestEmail || has_control(text)) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (text.find_first_of(" ,;<>()\"") != std::string_view::npos || local.find('@') != std::string_view::npos) return false;
  return domain.find('.') != std::string_view::npos && !domain.starts_with('.') && !domain.ends_with('.') &&
         domain.find("..") == std::string_view::npos;
}

// Accepts common notations: "+49 30 123-456", "(030) 123456".
bool is_phone_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const bool is_plain = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || std::string_view("+ -().").find(c) != std::string_view::npos;
  });
  return is_plain && digits >= 5 && digits <= 15;  // E.164 has at most fifteen
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_blank(line)) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string field_of(const BookingQuestion& question) { return "answers." + std::to_string(question.position); }

const BookingQuestion* asked_by(const BookingWish::Answer& answer, const calendly::BookingForm& form) {
  const auto found = std::find_if(form.questions.begin(), form.questions.end(), [&](const BookingQuestion& question) {
    if (answer.position && *answer.position != question.position) return false;
    return answer.question.empty() ? answer.position.has_value() : answer.question == question.name;
  });
  return found == form.questions.end() ? nullptr : &*found;
}

const BookingWish::Answer* answer_to(const BookingQuestion& question, const BookingWish& wish,
                                     const calendly::BookingForm& form) {
  const auto found = std::find_if(wish.answers.begin(), wish.answers.end(),
                                  [&](const BookingWish::Answer& answer) { return asked_by(answer, form) == &question; });
  return found == wish.answers.end() ? nullptr : &*found;
}

// Empty: no problem.
std::string problem_of_answer(const BookingQuestion& question, std::string_view text) {
  const auto is_option = [&](const std::string& choice) {
    return question.takes_other || std::find(question.options.begin(), question.options.end(), choice) != question.options.end();
  };
  switch (question.kind) {
    case calendly::QuestionKind::string:
    case calendly::QuestionKind::text:
      return {};
    case calendly::QuestionKind::phone_number:
      return is_phone_number(text) ? "" : "must be a phone number";
    case calendly::QuestionKind::single_select:
      return is_option(std::string(text)) ? "" : "must be one of the options";
    case calendly::QuestionKind::multi_select: {
      const std::vector<std::string> choices = lines_of(text);
      if (std::set<std::string>(choices.begin(), choices.end()).size() != choices.size()) return "names an option twice";
      return std::all_of(choices.begin(), choices.end(), is_option) ? "" : "must be one or more of the options, one a line";
    }
  }
  return {};
}

// The place that the wish means. nullptr: it names none, or several match.
const calendly::BookingPlace* chosen_place(const BookingWish& wish, const calendly::BookingForm& form) {
  if (!wish.place) return form.places.size() == 1 ? &form.places.front() : nullptr;
  std::vector<const calendly::BookingPlace*> of_kind;
  for (const calendly::BookingPlace& place : form.places) {
    if (place.kind == wish.place->kind) of_kind.push_back(&place);
  }
  if (of_kind.empty()) return nullptr;
  if (of_kind.size() == 1 || of_kind.front()->asks != calendly::PlaceAsks::nothing) return of_kind.front();
  const auto named = std::find_if(of_kind.begin(), of_kind.end(),
                                  [&](const calendly::BookingPlace* place) { return place->text == wish.place->text; });
  if (named != of_kind.end()) return *named;
  // Places whose text visitors may not see cannot be told apart by them, so the first one is used.
  return calendly::is_fit_to_show(*of_kind.front()) ? nullptr : of_kind.front();
}

std::optional<ErrorDetail> problem_of_place(const BookingWish& wish, const calendly::BookingForm& form) {
  if (form.places.empty()) {
    if (!wish.place) return std::nullopt;
    return ErrorDetail{"location.kind", "this event type has no places to choose from"};
  }
  if (!wish.place && form.places.size() > 1) return ErrorDetail{"location.kind", "must be chosen"};
  const calendly::BookingPlace* place = chosen_place(wish, form);
  if (!place) {
    const bool is_kind = std::any_of(form.places.begin(), form.places.end(),
                                     [&](const calendly::BookingPlace& each) { return each.kind == wish.place->kind; });
    return is_kind ? ErrorDetail{"location.location", "must be one of the places offered"}
                   : ErrorDetail{"location.kind", "is not one of the places offered"};
  }
  const std::string_view text = wish.place ? std::string_view(wish.place->text) : std::string_view();
  if (place->asks == calendly::PlaceAsks::phone && !is_phone_number(text)) {
    return ErrorDetail{"location.location",
                       is_blank(text) ? "is missing: a phone number to be called at" : "must be a phone number"};
  }
  if (place->asks == calendly::PlaceAsks::text && is_blank(text))
    return ErrorDetail{"location.location", "is missing: where to meet"};
  return std::nullopt;
}

// A guest who is named twice, or is the invitee, would be invited twice.
void add_problems_of_guests(std::vector<ErrorDetail>& problems, const BookingWish& wish) {
  if (wish.guests.size() > calendly::kMostGuests) problems.push_back({"guests", "must be at most 10 addresses"});
  std::set<std::string> named;
  for (std::size_t i = 0; i < wish.guests.size(); ++i) {
    const std::string field = "guests." + std::to_string(i);
    const std::string address = text::lowered(wish.guests[i]);
    if (!is_email(address))
      problems.push_back({field, "must be an email address"});
    else if (address == text::lowered(wish.email))
      problems.push_back({field, "is the invitee's own address"});
    else if (!named.insert(address).second)
      problems.push_back({field, "is named twice"});
  }
}

}  // namespace

bool is_idempotency_key(std::string_view text) {
  return !text.empty() && text.size() <= 200 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && static_cast<unsigned char>(c) < 0x7f; });
}

std::vector<ErrorDetail> problems_of(const BookingWish& wish, const time::Zones& zones) {
  std::vector<ErrorDetail> problems;
  if (!wish.start) problems.push_back({"start", "is missing"});
  if (is_blank(wish.name)) {
    problems.push_back({"invitee.name", "is missing"});
  } else if (letters_in(wish.name) > kLongestName || has_control(wish.name)) {
    problems.push_back({"invitee.name", "must be one line of at most 255 characters"});
  }
  if (is_blank(wish.email)) {
    problems.push_back({"invitee.email", "is missing"});
  } else if (!is_email(wish.email)) {
    problems.push_back({"invitee.email", "must be an email address"});
  }
  if (is_blank(wish.timezone)) {
    problems.push_back({"invitee.timezone", "is missing"});
  } else if (!zones.find(wish.timezone)) {
    problems.push_back({"invitee.timezone", "must be a time zone like Europe/Berlin"});
  }
  add_problems_of_guests(problems, wish);
  for (const BookingWish::Answer& answer : wish.answers) {
    if (letters_in(answer.text) <= kLongestAnswer) continue;
    problems.push_back(
        {answer.position ? "answers." + std::to_string(*answer.position) : "answers", "must have at most 10,000 characters"});
  }
  if (wish.place && (letters_in(wish.place->text) > kLongestPlace || has_control(wish.place->text))) {
    problems.push_back({"location.location", "must be one line of at most 500 characters"});
  }
  for (std::size_t i = 0; i < kTrackingNames.size(); ++i) {
    if (letters_in(wish.tracking.at(i)) <= kLongestTracking) continue;
    problems.push_back({"tracking." + std::string(kTrackingNames.at(i)), "must have at most 255 characters"});
  }
  return problems;
}

std::vector<ErrorDetail> problems_with_form(const BookingWish& wish, const calendly::BookingForm& form, Instant now) {
  std::vector<ErrorDetail> problems;
  if (wish.start && *wish.start <= now) problems.push_back({"start", "has passed"});
  if (form.most_guests == 0 && !wish.guests.empty()) problems.push_back({"guests", "this event type takes no guests"});
  std::set<const BookingQuestion*> answered;
  for (const BookingWish::Answer& answer : wish.answers) {
    const BookingQuestion* question = asked_by(answer, form);
    const std::string field = answer.position ? "answers." + std::to_string(*answer.position) : "answers";
    if (!question) {
      problems.push_back({field, "this event type does not ask that"});
    } else if (!answered.insert(question).second) {
      problems.push_back({field_of(*question), "is answered twice"});
    }
  }
  for (const BookingQuestion& question : form.questions) {
    const BookingWish::Answer* answer = answer_to(question, wish, form);
    if (!answer || is_blank(answer->text)) {
      if (question.is_required) problems.push_back({field_of(question), "is missing"});
    } else if (std::string problem = problem_of_answer(question, answer->text); !problem.empty()) {
      problems.push_back({field_of(question), std::move(problem)});
    }
  }
  if (auto problem = problem_of_place(wish, form)) problems.push_back(std::move(*problem));
  return problems;
}

calendly::InviteeOrder order_from(const BookingWish& wish, const EventType& type, const calendly::BookingForm& form) {
  calendly::InviteeOrder order;
  order.event_type_uri = type.uri;
  order.start = wish.start.value_or(Instant());
  order.name = wish.name;
  order.email = wish.email;
  order.timezone = wish.timezone;
  order.guests = wish.guests;
  for (const BookingQuestion& question : form.questions) {
    const BookingWish::Answer* answer = answer_to(question, wish, form);
    if (answer && !is_blank(answer->text)) order.answers.push_back({question.name, answer->text, question.position});
  }
  if (const calendly::BookingPlace* place = chosen_place(wish, form)) {
    const bool is_visitors = place->asks != calendly::PlaceAsks::nothing && wish.place;
    order.place = calendly::InviteeOrder::Place{place->kind, is_visitors ? wish.place->text : place->text};
  }
  order.tracking = wish.tracking;
  return order;
}

Error error_from_problems(std::vector<ErrorDetail> problems) {
  // The first problem of each field is the most informative one.
  std::set<std::string> seen;
  std::erase_if(problems, [&](const ErrorDetail& problem) { return !seen.insert(problem.field).second; });
  Error error{ErrorCode::bad_input, "This cannot be booked as it is: "};
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (i != 0) error.detail += "; ";
    error.detail += problems[i].field + " " + problems[i].message;
  }
  error.details = std::move(problems);
  return error;
}

std::vector<ErrorDetail> problems_from_refusal(const CalendlyProblem& refusal) {
  // Names in parameters and codes, and the words that Calendly is known to use in its sentences.
  constexpr std::array kFields = {
      std::pair<std::string_view, std::string_view>{"email", "invitee.email"},
      std::pair<std::string_view, std::string_view>{"invitee.name", "invitee.name"},
      std::pair<std::string_view, std::string_view>{"timezone", "invitee.timezone"},
      std::pair<std::string_view, std::string_view>{"time zone", "invitee.timezone"},
      std::pair<std::string_view, std::string_view>{"start_time", "start"},
      std::pair<std::string_view, std::string_view>{"start time", "start"},
      std::pair<std::string_view, std::string_view>{"questions_and_answers", "answers"},
      std::pair<std::string_view, std::string_view>{"questions and answers", "answers"},
      std::pair<std::string_view, std::string_view>{"location", "location.location"},
      std::pair<std::string_view, std::string_view>{"tracking", "tracking"},
      std::pair<std::string_view, std::string_view>{"event_type", "eventType"},
      std::pair<std::string_view, std::string_view>{"guest", "guests"},
  };
  std::vector<ErrorDetail> problems;
  std::set<std::string_view> named;
  const auto name_all_in = [&](std::string_view text) {
    const std::string lower = text::lowered(text);
    // "email" in a message about guests does not mean the invitee's email.
    const bool is_about_guests = lower.find("guest") != std::string::npos;
    for (const auto& [theirs, ours] : kFields) {
      if (lower.find(theirs) == std::string::npos || (is_about_guests && ours != "guests")) continue;
      if (!named.insert(ours).second) continue;
      problems.push_back({std::string(ours), "was not accepted by Calendly"});
    }
  };
  for (const ErrorDetail& detail : refusal.details) name_all_in(detail.field);
  for (const std::string& code : refusal.detail_codes) name_all_in(code);
  if (!problems.empty()) return problems;
  for (const ErrorDetail& detail : refusal.details) name_all_in(detail.message);
  if (problems.empty()) name_all_in(refusal.message);
  return problems;
}

bool is_taken(const CalendlyProblem& refusal) {
  const auto& codes = refusal.detail_codes;
  if (std::find(codes.begin(), codes.end(), "already_filled") != codes.end()) return true;
  const auto says_so = [](std::string_view text) {
    const std::string lower = text::lowered(text);
    return lower.find("time has been filled") != std::string::npos || lower.find("already filled") != std::string::npos;
  };
  return says_so(refusal.message) || std::any_of(refusal.details.begin(), refusal.details.end(),
                                                 [&](const ErrorDetail& detail) { return says_so(detail.message); });
}

bool is_complaint_of_start(const CalendlyProblem& refusal) {
  const auto names_it = [](std::string_view text) {
    const std::string lower = text::lowered(text);
    return lower.find("start_time") != std::string::npos || lower.find("start time") != std::string::npos;
  };
  if (is_taken(refusal)) return false;
  if (refusal.details.empty()) return names_it(refusal.message);
  return std::any_of(refusal.details.begin(), refusal.details.end(),
                     [&](const ErrorDetail& detail) { return names_it(detail.field); });
}

namespace {

// Removes the words wherever they occur, in upper or lower case.
void redact(std::string& text, std::string_view words) {
  const std::string sought = text::lowered(text::trimmed(words));
  if (sought.empty()) return;
  std::string lower = text::lowered(text);
  for (std::size_t at = lower.find(sought); at != std::string::npos; at = lower.find(sought, at + 1)) {
    text.replace(at, sought.size(), "*");
    lower.replace(at, sought.size(), "*");
  }
}

// The parts that identify a person by themselves: "Grace" of "Grace Hopper", "grace.hopper" of her address.
std::vector<std::string_view> identifying_parts(std::string_view all) {
  constexpr std::size_t kTelling = 3;
  constexpr std::string_view kBetween = " \t\r\n,;@<>()\"";
  std::vector<std::string_view> words;
  while (!all.empty()) {
    const std::size_t end = std::min(all.find_first_of(kBetween), all.size());
    if (end >= kTelling) words.push_back(all.substr(0, end));
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  return words;
}

}  // namespace

std::string text_for_log(const CalendlyProblem& refusal, const BookingWish& wish) {
  constexpr std::size_t kLongest = 500;
  std::string text = "\"" + refusal.title + "\", \"" + refusal.message + "\"";
  for (const ErrorDetail& detail : refusal.details) text += ", " + detail.field + ": \"" + detail.message + "\"";
  for (const std::string& code : refusal.detail_codes) text += ", " + code;
  std::vector<std::string_view> visitors;
  // Not the single words of answers: many are common words such as "start" and "time".
  std::vector<std::string_view> told_in_parts = {wish.email, wish.name};
  told_in_parts.insert(told_in_parts.end(), wish.guests.begin(), wish.guests.end());
  for (const std::string_view all : told_in_parts) {
    visitors.push_back(all);
    const std::vector<std::string_view> words = identifying_parts(all);
    visitors.insert(visitors.end(), words.begin(), words.end());
  }
  for (const BookingWish::Answer& answer : wish.answers) visitors.push_back(answer.text);
  if (wish.place) visitors.push_back(wish.place->text);
  for (const std::string_view words : visitors) redact(text, words);
  if (text.size() > kLongest) text.resize(kLongest);
  return text;
}

}  // namespace slotwire::booking
