#pragma once
// The head of the picker below its name: facts in a row that goes on in the next line where it must, and what is said about the
// meeting, folded to the lines that are left. Measured before anything is laid out, since what lies below gives way to it.
#include <array>

#include "web/model/screen.h"
#include "web/view/labels.h"
#include "web/view/layout.h"

namespace slotwire::web {

inline constexpr TextStyle kFact{15, 400};
inline constexpr float kFactLine = 22;
inline constexpr TextStyle kAboutText{13, 400};
inline constexpr float kAboutLine = 18.2F;  // as Painter::paragraph has it

struct Facts {
  std::array<Box, 3> boxes{};  // of the header's nodes with an icon, in their order: icon and text
  int lines = 0;
};
[[nodiscard]] std::string fact_text(const Node& fact);
// The name's line in the head's `box`, beside the way back where there is one; what follows is below it.
[[nodiscard]] Box name_line(const Node& header, Box box);
[[nodiscard]] Facts facts_of(const Node& header, const Labels& labels, Box box);

// Facts and what is said about the meeting share three lines; the latter has one in any case.
[[nodiscard]] int about_lines(const Facts& facts);
// How much more than one line of facts all of it takes.
[[nodiscard]] float extra_height(const Node& header, const Facts& facts, const Labels& labels, float width);

}  // namespace slotwire::web
