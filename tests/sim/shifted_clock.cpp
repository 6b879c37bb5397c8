// Preloaded into a program (LD_PRELOAD), this makes the time of day later by the seconds in SHIFTED_CLOCK_S, so that a program
// can be tested at another date. Clocks that only measure durations are not affected.
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <sys/time.h>

namespace {

using Reader = int (*)(clockid_t, timespec*);

time_t shift() {
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
