// Percent-encoding, queries and forms: as a second, slower reading has them, what is written is read again, and only what names
// us is changed in what goes on to Calendly.
#include <optional>
#include <string>

#include "proxy/dropin/endpoints.h"
#include "proxy/dropin/form_text.h"
#include "proxy/dropin/own_uris.h"
#include "proxy/dropin/question.h"
#include "proxy/dropin/times_json.h"
#include "proxy/http/message.h"
#include "shared/json_members.h"
#include "shared/percent.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

// By the C library's reading of two digits; no bytes of value nothing.
std::optional<std::string> slowly_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  while (!text.empty()) {
    if (text[0] != '%') {
      out += plus_is_space && text[0] == '+' ? ' ' : text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::string digits(text.substr(1, 2));
    if (digits.size() != 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos) return std::nullopt;
    const long value = std::strtol(digits.c_str(), nullptr, 16);
    if (value == 0) return std::nullopt;
    out += static_cast<char>(value);
    text.remove_prefix(3);
  }
  return out;
}

void hold_pairs(std::string_view query) {
  std::string joined;
  std::size_t ampersands = 0;
  for (const QueryPair& pair : query_pairs(query)) {
    holds(pair.name.data() >= query.data() && pair.value.data() + pair.value.size() <= query.data() + query.size(),
          "pairs are of the query");
    holds(pair.name.find_first_of("&=") == pair.name.npos && pair.value.find('&') == pair.value.npos, "a pair is one");
    ++ampersands;
  }
  holds(ampersands <= static_cast<std::size_t>(std::count(query.begin(), query.end(), '&')) + 1, "no pair is made up");

  http::Request request;
  request.query = query;
  dropin::Pairs read;
  for (const QueryPair& pair : query_pairs(query)) {
    const auto name = query_decoded(pair.name);
    const auto value = query_decoded(pair.value);
    if (!name || !value) continue;
    read.emplace_back(*name, *value);
  }
  if (!read.empty()) holds(request.query_value(read.front().first).has_value(), "what is there is found");
  // Written anew, as it goes to Calendly, and read again.
  const std::string target = dropin::target_from("/event_types", dropin::sorted_by_name(read));
  dropin::Pairs again;
  const std::size_t mark = target.find('?');
  for (const QueryPair& pair : query_pairs(mark == target.npos ? "" : std::string_view(target).substr(mark + 1)))
    again.emplace_back(query_decoded(pair.name).value(), query_decoded(pair.value).value());
  dropin::Pairs sorted = dropin::sorted_by_name(read);
  // A pair of nothing is "=", which says as little.
  holds(again == sorted, "a query that is written is read again");
  for (const char c : target) holds(c > 0x20 && c < 0x7f, "a target has nothing that ends a line");
  const dropin::Question question{dropin::Question::Kind::times, target};
  holds(dropin::question_from_key(dropin::key_from_question(question)) == question, "a question is known by its key");
}

const dropin::OwnNames kOwn{{"slots.example.com", "127.0.0.1:3000"}, {"api.slots.example.com"}};

// The mapping of whole documents, done on values.
Json mapped(Json value) {
  if (value.is_string()) {
    const auto uri = dropin::canonical_uri(value.get<std::string>(), kOwn);
    return uri ? Json(*uri) : value;
  }
  if (value.is_array())
    for (Json& item : value) item = mapped(std::move(item));
  if (value.is_object()) {
    Json object = Json::object();
    for (auto& [name, item] : value.items()) object[dropin::canonical_uri(name, kOwn).value_or(name)] = mapped(item);
    return object;
  }
  return value;
}

void hold_uris(std::string_view bytes) {
  if (const auto uri = dropin::canonical_uri(bytes, kOwn)) {
    holds(uri->starts_with(std::string(dropin::kCalendlyOrigin) + "/"), "what becomes Calendly's is Calendly's");
    holds(!dropin::canonical_uri(*uri, kOwn), "and stays so");
  }
  const auto json = dropin::with_canonical_uris(bytes, kOwn);
  holds(json.has_value() == dropin::is_json(bytes), "JSON is taken, and nothing else");
  if (json) holds(json_from_text(*json) == mapped(json_from_text(bytes)), "only what names us is changed");
  const std::string own = dropin::with_own_uris(bytes, "https://slots.example.com/calendly/v2");
  holds(dropin::is_json(own) == dropin::is_json(bytes), "an answer stays what it is");
  const auto form = dropin::with_canonical_uris_in_form(bytes, kOwn);
  if (form && bytes.find("example.com") == bytes.npos && bytes.find("127") == bytes.npos && bytes.find('%') == bytes.npos)
    holds(*form == bytes, "a form that does not name us stays as it is");
  if (form) {
    const auto pairs = query_pairs(bytes);
    const auto after = query_pairs(*form);
    holds(pairs.size() == after.size(), "a form keeps its fields");
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::string value = query_decoded(pairs[i].value).value();
      holds(pairs[i].name == after[i].name && query_decoded(after[i].value) == dropin::canonical_uri(value, kOwn).value_or(value),
            "each as it was, but for what names us");
    }
  }
}

}  // namespace

FUZZ_TARGET(queries) {
  holds(percent_decoded(bytes) == slowly_decoded(bytes, false), "escapes of a path");
  holds(query_decoded(bytes) == slowly_decoded(bytes, true), "escapes of a query");
  const std::string encoded = query_encoded(bytes);
  if (bytes.find('\0') == bytes.npos) {
    holds(query_decoded(encoded) == std::string(bytes) && percent_decoded(encoded) == std::string(bytes),
          "what is encoded is decoded again");
    const std::string url = "https://calendly.com/a?x=1&y=" + encoded + "#y=2";
    holds(query_value_in(url, "y") == std::string(bytes), "a value in an address");
  }
  (void)query_value_in(bytes, "page_token");
  // A zero byte comes in no request's head (request_head), and %00 is none.
  if (bytes.find('\0') == bytes.npos) {
    hold_pairs(bytes);
    hold_uris(bytes);
  }
  if (const auto start = dropin::start_time_in(bytes, "application/x-www-form-urlencoded"))
    holds(bytes.find("start_time=") != bytes.npos && *start >= Instant(), "a start that was sent");
  (void)dropin::is_form(bytes);
  (void)dropin::is_json_type(bytes);
  if (const auto path = dropin::upstream_path(bytes)) {
    holds(path->starts_with('/') && path->find("//") == path->npos && path->find_first_of(".%?#\\:@ \r\n") == path->npos,
          "a path of Calendly's");
    holds(dropin::upstream_path(*path) == *path, "the same path again");
    if (dropin::is_personal(*path, "https://api.calendly.com/users/ME") == false)
      holds(path->starts_with("/event_type") || path->starts_with("/user"), "what is not known is personal");
  }
}
