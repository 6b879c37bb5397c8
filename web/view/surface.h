#pragma once
// Positions of everything on the canvas, and the effects of pointer and wheel: hit testing, hover, clicks and scrolling. Pure: no
// drawing, no page. The drawing registers the places; coordinates are those of the canvas (already mirrored), CSS pixels.
#include <string>
#include <string_view>
#include <vector>

#include "web/view/layout.h"

namespace slotwire::web {

// Something that can be activated, clipped to its visible part. With an empty id: a background that covers what is below.
struct Place {
  std::string id;
  Box box;
  bool operator==(const Place&) const = default;
};

// A scrollable list, which may be higher than its box.
struct Pane {
  std::string key = {};  // identifies the content; a new key resets the scroll position
  Box box = {};          // empty: not visible
  float offset = 0;
  float content = 0;  // height of the whole content
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

  // Begins a new drawing: places and panes are registered again, scroll offsets and hover are kept.
  void clear();
  // Places added later are on top.
  void add(Place place) { places_.push_back(std::move(place)); }
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }
  [[nodiscard]] std::string_view id_at(float x, float y) const;
  [[nodiscard]] const std::string& hovered() const { return hovered_; }

  // The screen's list, and a dialog's. While a dialog is open only its list scrolls.
  Pane list;
  Pane dialog;
  bool is_dialog_open = false;

  Outcome press(PointerKind kind, float x, float y);
  // A touch that moves further than a tap scrolls the list and no longer activates anything.
  Outcome move(PointerKind kind, float x, float y);
  // Activates the place that was pressed, if it is still there.
  Outcome release(PointerKind kind, float x, float y);
  Outcome leave();
  // Scrolls the list at the point; false if there is none or it is at its end, so that the page may scroll.
  bool scroll(float x, float y, float dy);

 private:
  [[nodiscard]] bool can_scroll(float x, float y) const;
  bool hover(std::string_view id);

  std::vector<Place> places_;
  std::string hovered_;
  std::string pressed_;
  bool is_on_list_ = false;  // the touch began on a list that can scroll
  bool is_pulling_ = false;
  float pulled_x_ = 0, pulled_from_ = 0, pulled_to_ = 0;
};

}  // namespace slotwire::web
