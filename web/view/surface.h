#pragma once
// What lies where on the canvas, and what pointer and wheel do with it: hit testing, hover, clicks and scrolling. Pure: no
// drawing, no page. The drawing fills it; coordinates are those of the canvas (already mirrored), CSS pixels.
#include <string>
#include <string_view>
#include <vector>

#include "web/view/layout.h"

namespace slotwire::web {

// Something that can be activated, cut to what is visible. With an empty id: ground that covers what lies below.
struct Place {
  std::string id;
  Box box;
  bool operator==(const Place&) const = default;
};

// A list that may be longer than its box.
struct Pane {
  std::string key = {};  // what it shows; another key starts at the top
  Box box = {};          // empty: not shown
  float offset = 0;
  float content = 0;  // height of all of it
  [[nodiscard]] float limit() const { return content > box.height ? content - box.height : 0; }
};

enum class PointerKind { mouse, touch };

class Surface {
 public:
  struct Outcome {
    std::string activated = {};  // id; empty: nothing
    bool has_hover_changed = false;
    bool keeps_drag = false;  // the page must not scroll with this touch
  };

  // A new drawing begins: places and panes are filled anew, offsets and hover stay.
  void clear();
  // Later places lie on top.
  void add(Place place) { places_.push_back(std::move(place)); }
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] std::string_view id_at(float x, float y) const;
  [[nodiscard]] const std::string& hovered() const { return hovered_; }

  // The list of the screen, and the one of a dialog, which is then the only one that scrolls.
  Pane list;
  Pane dialog;
  bool is_dialog_open = false;

  Outcome press(PointerKind kind, float x, float y);
  // A finger that goes further than a tap would pulls the list and no longer activates anything.
  Outcome move(PointerKind kind, float x, float y);
  // Activates what it was pressed on, if it still is there.
  Outcome release(PointerKind kind, float x, float y);
  Outcome leave();
  // Moves the list under the point; false when there is none or it is at its end, so that the page may scroll.
  bool scroll(float x, float y, float dy);

 private:
  [[nodiscard]] bool can_scroll(float x, float y) const;
  bool hover(std::string_view id);

  std::vector<Place> places_;
  std::string hovered_;
  std::string pressed_;
  bool is_on_list_ = false;  // the finger went down on a list that can move
  bool is_pulling_ = false;
  float pulled_x_ = 0, pulled_from_ = 0, pulled_to_ = 0;
};

}  // namespace slotwire::web
