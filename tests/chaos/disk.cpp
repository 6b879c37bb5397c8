#include "tests/chaos/disk.h"

#include <fcntl.h>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace slotwire::chaos {
namespace {

constexpr std::size_t kBytes = 6U << 20;

void run(const std::vector<std::string>& words) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"}) {
    const std::string program = folder + words.front();
    if (!std::filesystem::exists(program)) continue;
    e2e::Process process(program, {words.begin() + 1, words.end()}, {});
    if (process.wait_for_end() != 0) throw std::runtime_error(words.front() + ": " + process.output());
    return;
  }
  throw std::runtime_error("there is no " + words.front());
}

}  // namespace

Disk::Disk(Kind kind) : kind_(kind) {
  if (::geteuid() != 0) throw std::runtime_error("only root can mount a disk of its own");
  std::filesystem::create_directory(path());
  if (kind_ == Kind::file) {
    const int file = ::open(image_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool is_made = file >= 0 && ::ftruncate(file, kBytes) == 0;
    ::close(file);
    if (!is_made) throw std::runtime_error("no file for a disk");
    run({"mkfs.ext4", "-q", image_});
  }
  mount();
}

Disk::~Disk() {
  try {
    if (is_mounted_) unmount();
  } catch (const std::exception&) {
    // Something of a test that failed still stands on it: the kernel lets go when that ends.
  }
}

void Disk::mount(bool is_read_only) {
  if (kind_ == Kind::memory) {
    run({"mount", "-t", "tmpfs", "-o", "size=" + std::to_string(kBytes), "slotwire-chaos", path()});
  } else {
    run({"mount", "-o", "loop", image_, path()});
  }
  is_mounted_ = true;
  // Not at once: what broke down has to be mended first, by writing.
  if (is_read_only) run({"mount", "-o", "remount,ro", path()});
}

void Disk::unmount() {
  run({"umount", path()});
  is_mounted_ = false;
  if (kind_ == Kind::memory) return;
  // Another program's view of the file systems may still hold what broke down; what was written to the device is what counts.
  const std::filesystem::path copy = folder_.path() / ("image-" + std::to_string(++images_));
  std::filesystem::copy_file(image_, copy);
  std::filesystem::remove(image_);
  image_ = copy;
}

void Disk::fill() {
  const int file = ::open((path() / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string much(64 << 10, 'x');
  for (std::size_t size = much.size(); size > 0;) {
    if (::write(file, much.data(), size) <= 0) size /= 2;
  }
  ::close(file);
}

void Disk::make_room() { std::filesystem::remove(path() / "filler"); }

void Disk::break_down() { run({"mount", "-o", "remount,abort", path()}); }

}  // namespace slotwire::chaos
