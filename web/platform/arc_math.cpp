// Replaces the C library's cosf and sinf, which handle angles of any size and cost 3 kB. The widget only draws round corners:
// angles up to two turns, where a hundredth of a pixel is accurate enough.
#include <cmath>

namespace {

constexpr float kTurn = 6.28318531F;

// Bhaskara's approximation, refined once: within 0.0012 of the sine everywhere.
float sine_of(float angle) {
  const float turns = angle / kTurn;
  const float part = turns - std::floor(turns + 0.5F);  // -0.5 .. 0.5 of a turn
  const float wave = 8 * part * (1 - 2 * std::fabs(part));
  return wave * (0.775F + 0.225F * std::fabs(wave));
}

}  // namespace

extern "C" {

float sinf(float angle) { return sine_of(angle); }
float cosf(float angle) { return sine_of(angle + kTurn / 4); }

}  // extern "C"
