#pragma once
// The head of the picker below its name: facts in a row that wraps if necessary, and the meeting's description, folded to the
// remaining lines. It is measured before the layout, since the parts below move down for it.
#include <array>

#include "web/model/screen.h"
#include "web/view/labels.h"
#include "web/view/layout.h"

namespace slotwire::web {

inline constexpr TextStyle kFact{15, 400};
inline constexpr float kFactLine = 22;
inline constexpr TextStyle kAboutText{13, 400};
inline constexpr float kAboutLine = 18.2F;  // line height of Painter::paragraph

struct Facts {
  std::array<Box, 3> boxes{};  // icon and text of each header node with an icon, in order
  int lines = 0;
};
[[nodiscard]] std::string fact_text(const Node& fact);
// The box of the name's line in the head's `box`, beside the back button if there is one; the rest is below it.
[[nodiscard]] Box name_line(const Node& header, Box box);
[[nodiscard]] Facts facts_of(const Node& header, const Labels& labels, Box box);

// Facts and description share three lines; the description has at least one.
[[nodiscard]] int about_lines(const Facts& facts);
// The height needed beyond one line of facts.
[[nodiscard]] float extra_height(const Node& header, const Facts& facts, const Labels& labels, float width);

}  // namespace slotwire::web
