#include "proxy/dropin/question.h"

#include <algorithm>

#include "shared/percent.h"

namespace slotwire::dropin {
namespace {

constexpr char kTimes = 't';
constexpr char kWhole = 'w';
constexpr char kPersonal = 'p';

}  // namespace

std::string Question::target_for(InstantRange range) const {
  const char separator = target.find('?') == std::string::npos ? '?' : '&';
  return target + separator + "start_time=" + query_encoded(calendly_text_from_instant(range.begin)) +
         "&end_time=" + query_encoded(calendly_text_from_instant(range.end));
}

Pairs sorted_by_name(Pairs query) {
  std::stable_sort(query.begin(), query.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return query;
}

std::string target_from(std::string_view path, const Pairs& query) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += separator + query_encoded(name) + '=' + query_encoded(value);
    separator = '&';
  }
  return target;
}

std::string key_from_question(const Question& question) {
  switch (question.kind) {
    case Question::Kind::times:
      return kTimes + question.target;
    case Question::Kind::personal:
      return kPersonal + std::to_string(question.turn) + question.target;
    case Question::Kind::whole:
      break;
  }
  return kWhole + question.target;
}

// A target begins with a slash.
Question question_from_key(const std::string& key) {
  const std::size_t slash = key.find('/');
  Question question{Question::Kind::whole, key.substr(slash)};
  if (key.front() == kTimes) question.kind = Question::Kind::times;
  if (key.front() == kPersonal) {
    question.kind = Question::Kind::personal;
    question.turn = std::stoull(key.substr(1, slash - 1));
  }
  return question;
}

}  // namespace slotwire::dropin
