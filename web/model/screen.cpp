#include "web/model/screen.h"

#include "shared/json_text.h"

namespace slotwire::web {
namespace {

constexpr std::string_view kKindNames[] = {"group",    "heading",      "text",     "status",  "alert",  "grid",
                                           "row",      "columnheader", "gridcell", "button",  "link",   "list",
                                           "listitem", "listbox",      "option",   "textbox", "dialog", "progress"};
constexpr std::string_view kLookNames[] = {"plain", "muted",   "primary", "quiet", "icon",   "toggle", "free",
                                           "none",  "unknown", "outside", "blank", "notice", "warning"};
constexpr std::string_view kIconNames[] = {"",     "previous", "next",  "clock",  "globe",  "close",
                                           "back", "check",    "today", "unfold", "person", "pin"};

void append_text(std::string& out, std::string_view key, std::string_view value) {
  if (!value.empty()) append_json_field(out, key, value);
}

void append_node(std::string& out, const Node& node) {
  out += '{';
  append_json_field(out, "id", node.id);
  append_text(out, "kind", kKindNames[static_cast<std::size_t>(node.kind)]);
  append_text(out, "text", node.text);
  append_text(out, "label", node.label);
  append_text(out, "hint", node.hint);
  append_text(out, "href", node.href);
  append_text(out, "value", node.value);
  append_text(out, "color", node.color);
  append_text(out, "controls", node.controls);
  if (node.level > 0) {
    append_json_key(out, "level");
    out += static_cast<char>('0' + node.level);
  }
  if (node.look != Look::plain) append_text(out, "look", kLookNames[static_cast<std::size_t>(node.look)]);
  append_text(out, "icon", kIconNames[static_cast<std::size_t>(node.icon)]);
  if (node.disabled) append_json_flag(out, "disabled", true);
  if (node.selected) append_json_flag(out, "selected", true);
  if (node.current) append_json_flag(out, "current", true);
  if (node.faint) append_json_flag(out, "faint", true);
  if (node.busy) append_json_flag(out, "busy", true);
  if (node.tabstop) append_json_flag(out, "tabstop", true);
  if (node.pressed) append_json_flag(out, "pressed", *node.pressed);
  if (node.expanded) append_json_flag(out, "expanded", *node.expanded);
  if (!node.children.empty()) {
    append_json_key(out, "children");
    out += '[';
    for (const Node& child : node.children) {
      if (&child != &node.children.front()) out += ',';
      append_node(out, child);
    }
    out += ']';
  }
  out += '}';
}

}  // namespace

// Defined here rather than inline: inlined wherever a node is made, they would make the widget a fifth larger.
Node::Node(std::string_view name, Kind what, std::string shown) : id(name), kind(what), text(std::move(shown)) {}
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

Node& Node::add(std::string_view child_id, Kind child_kind, std::string child_text) {
  return children.emplace_back(child_id, child_kind, std::move(child_text));
}

const Node* find_node(const Node& root, std::string_view id) {
  if (root.id == id) return &root;
  for (const Node& child : root.children)
    if (const Node* found = find_node(child, id)) return found;
  return nullptr;
}

bool is_active(const Node& node) {
  if (node.disabled) return false;
  switch (node.kind) {
    case Kind::button:
    case Kind::link:
    case Kind::option:
      return true;
    case Kind::gridcell:
      return node.look != Look::blank;
    default:
      return false;
  }
}

std::string json_from_screen(const Screen& screen) {
  std::string out = "{";
  append_text(out, "dir", screen.right_to_left ? "rtl" : "ltr");
  append_text(out, "focus", screen.focus);
  append_json_key(out, "root");
  append_node(out, screen.root);
  out += '}';
  return out;
}

}  // namespace slotwire::web
