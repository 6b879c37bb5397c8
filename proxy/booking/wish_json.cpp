#include "proxy/booking/wish_json.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "shared/json_members.h"

namespace slotwire::booking {
namespace {

// Reads a booking's fields one by one and records every problem, so that all are reported at once.
class WishReader {
 public:
  ReadWish read(const Json& body) {
    BookingWish& wish = read_.wish;
    // A misspelt field would be lost silently: a guest who is not invited, a campaign that is not counted.
    check_names(body, "", {"eventType", "start", "invitee", "answers", "guests", "location", "tracking"});
    wish.event_type = needed(body, "eventType", "eventType");
    if (wish.event_type.size() > 500) complain("eventType", "must have 1 to 500 characters");
    if (const std::string start = needed(body, "start", "start"); !start.empty()) {
      if (const auto instant = instant_from_text(start)) {
        wish.start = *instant;
      } else {
        complain("start", "must be a time like 2026-01-06T14:00:00Z");
      }
    }
    const Json& invitee = object(body, "invitee");
    check_names(invitee, "invitee.", {"name", "email", "timezone"});
    wish.name = needed(invitee, "name", "invitee.name");
    wish.email = needed(invitee, "email", "invitee.email");
    wish.timezone = needed(invitee, "timezone", "invitee.timezone");
    read_guests(body);
    read_answers(body);
    if (has(body, "location")) {
      const Json& place = object(body, "location");
      check_names(place, "location.", {"kind", "location"});
      wish.place = BookingWish::Place{needed(place, "kind", "location.kind"), text(place, "location", "location.location")};
    }
    const Json& tracking = object(body, "tracking");
    check_names(tracking, "tracking.", kTrackingNames);
    for (std::size_t i = 0; i < kTrackingNames.size(); ++i) {
      const std::string name(kTrackingNames.at(i));
      wish.tracking.at(i) = text(tracking, name, "tracking." + name);
    }
    return std::move(read_);
  }

 private:
  static constexpr std::size_t kMostAnswers = 50;

  static bool has(const Json& object, const std::string& name) {
    const auto found = object.find(name);
    return found != object.end() && !found->is_null();
  }
  void check_names(const Json& object, const std::string& path, std::initializer_list<std::string_view> known) {
    check_names(object, path, std::span(known.begin(), known.size()));
  }
  void check_names(const Json& object, const std::string& path, std::span<const std::string_view> known) {
    constexpr std::size_t kMostTold = 10;
    constexpr std::size_t kLongestName = 60;
    std::size_t told = 0;
    for (const auto& [name, value] : object.items()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (++told > kMostTold) return;
      // A name may be empty; a problem without one would name nothing.
      complain(path + (name.empty() ? "\"\"" : name.substr(0, kLongestName)), "is no field of a booking");
    }
  }
  void complain(std::string field, std::string what) { read_.problems.push_back({std::move(field), std::move(what)}); }

  const Json& object(const Json& body, const std::string& name) {
    static const Json kNothing = Json::object();
    if (!has(body, name)) return kNothing;
    if (body[name].is_object()) return body[name];
    complain(name, "must be an object");
    return kNothing;
  }
  std::string text(const Json& from, const std::string& name, const std::string& field) {
    if (!has(from, name)) return {};
    if (!from[name].is_string()) {
      complain(field, "must be a text");
      return {};
    }
    return from[name].get<std::string>();
  }
  std::string needed(const Json& from, const std::string& name, const std::string& field) {
    if (!has(from, name)) {
      complain(field, "is missing");
      return {};
    }
    std::string value = text(from, name, field);
    if (value.empty() && from[name].is_string()) complain(field, "is missing");
    return value;
  }

  void read_guests(const Json& body) {
    if (!has(body, "guests")) return;
    const Json& guests = body["guests"];
    if (!guests.is_array() || guests.size() > kMostAnswers) return complain("guests", "must be a list of at most 10 addresses");
    for (std::size_t i = 0; i < guests.size(); ++i) {
      if (!guests[i].is_string()) complain("guests." + std::to_string(i), "must be a text");
      read_.wish.guests.push_back(guests[i].is_string() ? guests[i].get<std::string>() : std::string());
    }
  }

  void read_answers(const Json& body) {
    if (!has(body, "answers")) return;
    const Json& answers = body["answers"];
    if (!answers.is_array() || answers.size() > kMostAnswers) return complain("answers", "must be a list of at most 50");
    for (const Json& entry : answers) {
      if (!entry.is_object()) {
        complain("answers", "must hold objects");
        continue;
      }
      BookingWish::Answer answer;
      std::string field = "answers";
      if (has(entry, "position")) {
        const std::int64_t position = whole_number_from(entry["position"]).value_or(-1);
        if (position >= 0 && position < 10'000) {
          answer.position = static_cast<int>(position);
          field += "." + std::to_string(*answer.position);
        } else {
          complain(field, "has a position that is no number");
        }
      }
      answer.question = text(entry, "question", field);
      if (!answer.position && answer.question.empty()) complain(field, "names no question: it needs position or question");
      answer.text = choices_or_text(entry, field);
      read_.wish.answers.push_back(std::move(answer));
    }
  }

  std::string choices_or_text(const Json& entry, const std::string& field) {
    if (!has(entry, "answer") || !entry["answer"].is_array()) return text(entry, "answer", field);
    std::string lines;
    for (const Json& choice : entry["answer"]) {
      if (!choice.is_string()) {
        complain(field, "must be a text or a list of texts");
        return {};
      }
      if (!lines.empty()) lines += '\n';
      lines += choice.get<std::string>();
    }
    return lines;
  }

  ReadWish read_;
};

}  // namespace

Result<ReadWish> wish_from_json(std::string_view text) {
  const Result<Json> body = object_from_body(text);
  if (!body) return body.error();
  return WishReader().read(*body);
}

}  // namespace slotwire::booking
