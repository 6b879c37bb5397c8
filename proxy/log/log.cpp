#include "proxy/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "proxy/text/ascii.h"
#include "shared/json_text.h"

namespace slotwire::log {
namespace {

bool is_token_character(char c) { return text::is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; }

std::string_view name_from_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

}  // namespace

Result<LogLevel> level_from_name(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "info") return LogLevel::info;
  if (name == "warn" || name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return bad_input("LOG_LEVEL", "must be debug, info, warn or error");
}

std::string redacted(std::string_view text) {
  constexpr std::string_view kTokenStart = "eyJ";
  constexpr std::size_t kShortestToken = 20;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i).starts_with(kTokenStart)) {
      std::size_t end = i;
      while (end < text.size() && is_token_character(text[end])) ++end;
      if (end - i >= kShortestToken) {
        out += "[redacted]";
        i = end;
        continue;
      }
    }
    const char c = text[i++];
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return out;
}

Log::Log(LogLevel least, LogFormat format)
    : Log(least, format, std::make_shared<spdlog::logger>("slotwire", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(LogLevel least, LogFormat format, std::shared_ptr<spdlog::logger> logger)
    : least_(least), format_(format), logger_(std::move(logger)) {
  logger_->set_level(spdlog::level::trace);
  logger_->flush_on(spdlog::level::info);
  if (format_ == LogFormat::json) {
    logger_->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})", spdlog::pattern_time_type::utc);
  } else {
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
  }
}

Log::~Log() = default;

void Log::debug(std::string_view area, std::string_view request_id, std::string_view message) {
  write(LogLevel::debug, area, request_id, message);
}
void Log::info(std::string_view area, std::string_view request_id, std::string_view message) {
  write(LogLevel::info, area, request_id, message);
}
void Log::warn(std::string_view area, std::string_view request_id, std::string_view message) {
  write(LogLevel::warning, area, request_id, message);
}
void Log::error(std::string_view area, std::string_view request_id, std::string_view message) {
  write(LogLevel::error, area, request_id, message);
}

void Log::write(LogLevel level, std::string_view area, std::string_view request_id, std::string_view message) {
  if (level < least_) return;
  std::string line;
  if (format_ == LogFormat::json) {
    line += "\"level\":";
    append_json_string(line, name_from_level(level));
    line += ",\"area\":";
    append_json_string(line, area);
    line += ",\"request_id\":";
    append_json_string(line, redacted(request_id));
    line += ",\"message\":";
    append_json_string(line, redacted(message));
  } else {
    line += name_from_level(level);
    line += ' ';
    line += request_id.empty() ? std::string("-") : redacted(request_id);
    line += " [";
    line += area;
    line += "] ";
    line += redacted(message);
  }
  // As an argument, never as the format, since a message may contain braces.
  logger_->log(spdlog::level::info, "{}", line);
}

}  // namespace slotwire::log
