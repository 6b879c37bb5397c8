#include "proxy/settings/whole_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slotwire::settings {
namespace {

Error refused(std::string why) { return {ErrorCode::bad_input, std::move(why)}; }

Error refused_by_system(int number) {
  if (number == EACCES) return refused(std::string(kNotByThisUser));
  return refused(std::string("cannot be read: ") + std::strerror(number));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

Result<std::string> whole_file(const std::string& path, std::size_t largest, Kinds kinds) {
  const int waiting = kinds == Kinds::regular ? O_NONBLOCK : 0;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting));
  struct stat found {};
  if (file.number() < 0 || ::fstat(file.number(), &found) != 0) return refused_by_system(errno);
  if (S_ISDIR(found.st_mode)) return refused("is a directory, not a file");
  if (kinds == Kinds::regular && !S_ISREG(found.st_mode))
    return refused(S_ISFIFO(found.st_mode) ? "is a pipe, not a file" : "is a device, not a file");
  std::string text(largest + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.number(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused_by_system(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > largest) return refused("is larger than " + std::to_string(largest / 1024) + " KiB");
  text.resize(size);
  return text;
}

}  // namespace slotwire::settings
