#include "proxy/settings/settings_file.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "proxy/settings/whole_file.h"
#include "proxy/text/ascii.h"
#include "proxy/text/nearest_word.h"

namespace slotwire::settings {
namespace {

constexpr std::size_t kLargestFile = 256 * 1024;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool is_name(std::string_view text) {
  const auto is_wrong = [](char c) { return !text::is_letter_or_digit(c) && c != '_'; };
  return !text.empty() && (text.front() < '0' || text.front() > '9') && std::none_of(text.begin(), text.end(), is_wrong);
}

// Reads a value: quoted and unquoted parts, one after another, like systemd's parse_env_file between = and the line's end.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] int line() const { return line_; }

  // The text up to the next of `ends` or the end; the character found is not consumed.
  [[nodiscard]] std::string_view up_to(std::string_view ends) {
    const std::size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
    const std::string_view read = text_.substr(at_, end - at_);
    at_ = end;
    return read;
  }
  void skip_blanks() {
    while (!is_at_end() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] char peek() const { return is_at_end() ? '\n' : text_[at_]; }
  char take() {
    const char c = peek();
    if (c == '\n') ++line_;
    ++at_;
    return c;
  }

  // Reads what follows the =, including the line's end. nullopt: a quote is not closed before the text ends.
  [[nodiscard]] std::optional<std::string> value() {
    std::string value;
    for (;;) {
      skip_blanks();
      const char first = take();
      if (first == '\n') return value;
      if (first == '\'' || first == '"') {
        if (!quoted(first, value)) return std::nullopt;
        continue;
      }
      --at_;
      bare(value);
      return value;
    }
  }

 private:
  [[nodiscard]] bool quoted(char quote, std::string& into) {
    while (!is_at_end()) {
      const char c = take();
      if (c == quote) return true;
      if (quote == '\'' || c != '\\') {
        into += c;
        continue;
      }
      if (is_at_end()) return false;
      const char escaped = take();
      if (escaped == '\n') continue;
      if (std::string_view("\"\\`$").find(escaped) == std::string_view::npos) into += '\\';
      into += escaped;
    }
    return false;
  }

  // An unquoted part: quotes inside are ordinary characters; trailing blanks are dropped unless a \ precedes them.
  void bare(std::string& into) {
    std::size_t kept = into.size();
    for (char c = take(); c != '\n'; c = take()) {
      const bool is_escaped = c == '\\';
      if (is_escaped) {
        kept = into.size();
        if (is_at_end()) break;
        c = take();
        if (c == '\n') continue;
      }
      into += c;
      if (is_escaped || !is_blank(c)) kept = into.size();
    }
    into.resize(kept);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

bool is_unprintable(std::string_view value) {
  return std::any_of(value.begin(), value.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

std::string place_text(const std::string& file, int line) { return file + ", line " + std::to_string(line); }

bool is_utf16(std::string_view text) {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
         (text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0'));  // without a mark; names are ASCII
}

// The whole file, or why it cannot be read.
Result<std::string> text_of(const std::string& path) {
  Result<std::string> text = whole_file(path, kLargestFile, Kinds::regular);
  if (text) {
    if (is_utf16(*text)) return bad_input(path, "is UTF-16, as some editors of Windows write it; save it as UTF-8");
    return text;
  }
  std::string why = text.error().detail;
  if (why == kNotByThisUser) {
    why +=
        ". Run the command as the service's: sudo -u slotwire slotwire ...; or set SLOTWIRE_SETTINGS_FILE= to do without the "
        "file";
  } else if (why.ends_with("not a file")) {
    why += "; set SLOTWIRE_SETTINGS_FILE= to do without one";
  }
  return bad_input(path, why);
}

constexpr std::string_view kByFile = "_FILE";

// JWT_SECRET for JWT_SECRET_FILE, and the reverse.
std::string other_name(const std::string& name) {
  return name.ends_with(kByFile) ? name.substr(0, name.size() - kByFile.size()) : name + std::string(kByFile);
}

bool may_come_by_file(const SettingInfo& setting) { return setting.is_secret || setting.name == "CALENDLY_DATABASE_URL"; }

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const SettingInfo& setting : all_settings()) {
    names.emplace_back(setting.name);
    if (may_come_by_file(setting)) names.push_back(names.back() + std::string(kByFile));
  }
  return names;
}

// In a setting's line, unlike on a line of its own, # begins no comment.
bool holds_comment(std::string_view value) {
  return value.find(" #") != std::string_view::npos || value.find("\t#") != std::string_view::npos;
}

}  // namespace

FileText parse(std::string_view text) {
  FileText read;
  const auto problem = [&read](int line, std::string_view name, std::string what) {
    read.problems.push_back({line, std::string(name), std::move(what)});
  };
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // some editors of Windows begin a file with it
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  LineReader reader(text);
  while (!reader.is_at_end()) {
    reader.skip_blanks();
    const int line = reader.line();
    if (reader.peek() == '\n') {
      reader.take();
      continue;
    }
    if (reader.peek() == '#' || reader.peek() == ';') {
      const std::string_view comment = reader.up_to("\n");
      reader.take();
      if (comment.ends_with('\\'))
        problem(line, {},
                "is a comment that ends with \\, which takes the next line along in some versions of systemd; end it with "
                "another letter");
      continue;
    }
    const std::string_view name = text::trimmed(reader.up_to("=\n"));
    if (reader.take() == '\n') {
      problem(line, {}, "is no NAME=value, and no comment, which begins with #");
      continue;
    }
    std::optional<std::string> value = reader.value();
    if (!is_name(name)) {
      problem(line, {},
              name.starts_with("export ") ? "begins with export: write NAME=value alone, this is no shell script"
                                          : "has something before the = that is no name of a setting");
    } else if (!value) {
      problem(line, name, "has a quote that is never closed");
    } else if (is_unprintable(*value)) {
      problem(line, name, "holds a line break or another control character; a quote may be closed too late");
    } else if (const auto before = std::find_if(read.settings.begin(), read.settings.end(),
                                                [name](const FileSetting& setting) { return setting.name == name; });
               before != read.settings.end()) {
      problem(line, name, "is set in line " + std::to_string(before->line) + " already; keep one");
    } else {
      read.settings.push_back({std::string(name), std::move(*value), line});
    }
  }
  return read;
}

Read read_settings_and_file(const Lookup& environment, const std::map<std::string, std::string>& flags,
                            std::string_view usual_file) {
  const std::optional<std::string> named = environment(std::string(kSettingsFileName));
  const std::string path = named.value_or(std::string(usual_file));
  std::error_code unreadable;
  if (path.empty() || (!named && !std::filesystem::exists(path, unreadable) && !unreadable))
    return read_settings(environment, flags);
  std::vector<Problem> problems;
  const Result<std::string> text = text_of(path);
  // Reports nothing else, since most other problems would follow from the unreadable file.
  if (!text) return {{}, {{path, text.error().details.at(0).message}}};
  const FileText file = parse(*text);
  for (const FileProblem& found : file.problems) {
    problems.push_back({place_text(path, found.line) + (found.name.empty() ? "" : ": " + found.name), found.what});
  }
  std::map<std::string, FileSetting> settings;
  const std::vector<std::string> known = known_names();
  for (const FileSetting& setting : file.settings) {
    if (std::find(known.begin(), known.end(), setting.name) == known.end()) {
      const std::optional<std::string> meant = text::nearest_word(setting.name, known);
      problems.push_back({place_text(path, setting.line) + ": " + setting.name,
                          "is no setting of slotwire" + (meant ? "; did you mean " + *meant + '?' : "")});
    }
    settings[setting.name] = setting;
  }
  const auto has = [&environment](const std::string& name) { return !environment(name).value_or("").empty(); };
  Read read = read_settings(
      [&](const std::string& name) -> std::optional<std::string> {
        if (has(name)) return environment(name);
        const auto found = settings.find(name);
        if (found == settings.end() || has(other_name(name))) return std::nullopt;
        return found->second.value;
      },
      flags);
  for (Problem& problem : read.problems) {
    for (const std::string& name : {problem.name, other_name(problem.name)}) {
      const auto found = settings.find(name);
      if (found == settings.end() || found->second.value.empty() || flags.contains(name) || has(name)) continue;
      problem.what += " (" + place_text(path, found->second.line) + ')';
      if (holds_comment(found->second.value))
        problem.what += "; what follows # is part of the value: a comment needs a line of its own";
      break;
    }
    problems.push_back(std::move(problem));
  }
  read.problems = std::move(problems);
  return read;
}

}  // namespace slotwire::settings
