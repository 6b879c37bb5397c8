// Calendly's event types and what they ask: nothing but the public part gets through, and stores and answers keep it as it is.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "proxy/calendly/availability_json.h"
#include "proxy/calendly/booking_form.h"
#include "shared/answers.h"
#include "shared/json_members.h"
#include "shared/wire_json.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

void hold_types(const std::vector<EventType>& types) {
  std::vector<EventType> shown;
  for (const EventType& type : types) {
    holds(!type.uri.empty() && type.duration.count() > 0 && type.duration <= std::chrono::days(31),
          "a type has a name and a length");
    holds(type.color.empty() || (type.color.size() == 7 && type.color[0] == '#'), "a colour is a colour");
    if (type.active && !type.secret) shown.push_back(type);
  }
  const std::string json = json_from_event_types(ConnectionMode::pat, types);
  holds(json.find('<') == json.npos, "nothing in an answer ends a script");
  const auto read = event_types_from_json(json);
  holds(read && *read == shown, "active types that are not secret are told as they were read, and no others");
}

void hold_form(const calendly::BookingForm& form) {
  for (std::size_t i = 0; i < form.questions.size(); ++i) {
    holds(!form.questions[i].name.empty(), "a question says something");
    holds(i == 0 || form.questions[i - 1].position <= form.questions[i].position, "questions stand in their order");
  }
  for (const auto& place : form.places)
    holds(place.kind != "inbound_call" || place.text.empty(), "the host's number is nobody's to see");
  const auto kept = calendly::form_from_text(calendly::text_from_form(form));
  holds(kept && *kept == form, "a store gives back the form it was given");
}

}  // namespace

FUZZ_TARGET(calendly_types) {
  const auto page = event_types_from_calendly(bytes);
  const auto forms = calendly::booking_forms_from_calendly(bytes);
  if (page) {
    hold_types(page->types);
    const Json document = json_from_text(bytes);
    holds(page->types.size() + page->left_out.size() == list_at(document, "collection").size(),
          "each is shown, or named as left out");
    for (const EventType& type : page->types) holds(forms.contains(type.uri), "each type that is shown has a form");
    holds(!page->next_page_token || !page->next_page_token->empty(), "a page that follows has a name");
  } else {
    holds(page.error().code == ErrorCode::calendly_unavailable, "what cannot be read is Calendly's failure");
  }
  for (const auto& [uri, form] : forms) hold_form(form);

  if (const auto type = event_type_from_calendly(bytes)) hold_types({*type});
  if (const auto settings = calendly::type_settings_from_calendly(bytes)) {
    holds(settings->duration.count() > 0 && settings->increment.count() > 0, "starts have a distance");
    holds(settings->before_buffer.count() >= 0 && settings->after_buffer.count() >= 0, "buffers take time and give none");
  }
  if (const auto form = calendly::form_from_text(bytes)) {
    const auto again = calendly::form_from_text(calendly::text_from_form(*form));
    holds(again && *again == *form, "a form from a store is the same in the next store");
  }
}
