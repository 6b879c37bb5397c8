#include "web/view/head.h"

#include <algorithm>

namespace slotwire::web {

std::string fact_text(const Node& fact) { return fact.hint.empty() ? fact.text : fact.text + " \xC2\xB7 " + fact.hint; }

Box name_line(const Node& header, Box box) {
  const float start = header.children.front().kind == Kind::heading ? 0 : kTouch - 4;
  return {box.x + start, box.y, box.width - start, 28};
}

Facts facts_of(const Node& header, const Labels& labels, Box box) {
  Box line = name_line(header, box);
  line.y += 31;
  constexpr float kIcon = 22, kBetween = 18;
  Facts facts;
  std::size_t count = 0;
  float x = line.x;
  for (const Node& node : header.children) {
    if (node.icon == Icon::nothing || node.kind != Kind::text) continue;
    const float width = kIcon + labels.width_of(fact_text(node), kFact);
    if (facts.lines == 0 || x + width > line.right()) {
      x = line.x;
      line.y += facts.lines == 0 ? 0 : kFactLine;
      ++facts.lines;
    }
    facts.boxes.at(count++) = {x, line.y, std::min(width, line.width), kFactLine};
    x += width + kBetween;
  }
  return facts;
}

int about_lines(const Facts& facts) { return std::max(1, 3 - std::max(facts.lines, 1)); }

float extra_height(const Node& header, const Facts& facts, const Labels& labels, float width) {
  const float more = kFactLine * static_cast<float>(std::max(facts.lines - 1, 0));
  const Node* text = find_node(header, "about-text");
  if (!text) return more;
  const auto lines = std::min(static_cast<int>(labels.wrapped(text->text, kAboutText, width).size()), about_lines(facts));
  return more + 4 + kAboutLine * static_cast<float>(lines);
}

}  // namespace slotwire::web
