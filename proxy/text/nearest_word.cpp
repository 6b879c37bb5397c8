#include "proxy/text/nearest_word.h"

#include <algorithm>

namespace slotwire::text {
namespace {

// Edit distance (optimal string alignment): insertions, deletions, replacements and swaps of neighbours.
std::size_t letters_apart(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> apart(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) apart[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) apart[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = apart[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      apart[i][j] = std::min({apart[i - 1][j] + 1, apart[i][j - 1] + 1, replaced});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) apart[i][j] = std::min(apart[i][j], apart[i - 2][j - 2] + 1);
    }
  }
  return apart[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestWord = 40;  // no command and no setting is longer
  std::optional<std::string> nearest;
  std::size_t fewest = std::max<std::size_t>(1, typed.size() / 3) + 1;
  if (typed.size() > kLongestWord) return nearest;
  for (const std::string& word : known) {
    const std::size_t apart = letters_apart(typed, word);
    if (apart >= fewest) continue;
    fewest = apart;
    nearest = word;
  }
  return nearest;
}

}  // namespace slotwire::text
