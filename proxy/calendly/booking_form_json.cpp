#include <algorithm>
#include <array>

#include "proxy/calendly/booking_form.h"
#include "shared/json_members.h"

namespace slotwire::calendly {
namespace {

constexpr std::array kQuestionKinds = {
    std::pair<std::string_view, QuestionKind>{"string", QuestionKind::string},
    std::pair<std::string_view, QuestionKind>{"text", QuestionKind::text},
    std::pair<std::string_view, QuestionKind>{"phone_number", QuestionKind::phone_number},
    std::pair<std::string_view, QuestionKind>{"single_select", QuestionKind::single_select},
    std::pair<std::string_view, QuestionKind>{"multi_select", QuestionKind::multi_select},
};
constexpr std::array kAsks = {
    std::pair<std::string_view, PlaceAsks>{"none", PlaceAsks::nothing},
    std::pair<std::string_view, PlaceAsks>{"phone", PlaceAsks::phone},
    std::pair<std::string_view, PlaceAsks>{"text", PlaceAsks::text},
};

template <class Pairs, class Value>
std::string_view name_in(const Pairs& pairs, Value value) {
  return std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.second == value; })->first;
}

template <class Pairs, class Value>
Value value_in(const Pairs& pairs, std::string_view name, Value otherwise) {
  const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == name; });
  return found == pairs.end() ? otherwise : found->second;
}

// The question's position; the place in the list when it is not a number.
int position_at(const Json& object, std::size_t otherwise) {
  constexpr std::int64_t kMost = 10'000;
  const std::int64_t position = number_at(object, "position", -1);
  return static_cast<int>(position >= 0 && position <= kMost ? position : static_cast<std::int64_t>(otherwise));
}

BookingQuestion question_from(const Json& entry, std::size_t index) {
  BookingQuestion question;
  question.name = text_at(entry, "name");
  question.kind = value_in(kQuestionKinds, text_at(entry, "type"), QuestionKind::text);
  question.position = position_at(entry, index);
  question.is_required = flag_at(entry, "required", false);
  question.takes_other = flag_at(entry, "include_other", false);
  for (const Json& option : list_at(entry, "answer_choices")) {
    if (option.is_string()) question.options.push_back(option.get<std::string>());
  }
  return question;
}

// "physical" and "custom" have a text by the host, "outbound_call" calls the visitor, "ask_invitee" lets the visitor choose.
// "inbound_call" has the host's own number, which only people who have booked may see.
BookingPlace place_from_calendly(const Json& entry) {
  BookingPlace place;
  place.kind = text_at(entry, "kind");
  if (place.kind == "physical" || place.kind == "custom") place.text = text_at(entry, "location");
  if (place.kind == "outbound_call") place.asks = PlaceAsks::phone;
  if (place.kind == "ask_invitee") place.asks = PlaceAsks::text;
  return place;
}

BookingForm form_from_calendly(const Json& type) {
  BookingForm form;
  std::size_t index = 0;
  for (const Json& entry : list_at(type, "custom_questions")) {
    BookingQuestion question = question_from(entry, index++);
    if (!question.name.empty() && flag_at(entry, "enabled", true)) form.questions.push_back(std::move(question));
  }
  std::stable_sort(form.questions.begin(), form.questions.end(),
                   [](const BookingQuestion& a, const BookingQuestion& b) { return a.position < b.position; });
  for (const Json& entry : list_at(type, "locations")) {
    BookingPlace place = place_from_calendly(entry);
    if (!place.kind.empty()) form.places.push_back(std::move(place));
  }
  form.is_elsewhere = text_at(type, "booking_method") == "poll" || flag_at(type, "is_paid", false);
  return form;
}

}  // namespace

std::string_view name_from_question_kind(QuestionKind kind) { return name_in(kQuestionKinds, kind); }
std::string_view name_from_place_asks(PlaceAsks asks) { return name_in(kAsks, asks); }

std::map<std::string, BookingForm> booking_forms_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  std::map<std::string, BookingForm> forms;
  for (const Json& type : list_at(document, "collection")) {
    std::string uri = text_at(type, "uri");
    if (!uri.empty()) forms[std::move(uri)] = form_from_calendly(type);
  }
  return forms;
}

std::string text_from_form(const BookingForm& form) {
  Json questions = Json::array();
  for (const BookingQuestion& question : form.questions) {
    questions.push_back({{"name", question.name},
                         {"type", std::string(name_from_question_kind(question.kind))},
                         {"position", question.position},
                         {"required", question.is_required},
                         {"answer_choices", question.options},
                         {"include_other", question.takes_other}});
  }
  Json places = Json::array();
  for (const BookingPlace& place : form.places) {
    places.push_back({{"kind", place.kind}, {"text", place.text}, {"asks", std::string(name_from_place_asks(place.asks))}});
  }
  Json document = {{"questions", std::move(questions)}, {"places", std::move(places)}};
  if (form.is_elsewhere) document["elsewhere"] = true;
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<BookingForm> form_from_text(std::string_view text) {
  const Json document = json_from_text(text);
  if (!document.is_object() || !document.contains("questions") || !document.contains("places")) return std::nullopt;
  BookingForm form;
  for (const Json& entry : list_at(document, "questions")) form.questions.push_back(question_from(entry, form.questions.size()));
  for (const Json& entry : list_at(document, "places")) {
    form.places.push_back(
        {text_at(entry, "kind"), text_at(entry, "text"), value_in(kAsks, text_at(entry, "asks"), PlaceAsks::nothing)});
  }
  form.is_elsewhere = flag_at(document, "elsewhere", false);
  return form;
}

bool is_fit_to_show(const BookingPlace& place) {
  if (place.kind != "custom") return true;
  constexpr std::ptrdiff_t kPhoneDigits = 7;
  const auto digits = std::count_if(place.text.begin(), place.text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return place.text.find("://") == std::string::npos && place.text.find("www.") == std::string::npos && digits < kPhoneDigits;
}

}  // namespace slotwire::calendly
