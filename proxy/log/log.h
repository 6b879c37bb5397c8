#pragma once
// Log lines with a request id in each, as text or as JSON. Anything that looks like a bearer token is redacted, as a second line
// of defence: callers have no reason to log one.
#include <memory>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace spdlog {
class logger;
}

namespace slotwire::log {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };
// Errors: bad_input for anything but debug, info, warn (or warning) and error.
[[nodiscard]] Result<LogLevel> level_from_name(std::string_view name);

class Log {
 public:
  // Writes to standard error; lines of different threads do not mix.
  Log(LogLevel least, LogFormat format);
  // The same with a logger by the caller (tests read its output).
  Log(LogLevel least, LogFormat format, std::shared_ptr<spdlog::logger> logger);
  ~Log();

  // `area` is the part in brackets ("slots", "connection"); `request_id` is empty when the line belongs to no request.
  void debug(std::string_view area, std::string_view request_id, std::string_view message);
  void info(std::string_view area, std::string_view request_id, std::string_view message);
  void warn(std::string_view area, std::string_view request_id, std::string_view message);
  void error(std::string_view area, std::string_view request_id, std::string_view message);

 private:
  void write(LogLevel level, std::string_view area, std::string_view request_id, std::string_view message);

  LogLevel least_;
  LogFormat format_;
  std::shared_ptr<spdlog::logger> logger_;
};

// Runs of 20 or more token characters that begin with "eyJ" become "[redacted]". Control characters become spaces, so that a
// client cannot forge a line.
[[nodiscard]] std::string redacted(std::string_view text);

}  // namespace slotwire::log
