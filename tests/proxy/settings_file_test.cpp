#include "proxy/settings/settings_file.h"

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sys/stat.h>

namespace slotwire::tests {
using namespace settings;
namespace {

using Values = std::map<std::string, std::string>;

const std::string kSecret = "0123456789012345678901234567890123456789";

Lookup lookup_in(Values environment) {
  return [environment = std::move(environment)](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
}

class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("slotwire-settings-" + std::to_string(std::random_device()()))) {
    std::ofstream(path_) << text;
  }
  ~File() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// Reads settings from a file, environment and flags.
Read read_from(const File& file, Values environment = {}, const Values& flags = {}) {
  environment["SLOTWIRE_SETTINGS_FILE"] = file.path();
  return read_settings_and_file(lookup_in(std::move(environment)), flags);
}

std::string all_of(const Read& read) {
  std::string text;
  for (const Problem& problem : read.problems) text += problem.name + ' ' + problem.what + '\n';
  return text;
}

// In quotes, which allow any character.
std::string in_quotes(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (std::string_view("\"\\`$").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text + '"';
}

}  // namespace

TEST_CASE("settings file: a value is what systemd takes it for", "[proxy][settings]") {
  struct Row {
    const char* text;
    const char* value;
  };
  const auto row = GENERATE(values<Row>({
      {"A=plain", "plain"},
      {"A=", ""},
      {"A= \t", ""},
      {"A=  spaces around \t ", "spaces around"},
      {"  A = value", "value"},
      {"A=ends with CR\r\n", "ends with CR"},
      {"A=a#b ;c", "a#b ;c"},
      {"A=in=side", "in=side"},
      {"A=\"quoted\"", "quoted"},
      {"A=\" spaces \"", " spaces "},
      {"A='single \\ \"and\" $x'", "single \\ \"and\" $x"},
      {"A=\"a \\\"b\\\" \\\\ \\$x \\`y\\` \\n\"", "a \"b\" \\ $x `y` \\n"},
      {"A='one' \"two\" three", "onetwothree"},
      {"A=it's", "it's"},
      {"A=say \"this\"", "say \"this\""},
      {"A=a\\ b\\\\c\\\"", "a b\\c\""},
      {"A=kept\\ ", "kept "},
      {"A=one \\\n  two", "one   two"},
      {"A=\"one \\\ntwo\"", "one two"},
      {"# comment\n; comment\n\n  # and this\nA=after comments\n", "after comments"},
      {"A=\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
  }));
  INFO(row.text);
  const FileText read = parse(row.text);
  CHECK(read.problems.empty());
  REQUIRE(read.settings.size() == 1);
  CHECK(read.settings[0].name == "A");
  CHECK(read.settings[0].value == row.value);
}

TEST_CASE("settings file: what cannot be meant is told by line and name, and no value with it", "[proxy][settings]") {
  struct Row {
    const char* text;
    int line;
    const char* name;
    const char* what;
  };
  const auto row = GENERATE(values<Row>({
      {"A=1\nnothing", 2, "", "no NAME=value"},
      {"export A=hush", 1, "", "export"},
      {"A B=hush", 1, "", "no name"},
      {"9A=hush", 1, "", "no name"},
      {"=hush", 1, "", "no name"},
      {"A-B=hush", 1, "", "no name"},
      {"A=1\n\nA=hush", 3, "A", "line 1"},
      {"A=\"hush", 1, "A", "never closed"},
      {"A='hush\nB=2\n", 1, "A", "never closed"},
      {"A=\"hush\\", 1, "A", "never closed"},
      {"A='hush\nmore'", 1, "A", "line break"},
      {"A=hush\x01", 1, "A", "control character"},
      {"# a comment \\\nA=1", 1, "", "comment"},
  }));
  INFO(row.text);
  const FileText read = parse(row.text);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].line == row.line);
  CHECK(read.problems[0].name == row.name);
  CHECK(read.problems[0].what.find(row.what) != std::string::npos);
  CHECK(read.problems[0].what.find("hush") == std::string::npos);
}

TEST_CASE("settings file: random values come back as they were written, each with its line", "[proxy][settings]") {
  std::mt19937 random(20'261'127);
  const std::string letters = "ab \t\\\"'`$#;=%{}\xC3\xA9";
  for (int round = 0; round < 2000; ++round) {
    std::vector<FileSetting> wanted;
    std::string text;
    int line = 1;
    const int count = std::uniform_int_distribution(0, 5)(random);
    for (int i = 0; i < count; ++i) {
      if (random() % 3 == 0) {
        text += "# " + std::to_string(random()) + '\n';
        ++line;
      }
      std::string value;
      for (int n = std::uniform_int_distribution(0, 12)(random); n > 0; --n) value += letters[random() % letters.size()];
      wanted.push_back({"NAME_" + std::to_string(i), value, line++});
      text += wanted.back().name + '=' + in_quotes(value) + '\n';
    }
    INFO(text);
    const FileText read = parse(text);
    CHECK(read.problems.empty());
    CHECK(read.settings == wanted);
  }
}

TEST_CASE("settings file: whatever the bytes, names are names, set once, and lines are the text's own", "[proxy][settings]") {
  std::mt19937 random(7);
  const std::string letters = std::string("AB=\\\"'#; \n\r\t") + '\0' + '\x7f' + '\xff';
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int n = std::uniform_int_distribution(0, 30)(random); n > 0; --n) text += letters[random() % letters.size()];
    const FileText read = parse(text);
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    std::set<std::string> seen;
    for (const FileSetting& setting : read.settings) {
      CHECK(setting.name.find_first_not_of("AB") == std::string::npos);
      CHECK(seen.insert(setting.name).second);
      CHECK(setting.value.find('\n') == std::string::npos);
      CHECK((setting.line >= 1 && setting.line <= lines));
    }
    for (const FileProblem& problem : read.problems) CHECK((problem.line >= 1 && problem.line <= lines));
  }
}

TEST_CASE("settings file: it lies beneath the environment, and both beneath flags", "[proxy][settings]") {
  const File file("JWT_SECRET=" + kSecret + "\nPORT=1001\nHOST=::1\nLOG_LEVEL=warn\n");
  const Read read = read_from(file, {{"PORT", "1002"}, {"LOG_LEVEL", "error"}, {"HOST", ""}}, {{"PORT", "1003"}});
  INFO(all_of(read));
  CHECK(read.problems.empty());
  CHECK(read.settings.port == 1003);
  CHECK(read.settings.log_level == log::LogLevel::error);
  CHECK(read.settings.host == "::1");
  CHECK(read.settings.jwt_secret.reveal() == kSecret);
}

// A secret in the environment and the path of another one in the file were reported as "set twice", although the environment
// should override the file.
TEST_CASE("settings file: a secret of the environment hides the file's, however each is written", "[proxy][settings]") {
  const File file("JWT_SECRET_FILE=/nowhere\nCALENDLY_DATABASE_URL=sqlite:file.db\n");
  const File url("sqlite:from-environment.db\n");
  const Read read = read_from(file, {{"JWT_SECRET", kSecret}, {"CALENDLY_DATABASE_URL_FILE", url.path()}});
  INFO(all_of(read));
  CHECK(read.problems.empty());
  CHECK(read.settings.database_url.reveal() == "sqlite:from-environment.db");
  const File twice("JWT_SECRET_FILE=/nowhere\nJWT_SECRET=" + kSecret + "\n");
  CHECK(all_of(read_from(twice)).find("twice") != std::string::npos);
}

TEST_CASE("settings file: a problem tells file, line and name", "[proxy][settings]") {
  const File file("JWT_SECRET=" + kSecret + "\nPROT=1\nPORT=none\nnothing\nLOG_LEVEL=loud\n");
  const std::string told = all_of(read_from(file, {{"LOG_LEVEL", "louder"}}));
  INFO(told);
  CHECK(told.find(file.path() + ", line 2: PROT is no setting") != std::string::npos);
  CHECK(told.find("PORT must be a whole number from 0 to 65535 (" + file.path() + ", line 3)") != std::string::npos);
  CHECK(told.find(file.path() + ", line 4 is no NAME=value") != std::string::npos);
  // That error is not in the file.
  CHECK(told.find("line 5") == std::string::npos);
  const File secret("JWT_SECRET=hush\n");
  CHECK(all_of(read_from(secret)).find("32 bytes; make one with `openssl rand -base64 48` (" + secret.path() + ", line 1)") !=
        std::string::npos);
  CHECK(all_of(read_from(secret)).find("hush") == std::string::npos);
}

// Files from Windows began with a mark that made the first name unknown, or had a zero in every second byte.
TEST_CASE("settings file: a byte order mark is skipped, and UTF-16 is named", "[proxy][settings]") {
  const Read marked = read_from(File("\xef\xbb\xbfPORT=1234\nJWT_SECRET=" + kSecret + "\n"));
  CHECK(all_of(marked).empty());
  CHECK(marked.settings.port == 1234);
  for (const std::string& text : {std::string("\xff\xfeP\0=\0", 6), std::string("\xfe\xff\0P\0=", 6), std::string("P\0=\0", 4)})
    CHECK(all_of(read_from(File(text))).find("is UTF-16") != std::string::npos);
}

// With a pipe for a settings file every command waited for ever, and a directory was told as one that cannot be read.
TEST_CASE("settings file: what is no file is refused at once, in words", "[proxy][settings]") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("slotwire-pipe-" + std::to_string(std::random_device()()));
  const auto told = [](const std::string& named) {
    return all_of(read_settings_and_file(lookup_in({{"JWT_SECRET", kSecret}, {"SLOTWIRE_SETTINGS_FILE", named}}), {}));
  };
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(told(path.string()).find(path.string() + " is a pipe, not a file") == 0);
  std::filesystem::remove(path);
  CHECK(told("/tmp").find("/tmp is a directory, not a file") == 0);
  CHECK(told("/dev/zero").find("/dev/zero is a device, not a file") == 0);
}

// `PORT=3100 # my port` was refused as no number, with no word of the comment.
TEST_CASE("settings file: a comment behind a value is named, and a name that is nearly one is suggested", "[proxy][settings]") {
  const File file("JWT_SECRET=" + kSecret + "\nPORT=3100 # my port\nLOG_LEVEL=loud\nCALENDLY_WINDOW_DAY=3\nWHATEVER=1\n");
  const std::string told = all_of(read_from(file));
  INFO(told);
  const std::string comment = "a comment needs a line of its own";
  CHECK(told.find("line 2); what follows # is part of the value: " + comment) != std::string::npos);
  CHECK(told.find(comment) == told.rfind(comment));
  CHECK(told.find("my port") == std::string::npos);
  CHECK(told.find("is no setting of slotwire; did you mean CALENDLY_WINDOW_DAYS?") != std::string::npos);
  CHECK(told.find("WHATEVER is no setting of slotwire\n") != std::string::npos);
}

TEST_CASE("settings file: one that is named must be there, the usual one need not, and none is read when it is named empty",
          "[proxy][settings]") {
  const Values secret = {{"JWT_SECRET", kSecret}};
  CHECK(read_settings_and_file(lookup_in(secret), {}, "/nowhere/slotwire.env").problems.empty());
  Values named = secret;
  named["SLOTWIRE_SETTINGS_FILE"] = "/nowhere/slotwire.env";
  const std::string told = all_of(read_settings_and_file(lookup_in(named), {}));
  CHECK(told.find("/nowhere/slotwire.env cannot be read") != std::string::npos);
  const File usual("PORT=1001\n");
  CHECK(read_settings_and_file(lookup_in(secret), {}, usual.path()).settings.port == 1001);
  named["SLOTWIRE_SETTINGS_FILE"] = "";
  CHECK(read_settings_and_file(lookup_in(named), {}, usual.path()).settings.port == 3000);
}

TEST_CASE("settings file: the packaged one has every setting, as a comment with its default, and no other", "[proxy][settings]") {
  std::ifstream file(SLOTWIRE_PACKAGED_SETTINGS);
  REQUIRE(file.is_open());
  std::string before;
  std::map<std::string, std::string> values;
  std::map<std::string, std::string> helps;
  std::string switched_on;
  for (std::string line; std::getline(file, line); before = line) {
    if (line.starts_with("# ") || line == "#" || line.empty()) continue;
    // A commented setting has no space after its #.
    const FileText read = parse(line.starts_with('#') ? line.substr(1) : line);
    INFO(line);
    REQUIRE(read.problems.empty());
    REQUIRE(read.settings.size() == 1);
    const std::string& name = read.settings[0].name;
    if (!line.starts_with('#')) switched_on += name + ' ';
    CHECK(values.emplace(name, read.settings[0].value).second);
    helps[name] = before;
  }
  // These are the package's layout: the program's own defaults work in any folder.
  CHECK(switched_on == "JWT_SECRET_FILE CALENDLY_DATABASE_URL ");
  for (const SettingInfo& setting : all_settings()) {
    // Secrets are given as the path of a file.
    const std::string name = std::string(setting.name) + (setting.is_secret ? "_FILE" : "");
    INFO(name);
    REQUIRE(values.contains(name));
    CHECK(helps[name] == "# " + std::string(setting.help));
    if (setting.is_secret || setting.name == "CALENDLY_DATABASE_URL") continue;
    // The default is in the help's last brackets, up to a remark; some are described in words.
    const std::size_t open = setting.help.rfind('(');
    std::string usual(setting.help.substr(open == std::string_view::npos ? setting.help.size() : open + 1));
    usual = usual.substr(0, std::min({usual.find(')'), usual.find("; "), usual.find(": ")}));
    const bool is_in_words =
        usual == "none" || usual == "unset" || usual == "CALENDLY_ALLOWED_ORIGINS" || usual.find(' ') != std::string::npos;
    CHECK(values[name] == (is_in_words ? "" : usual));
  }
  CHECK(values.size() == all_settings().size());
}

}  // namespace slotwire::tests
