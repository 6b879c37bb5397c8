#pragma once
// Colour tokens, named by purpose. The page chooses the values (light, dark, site colours, contrast) and passes them to sw_theme
// as u32 0xRRGGBBAA in this order; the view uses no other colours.
#include <array>
#include <cstddef>
#include <cstdint>

namespace slotwire::web {

enum class Token : std::size_t {
  background,  // behind everything; may be transparent
  surface,     // raised: dialogs, chips
  border,      // hairlines and outlines of buttons
  text,
  text_muted,  // secondary text
  text_faint,  // days that cannot be chosen
  primary,     // selected day, Book now
  primary_hover,
  on_primary,      // text on primary
  primary_soft,    // fill of a free day
  primary_strong,  // text on primary_soft and outlined times
  primary_soft_hover,
  hover,       // background of quiet buttons under the pointer
  focus,       // focus ring
  skeleton,    // placeholders while loading
  notice,      // background of a neutral message
  warning,     // background of a warning
  on_warning,  // text of a warning
  shadow,      // under dialogs, with alpha
  count_,
};

inline constexpr std::size_t kTokenCount = static_cast<std::size_t>(Token::count_);

class Theme {
 public:
  // Light colours until the page sets others.
  Theme();
  void set(Token token, std::uint32_t rgba) { colours_[static_cast<std::size_t>(token)] = rgba; }
  [[nodiscard]] std::uint32_t colour(Token token) const { return colours_[static_cast<std::size_t>(token)]; }

 private:
  std::array<std::uint32_t, kTokenCount> colours_;  // 0xRRGGBBAA
};

}  // namespace slotwire::web
