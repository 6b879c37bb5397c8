// Preloaded into a program (LD_PRELOAD), this makes the time of day later by the seconds in SHIFTED_CLOCK_S, so that a program
// can be tested at another date; or by those in the first eight bytes (std::int64_t) of the file that SHIFTED_CLOCK_FILE names,
// so that a test can set the clock while the program runs. Clocks that only measure durations are not affected.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

using Reader = int (*)(clockid_t, timespec*);

// Shared with the test; nullptr when there is no file.
const std::atomic<std::int64_t>* shared_shift() {
  const char* path = std::getenv("SHIFTED_CLOCK_FILE");
  if (path == nullptr) return nullptr;
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) std::abort();  // a test that believes it sets the clock would prove nothing
  void* mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) std::abort();
  return static_cast<const std::atomic<std::int64_t>*>(mapped);
}

time_t shift() {
  static const std::atomic<std::int64_t>* const shared = shared_shift();
  if (shared) return static_cast<time_t>(shared->load(std::memory_order_relaxed));
  static const time_t seconds = [] {
    const char* given = std::getenv("SHIFTED_CLOCK_S");
    return given ? static_cast<time_t>(std::strtoll(given, nullptr, 10)) : time_t{0};
  }();
  return seconds;
}

}  // namespace

extern "C" int clock_gettime(clockid_t which, timespec* out) noexcept {
  static const auto read = reinterpret_cast<Reader>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = read(which, out);
  if (result == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) out->tv_sec += shift();
  return result;
}

extern "C" int gettimeofday(timeval* __restrict out, void* __restrict) noexcept {
  timespec now{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

extern "C" time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
