#include <algorithm>
#include <charconv>

#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::string_view kPageTokenPrefix = "page_";

std::string encoded(const std::string& text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char letter : text) {
    if (kPlain.find(letter) != std::string_view::npos) {
      out += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      out += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
  }
  return out;
}

// The request's parameters in their order, encoded again, without those that select a page.
std::string filters_of(const std::string& target) {
  std::string_view query = std::string_view(target).substr(std::min(target.find('?'), target.size()));
  std::string filters;
  while (!query.empty()) {
    query.remove_prefix(1);
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string pair(query.substr(0, end));
    query.remove_prefix(end);
    if (pair.empty() || pair.starts_with("count=") || pair.starts_with("page_token=")) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string value = httplib::detail::decode_url(pair.substr(std::min(equals + 1, pair.size())), true);
    filters += pair.substr(0, equals) + '=' + encoded(value) + '&';
  }
  return filters;
}

}  // namespace

Answer paged(const Call& call, std::string_view path, const Json& all) {
  return paged(call, path, all.size(), [&](std::size_t at) { return all[at]; });
}

Answer paged(const Call& call, std::string_view path, std::size_t size, const std::function<Json(std::size_t at)>& item) {
  const Account& account = call.world.account;
  std::size_t count = 20;
  if (call.request.has_param("count")) {
    const std::string text = call.parameter("count");
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc() || end != text.data() + text.size() || count < 1 || count > 100) {
      return invalid_argument(account.error_text, "count", "count must be between 1 and 100");
    }
  }
  std::size_t first = 0;
  if (call.request.has_param("page_token")) {
    const std::string token = call.parameter("page_token");
    const std::string_view digits = std::string_view(token).substr(std::min(token.size(), kPageTokenPrefix.size()));
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
    if (!token.starts_with(kPageTokenPrefix) || failure != std::errc() || first >= std::max<std::size_t>(size, 1)) {
      return invalid_argument(account.error_text, "page_token", "page_token is not valid");
    }
  }
  const std::size_t end = std::min(size, first + count);
  const auto token_at = [&](std::size_t at) { return std::string(kPageTokenPrefix) + std::to_string(at); };
  const auto address = [&](const std::string& token) {
    return std::string(kUriBase) + "/" + std::string(path) + "?" + filters_of(call.request.target) +
           "count=" + std::to_string(count) + "&page_token=" + token;
  };
  Json pagination = {{"count", end - first}, {"next_page", nullptr}};
  if (end < size) pagination["next_page"] = address(token_at(end));
  if (account.lists_page_tokens) {
    const std::optional<std::string> before = first > 0 ? std::optional(token_at(first - std::min(first, count))) : std::nullopt;
    pagination["next_page_token"] = end < size ? Json(token_at(end)) : Json(nullptr);
    pagination["previous_page"] = before ? Json(address(*before)) : Json(nullptr);
    pagination["previous_page_token"] = before ? Json(*before) : Json(nullptr);
  }
  Json collection = Json::array();
  for (std::size_t at = first; at < end; ++at) collection.push_back(item(at));
  return answer_from(200, {{"collection", collection}, {"pagination", pagination}});
}

}  // namespace slotwire::sim
