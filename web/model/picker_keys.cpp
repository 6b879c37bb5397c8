// Keyboard control by the ARIA date-grid pattern: arrows move by day and week, Home and End within the week, PageUp and PageDown
// by month, with Shift ("Shift+PageUp") by year. On right-to-left pages left and right are swapped.
#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

bool has_prefix(std::string_view id, std::string_view prefix) { return id.substr(0, prefix.size()) == prefix; }

bool is_activation(std::string_view key) { return key == "Enter" || key == " "; }

// The innermost list that contains this id; nullptr if there is none.
const Node* list_with(const Node& node, std::string_view id) {
  for (const Node& child : node.children)
    if (const Node* list = list_with(child, id)) return list;
  return node.kind == Kind::list && find_node(node, id) ? &node : nullptr;
}

std::vector<Node>::const_iterator item_with(const Node& list, std::string_view id) {
  return std::find_if(list.children.begin(), list.children.end(),
                      [id](const Node& item) { return find_node(item, id) != nullptr; });
}

}  // namespace

bool Picker::press(std::string_view id, std::string_view key) {
  if (state_.is_zone_open && key == "Escape") {
    close_zones();
    return true;
  }
  if (state_.months_at && key == "Escape") {
    close_months();
    return true;
  }
  if (has_prefix(id, "month:")) return press_on_month(id, key);
  if (has_prefix(id, "day:")) {
    if (is_activation(key)) return activate(id), true;
    // Keys start at the focused cell, even if a click has focused it.
    const Result<Day> day = day_from_text(id.substr(4));
    return press_on_day(day && find_node(screen_.root, id) ? *day : state_.cursor, key);
  }
  if (has_prefix(id, "time:") || id == "book") return press_on_time(id, key);
  if (id == "zone-search" || has_prefix(id, "zone:")) return press_on_zone(id, key);
  return false;
}

bool Picker::press_on_day(Day at, std::string_view key) {
  const int first_day = first_day_of_week(state_);
  const int forward = state_.locale.right_to_left ? -1 : 1;
  if (key == "ArrowLeft")
    move_cursor(at - chrono::days{forward});
  else if (key == "ArrowRight")
    move_cursor(at + chrono::days{forward});
  else if (key == "ArrowUp")
    move_cursor(at - chrono::days{7});
  else if (key == "ArrowDown")
    move_cursor(at + chrono::days{7});
  else if (key == "Home")
    move_cursor(start_of_week(at, first_day));
  else if (key == "End")
    move_cursor(start_of_week(at, first_day) + chrono::days{6});
  else if (key == "PageUp")
    move_cursor(moved_by_months(at, -1));
  else if (key == "PageDown")
    move_cursor(moved_by_months(at, 1));
  else if (key == "Shift+PageUp")
    move_cursor(moved_by_months(at, -12));
  else if (key == "Shift+PageDown")
    move_cursor(moved_by_months(at, 12));
  else
    return false;
  return true;
}

void Picker::move_cursor(Day day) {
  day = std::clamp(day, today(state_), last_day(state_));
  if (!shown_days(state_).contains(day)) turn_to(day);
  // The visitor is using the keyboard: a default selection must not move the cursor.
  state_.is_day_automatic = false;
  state_.cursor = day;
  move_focus(day_id(day));
}

bool Picker::press_on_time(std::string_view id, std::string_view key) {
  if (key == "Escape") {
    if (state_.taken) {
      activate("all-times");
      move_focus(day_id(state_.cursor));
    } else if (state_.chosen) {
      move_focus("time:" + text_from_ms(*state_.chosen));
      drop_choice();
    } else {
      move_focus(day_id(state_.cursor));
    }
    return true;
  }
  if (state_.options.view == View::week && (key == "PageUp" || key == "PageDown"))
    return activate(key == "PageUp" ? "previous-week" : "next-week");
  const int forward = state_.locale.right_to_left ? -1 : 1;
  if (key == "ArrowLeft") return press_beside(id, -forward);
  if (key == "ArrowRight") return press_beside(id, forward);
  const Node* list = list_with(screen_.root, id);
  if (!list) return false;
  const auto& items = list->children;
  const auto here = item_with(*list, id);
  auto there = here;
  if (key == "ArrowUp")
    there = here == items.begin() ? here : here - 1;
  else if (key == "ArrowDown")
    there = here + 1 == items.end() ? here : here + 1;
  else if (key == "Home")
    there = items.begin();
  else if (key == "End")
    there = items.end() - 1;
  else
    return false;
  move_focus(there->children.front().id);
  return true;
}

// In the week's columns: the time at the same row in the next column that has times.
bool Picker::press_beside(std::string_view id, int direction) {
  const Node* week = find_node(screen_.root, "week");
  const Node* list = week ? list_with(*week, id) : nullptr;
  if (!list) return false;
  const auto row = item_with(*list, id) - list->children.begin();
  std::vector<const Node*> lists;
  for (const Node& column : week->children)
    if (column.children.back().kind == Kind::list) lists.push_back(&column.children.back());
  const auto here = std::find(lists.begin(), lists.end(), list) - lists.begin();
  const auto there = std::clamp<std::ptrdiff_t>(here + direction, 0, static_cast<std::ptrdiff_t>(lists.size()) - 1);
  const auto& items = lists[static_cast<std::size_t>(there)]->children;
  const auto at = std::min(row, static_cast<std::ptrdiff_t>(items.size()) - 1);
  move_focus(items[static_cast<std::size_t>(at)].children.front().id);
  return true;
}

bool Picker::press_on_month(std::string_view id, std::string_view key) {
  if (is_activation(key)) return activate(id);
  const Result<Day> at = day_from_text(id.substr(6));
  if (!at || !state_.months_at) return false;
  const Day first = days_of(month_of(today(state_))).begin;
  const Day last = days_of(month_of(last_day(state_))).begin;
  const int forward = state_.locale.right_to_left ? -1 : 1;
  Day there = *at;
  if (key == "ArrowLeft")
    there = moved_by_months(*at, -forward);
  else if (key == "ArrowRight")
    there = moved_by_months(*at, forward);
  else if (key == "ArrowUp")
    there = moved_by_months(*at, -kMonthsAcross);
  else if (key == "ArrowDown")
    there = moved_by_months(*at, kMonthsAcross);
  else if (key == "Home")
    there = first;
  else if (key == "End")
    there = last;
  else
    return false;
  if (there < first || there > last) there = *at;
  state_.months_at = there;
  move_focus(month_id(there));
  return true;
}

bool Picker::press_on_zone(std::string_view id, std::string_view key) {
  if (!state_.is_zone_open || !state_.zones || state_.zones->empty()) return false;
  const std::vector<ZoneChoice>& found = *state_.zones;
  const bool is_text = id == "zone-search";
  const auto here =
      std::find_if(found.begin(), found.end(), [this](const ZoneChoice& zone) { return zone.name == state_.zone_cursor; });
  auto there = here == found.end() ? found.begin() : here;
  const auto last = found.end() - 1;
  if (key == "Enter" || (key == " " && !is_text)) {
    choose_zone(std::string(there->name));
    return true;
  }
  if (key == "ArrowDown")
    there = is_text || there == last ? there : there + 1;
  else if (key == "ArrowUp" && !is_text)
    there = there == found.begin() ? there : there - 1;
  else if (key == "PageDown")
    there += std::min<std::ptrdiff_t>(8, last - there);
  else if (key == "PageUp")
    there -= std::min<std::ptrdiff_t>(8, there - found.begin());
  else if (key == "Home" && !is_text)
    there = found.begin();
  else if (key == "End" && !is_text)
    there = last;
  else
    return false;
  if (!is_text && key == "ArrowUp" && there == here) {  // at the top: back to the text box
    move_focus("zone-search");
    return true;
  }
  state_.zone_cursor = there->name;
  move_focus("zone:" + state_.zone_cursor);
  return true;
}

}  // namespace slotwire::web
