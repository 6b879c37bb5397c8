#include "proxy/store/database_file.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <pwd.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "proxy/store/database_url.h"

namespace slotwire::store {
namespace {

constexpr std::string_view kInMemory = ":memory:";

std::string user_name(uid_t id) {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return found ? found->pw_name : '#' + std::to_string(id);
}

// Why this user may not use what is at `path`, after access() has failed.
std::string refusal(const std::string& what, const std::string& path, int number) {
  if (number == EROFS) return what + " is on a file system that is read-only";
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return what + " cannot be reached by the user " + user_name(::geteuid()) + "; run the command as the database's user";
  const std::string owner = user_name(found.st_uid);
  const std::string self = user_name(::geteuid());
  if (owner == self) return what + " is closed to its owner, " + self + "; chmod u+rwX opens it";
  return what + " belongs to the user " + owner + ", and " + self + " may not write it; run the command as that user: sudo -u " +
         owner + " slotwire ..., or give it to this one by chown";
}

}  // namespace

std::optional<std::string> file_of(std::string_view url) {
  const std::optional<std::string> named = sqlite_path_in(url);
  if (!named) return std::nullopt;
  const std::filesystem::path path(*named);
  if (path == kInMemory) return std::nullopt;
  std::error_code unreadable;
  return std::filesystem::absolute(path, unreadable).string();
}

std::optional<std::string> obstacle_to(std::string_view url) {
  const std::optional<std::string> file = file_of(url);
  if (!file) return std::nullopt;
  const auto sentence = [&](const std::string& why) {
    return "The database at " + *file + " (CALENDLY_DATABASE_URL) cannot be opened: " + why + '.';
  };
  const std::string folder = std::filesystem::path(*file).parent_path().string();
  std::error_code unreadable;
  const auto kind = std::filesystem::status(*file, unreadable).type();
  if (kind == std::filesystem::file_type::directory) return sentence("it is a folder; name a file in it");
  const auto folder_kind = std::filesystem::status(folder, unreadable).type();
  if (folder_kind == std::filesystem::file_type::not_found)
    return sentence("the folder " + folder + " does not exist; make it, or name another");
  if (folder_kind != std::filesystem::file_type::directory && folder_kind != std::filesystem::file_type::none &&
      folder_kind != std::filesystem::file_type::unknown)
    return sentence(folder + " is not a folder; name another");
  if (kind != std::filesystem::file_type::not_found && ::faccessat(AT_FDCWD, file->c_str(), R_OK | W_OK, AT_EACCESS) != 0)
    return sentence(refusal("the file", *file, errno));
  // SQLite's journal lies beside the file, so that the folder must be writable, too.
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    return sentence(refusal("the folder " + folder, folder, errno));
  return std::nullopt;
}

}  // namespace slotwire::store
