// Admins' bodies: a token that is refused stands in no error, and what is taken is what the JSON says.
#include <string>

#include "proxy/routes/bodies.h"
#include "shared/json_members.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

void hold_silent(const Error& error, const std::string& secret) {
  // By a word that no sentence of ours has: the fuzzer makes secrets of our sentences.
  constexpr std::string_view kSecretWord = "hunter2";
  if (secret.find(kSecretWord) == std::string::npos) return;
  holds(error.detail.find(kSecretWord) == std::string::npos, "no error tells a token");
  for (const ErrorDetail& detail : error.details)
    holds(detail.field.find(kSecretWord) == std::string::npos && detail.message.find(kSecretWord) == std::string::npos,
          "no error tells a token");
}

template <class T>
void hold_named(const Result<T>& result, const Json& document) {
  if (result) {
    holds(document.is_object(), "only an object is taken");
  } else {
    holds(result.error().code == ErrorCode::bad_input && (!document.is_object() || !result.error().details.empty()),
          "what is wrong is named");
  }
}

}  // namespace

FUZZ_TARGET(admin_bodies) {
  const Json document = json_from_text(bytes);
  const std::string given = text_at(document, "accessToken");
  const auto token = routes::token_from_body(bytes);
  hold_named(token, document);
  if (token) {
    holds(token->reveal() == given && !given.empty(), "the token is the one that was sent");
    for (const char c : given) holds(c > 0x20 && c < 0x7f, "a token has nothing that could end a header");
  } else {
    hold_silent(token.error(), given);
  }

  const auto configuration = routes::public_configuration_from_body(bytes);
  hold_named(configuration, document);
  if (configuration) {
    holds(configuration->calendly_username == text_at(document, "calendlyUsername"), "the name that was sent");
    holds(configuration->types.size() == list_at(document, "eventTypes").size() && configuration->types.size() <= 100,
          "all of them");
    for (std::size_t i = 0; i < configuration->types.size(); ++i) {
      const Json& entry = list_at(document, "eventTypes")[i];
      holds(configuration->types[i].duration.count() == number_at(entry, "duration", 0) &&
                configuration->types[i].duration.count() > 0,
            "as long as was sent");
    }
  }
  const auto url = routes::public_url_from_body(bytes);
  hold_named(url, document);
  if (url) holds(*url == text_at(document, "publicUrl"), "the address that was sent");
  const auto type = routes::event_type_from_body(bytes);
  hold_named(type, document);
  if (type)
    holds(*type == text_at(document, "eventType") && !type->empty() && type->size() <= 500, "the event type that was sent");
  const auto opened = routes::assistant_switch_from_body(bytes);
  hold_named(opened, document);
  if (opened)
    holds(member(document, "open").is_boolean() && opened->event_type == text_at(document, "eventType"), "as it was sent");
}
