#pragma once
// The screen as a tree of nodes, which both the canvas and the accessible twin show. Values only.
//
// As JSON (json_from_screen); empty and false members are left out:
//
//   {"dir":"ltr","focus":"day:2026-01-06","root":
//     {"id":"picker","kind":"group","label":"Choose a time","children":[
//       {"id":"title","kind":"heading","level":2,"text":"30 Minute Meeting"},
//       {"id":"next-month","kind":"button","look":"icon","icon":"next","label":"Next month"},
//       {"id":"calendar","kind":"grid","label":"January 2026","children":[
//         {"id":"weekdays","kind":"row","children":[{"id":"weekday:1","kind":"columnheader","text":"Mo","label":"Monday"}]},
//         {"id":"week:2026-01-05","kind":"row","children":[
//           {"id":"day:2026-01-06","kind":"gridcell","text":"6","label":"Tuesday, January 6, 3 free times","look":"free",
//            "selected":true,"current":true,"tabstop":true}]}]},
//       {"id":"time-list","kind":"list","label":"Free times","children":[
//         {"id":"slot:1767708000000","kind":"listitem","children":[
//           {"id":"time:1767708000000","kind":"button","text":"14:00","pressed":false}]}]}]}}
//
// How a node is converted to DOM:
//   group         div role=group (no role when it has no label)      heading   h<level>
//   text          p or span                            status, alert    div role=status (announced by a separate live region)
//   grid, row, columnheader, gridcell    the ARIA date grid; cells take focus by roving tabindex: 0 for "tabstop", else -1
//   button        button; "pressed" -> aria-pressed, "expanded" -> aria-expanded, disabled -> aria-disabled (stays focusable)
//   link          a href target=_blank rel=noopener; a plain click is prevented and sent as activation, others are the browser's
//   list, listitem    ul, li. The children of a list are listitems, whose children are what can be activated
//   listbox, option   role=listbox with options; "selected"; options take focus by roving tabindex like cells
//   button with "expanded"  with an icon: opens a listbox, the one that "controls" names while it is there, or a dialog; without:
//                 unfolds the text that "controls" names
//   textbox       input type=search; its changes go to sw_input; "controls" names the listbox its arrow keys move in
//   dialog        div role=dialog; Escape goes to sw_key
//   progress      a placeholder for what is loading: empty, aria-hidden; the surrounding group is "busy"
// color is shown as a dot before the text; it is set as a custom property, never as a CSS rule. text is visible; label, if given,
// is the accessible name instead of text; hint is shown small beside the text, and is the accessible description. Nodes of kind
// button, link, gridcell and option are activated by id. Ids are unique in a screen, and the same thing keeps its id from one
// screen to the next, so that a twin can be updated by id. A focus action may name any node: one that cannot be focused gets
// tabindex -1.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::web {

enum class Kind {
  group,
  heading,
  text,
  status,
  alert,
  grid,
  row,
  columnheader,
  gridcell,
  button,
  link,
  list,
  listitem,
  listbox,
  option,
  textbox,
  dialog,
  progress,
};

// How a node looks on the canvas and in the style sheet; the JSON name is the enumerator's spelling.
//   gridcell: free (has slots), none (known to have none), unknown (not loaded or failed), outside (past or beyond the horizon),
//             blank (not a day of this page: no text, cannot be activated)
//   button:   plain, primary, quiet (text, or its icon if the text does not fit), icon (see Node::icon), toggle (one of a small
//             group of choices)
//   text:     plain, muted
//   status, alert: notice (calm), warning
enum class Look { plain, muted, primary, quiet, icon, toggle, free, none, unknown, outside, blank, notice, warning };

enum class Icon { nothing, previous, next, clock, globe, close, back, check, today, unfold, person, pin };

// Number of months in a row of the month list, for keys, canvas and style sheet (web/embed/shown).
inline constexpr int kMonthsAcross = 3;

struct Node {
  explicit Node(std::string_view name, Kind what = Kind::group, std::string shown = {});
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;
  ~Node();

  std::string id;
  Kind kind;
  std::string text = {};  // listitem: heading of the section that begins with it
  std::string label = {};
  std::string hint = {};
  std::string href = {};      // link
  std::string value = {};     // textbox
  std::string color = {};     // "#rrggbb": a dot before the text, in the event type's colour
  std::string controls = {};  // textbox, button: id of the list it controls
  int level = 0;              // heading
  Look look = Look::plain;
  Icon icon = Icon::nothing;
  bool disabled = false;
  bool selected = false;              // gridcell, option
  bool current = false;               // gridcell: today
  bool faint = false;                 // gridcell: a day of the next month, in the last row of this one
  bool busy = false;                  // group, grid, list: something in it is still loading
  bool tabstop = false;               // gridcell, option: the one that Tab reaches
  std::optional<bool> pressed = {};   // toggle buttons
  std::optional<bool> expanded = {};  // buttons that open something
  std::vector<Node> children = {};

  // Appends a child; the reference lives until the next child is added to this node.
  Node& add(std::string_view child_id, Kind child_kind = Kind::group, std::string child_text = {});
};

struct Screen {
  bool right_to_left = false;
  std::string focus;  // id of the node with keyboard focus; empty: no node of the widget
  Node root{"picker"};
};

// Borrowed from the tree; nullptr if no node has this id.
[[nodiscard]] const Node* find_node(const Node& root, std::string_view id);
// True for nodes of a kind that can be activated, unless disabled.
[[nodiscard]] bool is_active(const Node& node);
[[nodiscard]] std::string json_from_screen(const Screen& screen);

}  // namespace slotwire::web
