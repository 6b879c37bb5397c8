#pragma once
// A small disk of a test's own, which can be full, read-only or gone. Only root can make one.
#include <filesystem>
#include <string>

#include "tests/e2e/stack.h"

namespace slotwire::chaos {

class Disk {
 public:
  enum class Kind {
    memory,  // tmpfs
    file,    // ext4 in a file, by a loop device
  };
  // Throws std::runtime_error with what this machine said when it cannot be had.
  explicit Disk(Kind kind);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  // Belongs to nobody else; of 6 MiB or so.
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "disk"; }

  // To the last byte.
  void fill();
  void make_room();
  // As the kernel does to an ext4 file system whose device fails: from one write to the next, whoever has files open.
  void break_down();
  void unmount();
  void mount(bool is_read_only = false);

 private:
  e2e::TemporaryFolder folder_;
  Kind kind_;
  std::filesystem::path image_ = folder_.path() / "image";
  int images_ = 0;
  bool is_mounted_ = false;
};

}  // namespace slotwire::chaos
