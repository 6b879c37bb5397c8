// What clients accept and have: encodings, entity tags, languages, and lists in headers as such.
#include <algorithm>
#include <array>
#include <string>

#include "proxy/http/cors.h"
#include "proxy/http/negotiation.h"
#include "proxy/pages/language.h"
#include "proxy/text/ascii.h"
#include "proxy/text/url.h"
#include "proxy/text/weight.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;
using http::Encoding;

void hold_items(std::string_view bytes) {
  for (const std::string_view item : text::list_items(bytes)) {
    holds(!item.empty() && item == text::trimmed(item), "an item is something, without spaces around it");
    holds(item.data() >= bytes.data() && item.data() + item.size() <= bytes.data() + bytes.size(), "of the list");
    const auto [name, weight] = text::weighted_from_item(item);
    holds(!weight || (*weight >= 0 && *weight <= 1000), "a weight is one");
    holds(name.find(';') == name.npos, "a name ends where its weight begins");
  }
}

void hold_origins(std::string_view bytes) {
  const std::string origin = text::origin_from_text(bytes);
  if (!origin.empty()) {
    holds(text::origin_from_text(origin) == origin, "an origin is its own origin");
    holds(origin.find_first_of("/?#@", origin.find("://") + 3) == origin.npos, "and no more than that");
  }
  const auto allowed = http::AllowedOrigins::from_list({"https://www.example.com"});
  if (allowed->contains(bytes)) holds(text::lowered(bytes) == "https://www.example.com", "one site is allowed, and no other");
  http::Request request;
  request.method = "POST";
  request.headers.add("Origin", std::string(bytes));
  request.headers.add("Host", "www.example.com");
  if (allowed->may_write(request))
    holds(text::origin_from_text(bytes) == "https://www.example.com", "one site may write, and no other");
  request.method = "GET";
  http::Reply reply;
  allowed->mark(request, reply);
  if (const auto to = reply.headers.find("Access-Control-Allow-Origin")) holds(*to == bytes, "nobody else's origin is told");
  if (const auto url = text::url_from_text(bytes)) {
    const std::string whole = std::string(url->scheme) + "://" + std::string(url->authority) + std::string(url->rest);
    holds(whole == bytes && url->authority == std::string(url->host) + std::string(url->port), "an address is its parts");
  }
}

}  // namespace

FUZZ_TARGET(negotiation) {
  hold_items(bytes);
  constexpr std::array kOffered = {Encoding::brotli, Encoding::gzip};
  const Encoding chosen = http::encoding_for(bytes, kOffered);
  const std::string lowered = text::lowered(bytes);
  if (chosen == Encoding::brotli)
    holds(lowered.find("br") != lowered.npos || lowered.find('*') != lowered.npos, "nobody gets what they did not ask for");
  if (chosen == Encoding::gzip)
    holds(lowered.find("gzip") != lowered.npos || lowered.find('*') != lowered.npos, "nobody gets what they did not ask for");
  constexpr std::array kGzipOnly = {Encoding::gzip};
  if (chosen == Encoding::gzip)
    holds(http::encoding_for(bytes, kGzipOnly) == Encoding::gzip, "the best of several is the best of fewer");
  holds(http::encoding_for(bytes, {}) == Encoding::identity, "what is not there is not sent");

  if (http::has_matching_etag(bytes, "W/\"abc\""))
    holds(bytes.find("\"abc\"") != bytes.npos || text::trimmed(bytes) == "*", "a tag that is there");
  if (bytes.find_first_of("\",") == bytes.npos && !bytes.empty()) {
    const std::string tag = '"' + std::string(bytes) + '"';
    holds(http::has_matching_etag("\"x\", " + tag, tag) && http::has_matching_etag("W/" + tag, tag), "a tag is found in a list");
  }

  const pages::Language& language = pages::language_for("", bytes, "ja");
  const auto all = pages::languages();
  holds(std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.tag == language.tag; }),
        "a language that is spoken here");
  if (language.tag != "ja") holds(lowered.find(language.tag) != lowered.npos, "one that was asked for");
  // What a client says it wants least never goes before what it says it wants.
  holds(pages::language_for("", "fr;q=0.1, de;q=0.9", "ja").tag == "de", "by weight");
  if (const auto* named = pages::language_from_tag(bytes))
    holds(&pages::language_for(bytes, "de", "fr") == named, "what is named goes first");

  hold_origins(bytes);
}
