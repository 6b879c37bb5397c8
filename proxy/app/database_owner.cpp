#include "proxy/app/database_owner.h"

#include <filesystem>
#include <optional>
#include <pwd.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/store/database_file.h"

namespace slotwire::app {

Result<Done> check_database_owner(std::string_view database_url) {
  const std::optional<std::string> file = ::geteuid() == 0 ? store::file_of(database_url) : std::nullopt;
  if (!file) return Done{};
  struct stat found {};
  if (::stat(file->c_str(), &found) != 0 && ::stat(std::filesystem::path(*file).parent_path().c_str(), &found) != 0)
    return Done{};
  if (found.st_uid == 0) return Done{};
  // Safe: getpwuid is called by one thread only.
  const passwd* owner = ::getpwuid(found.st_uid);
  const std::string user = owner ? owner->pw_name : "#" + std::to_string(found.st_uid);
  return Error{ErrorCode::storage_failed,
               "The database at " + *file + " belongs to the user " + user +
                   ", who could not open what root makes there. Run the same command as that user: sudo -u " +
                   (owner ? user : "'" + user + "'") + " slotwire ..."};
}

}  // namespace slotwire::app
