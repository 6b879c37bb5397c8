#pragma once
// The interface between the WASM module and the page: every function that one side calls on the other. One WASM instance is one
// widget.
//
//   page -> wasm   events (options, clock, answers, pointer, activation by id); each call may queue actions
//   wasm -> page   labels to measure and draw, texts by locale; everything else goes out as actions or as the screen
//
// After any call in, the page drains sw_actions(), and if sw_screen_changed() re-reads sw_screen() for the accessible twin
// and asks for an animation frame. Text is UTF-8 by pointer and byte length; the page writes into sw_buffer(n). Text out is
// a Text record {u32 pointer, u32 length}, valid until the next call in. Instants are f64 milliseconds since 1970 UTC; days
// are i32 days since 1970-01-01. Sizes are CSS pixels unless said otherwise.
#include <cstdint>

// Side of the text atlas, device pixels; its first pixel is white, with its centre at (0.5, 0.5).
inline constexpr float kAtlasSide = 2048;

extern "C" {

struct Text {
  const char* data;
  std::uint32_t size;
};

// ---- exported: page -> wasm -----------------------------------------------------------------------------------------

// Scratch memory for the next call that takes a pointer; one at a time.
void* sw_buffer(std::uint32_t bytes);

// Options as UTF-8 "key\0value\0..." with the attribute names of the element (event-type, view, timezone, hour12 ...).
// The first call comes before sw_clock, which starts the widget; later calls change what they name.
void sw_options(std::uint32_t bytes);
// Buffer: zone name as "name\0", then padding to 8 bytes, then f64 pairs: first (ignored, offset_s), then (at_ms, offset_after_s)
// for each change.
void sw_zone(std::uint32_t bytes);
// Zones for the zone list, "Area/City\0label\0" pairs; the answer to the action "zones".
void sw_zones(std::uint32_t bytes);
void sw_clock(double now_ms);
// Locale facts: first day of week (0 Sunday .. 6), 1 if right-to-left, 1 if the locale's clock has 12 hours.
void sw_locale(std::int32_t first_day, std::int32_t right_to_left, std::int32_t hour12);
// Colours as 0xRRGGBBAA in the order of enum Token (web/view/theme.h), chosen by the page for light, dark or site colours.
void sw_theme(std::uint32_t bytes);

// The answer to the action "fetch" with this id: packed bytes of shared/wire_packed.h in the buffer.
void sw_slots(std::uint32_t fetch_id, std::uint32_t bytes);
// The fetch failed: the buffer has the error code ("offline" if the network is not available); retry_after_s < 0: not
// given. Id 0: the event types failed.
void sw_fetch_failed(std::uint32_t fetch_id, double retry_after_s, std::uint32_t bytes);
// The event types: mode as "pat\0" etc., then for each "uri\0slug\0name\0minutes\0color\0kind\0url\0options(comma
// list)\0description\0profile name\0kind of place\0".
// A public answer ({"mode":"public","schedulingUrl":...}) to a fetch is passed to sw_event_types too, with mode "public" and one
// type that has the requested uri and the url.
void sw_event_types(std::uint32_t bytes);

// The proxy reports changed slots: pairs of i32 days in the buffer, the first day and the one after the last. Fetches follow.
void sw_changed(std::uint32_t bytes);

// The visitor has booked the slot of the last action "book" (reported once, by the booking page or the proxy):
// "start_ms\0event uri\0invitee uri\0cancel url\0reschedule url\0guests\0". Unknown links are empty; guests is the number of
// guests invited, as text.
void sw_booked(std::uint32_t bytes);
// State of the page's form for the slot of the last action "book": 0 closed, 1 loading, 2 visible, 3 being sent, 4 the slot was
// taken by somebody else. While the form is visible the screen's only group beside the header is "form": "form-day", "form-time"
// and "form-zone" describe the slot, and "form-taken" says that it is gone. If that group is missing, the form must be closed.
void sw_form(std::int32_t phase);

// The visitor's actions in the twin: activate the node with this id, or press a key ("ArrowLeft", "PageUp" ...) on it.
void sw_activate(std::uint32_t bytes);                                 // buffer: id
std::int32_t sw_key(std::uint32_t id_bytes, std::uint32_t key_bytes);  // buffer: id then key; 1: handled (prevent default)
void sw_input(std::uint32_t id_bytes, std::uint32_t value_bytes);      // a real input over the canvas changed: id then value
void sw_focus(std::uint32_t bytes, std::int32_t visible);  // buffer: id of the focused node, or empty; visible: draw a ring

// Pointer over the canvas. phase: 0 move, 1 down, 2 up, 3 cancel or leave. kind: 0 mouse, 1 touch, 2 pen.
// Returns 1 if a drag would move something under the pointer (the page then prevents scrolling by this touch).
std::int32_t sw_pointer(std::int32_t phase, std::int32_t kind, double x, double y);
// 1: a list inside scrolled, so the page must not; 0: the page may scroll.
std::int32_t sw_wheel(double x, double y, double dx, double dy);
// Canvas size and device pixel ratio. The height that the widget wants is sent as action "height".
void sw_resize(double width, double height, double pixel_ratio);
// The atlas or its context was lost: forget all rasterised text.
void sw_text_lost();

// Lays out and draws at a time; returns 1 if another frame is needed (animation).
std::int32_t sw_frame(double now_ms);
struct Command {
  std::uint32_t index_count;
  std::uint32_t index_offset;
  float clip_x0, clip_y0, clip_x1, clip_y1;
};
// Vertices: {f32 x, y, u, v; u32 rgba little-endian}, 20 bytes; indices u32; one texture for all.
struct Drawing {
  const void* vertices;
  std::uint32_t vertex_count;
  const std::uint32_t* indices;
  std::uint32_t index_count;
  const Command* commands;
  std::uint32_t command_count;
  std::uint32_t clear_rgba;
};
const Drawing* sw_drawing();

// JSON array of the actions queued since the last call:
//   {"do":"fetch","id":1,"type":"30min","first":"2026-01-01","last":"2026-01-31"}: with "fresh":true if a slot of that one day is
//       about to be booked: bypass the browser's cache and any prefetch; with "later":true if it may wait up to a second, so that
//       not all widgets send it at once
//   {"do":"types"}, {"do":"zones"}, {"do":"zone","name":"Asia/Tokyo","at":ms}: the page answers "zone" with sw_zone
//   {"do":"book","url":...,"start":ms,"end":ms,"type":uri,"name":...}: the slot was just checked: let the visitor book
//   {"do":"calendar","url":...,"start":ms,"end":ms,"type":uri,"title":...}: save the booking as an .ics file
//   {"do":"open","url":...}: with "whole":true if nothing may be added to it
//   {"do":"announce","text":...}, {"do":"focus","id":...}, {"do":"height","px":...}
//   {"do":"event","name":"slotselected","detail":{...}}: a DOM event
//   {"do":"wake","at":ms}: call sw_clock then (stale copies, day change); replaces the previous wake
//   {"do":"field","id":"zone-search","x":..,"y":..,"width":..,"height":..}: show the twin's textbox with this id over the canvas
//       there (CSS pixels), in the text style of kFieldText (web/view/layout.h); an empty id hides it
//   {"do":"cursor","name":"pointer"}: mouse cursor over the canvas, "pointer" or "default"
const Text* sw_actions();
std::int32_t sw_screen_changed();  // since the last sw_screen
const Text* sw_screen();           // JSON tree of nodes, see web/model/screen.h
std::int32_t sw_places_changed();  // since the last sw_places; call after sw_frame
const Text* sw_places();  // JSON {"day:2026-01-06":[x,y,width,height],...}: visible nodes that can be activated, CSS pixels

// ---- imported: wasm -> page (module "page") --------------------------------------------------------------------------

#ifdef __wasm__
#define PAGE(name) __attribute__((import_module("page"), import_name(#name)))
#else
#define PAGE(name)  // native builds import nothing
#endif

struct RasterisedText {
  float x, y, width, height;  // rectangle in the atlas, device pixels
  float left, top;            // position relative to the pen and the line's top (a line is size_px high), CSS pixels
  float advance;              // CSS pixels
  float own;  // device pixels: distance to a second rectangle below, which has the coloured pixels; 0: there is none
};
// Draws a run of text into the atlas with the page's own font. 0: the atlas is full; forget all labels and draw again.
PAGE(page_raster)
std::int32_t page_raster(const char* text, std::uint32_t bytes, float size_px, std::int32_t weight, RasterisedText* out);
// The text's advance in CSS pixels, without drawing.
PAGE(page_measure) float page_measure(const char* text, std::uint32_t bytes, float size_px, std::int32_t weight);

// Words by locale: see enum Format (web/model/words.h). Writes at most `capacity` bytes, returns the length needed.
PAGE(page_words) std::uint32_t page_words(std::int32_t kind, double a, double b, char* out, std::uint32_t capacity);
// A message of the translation table by key ("times-none", "book-now" ...), with {0} {1} as placeholders.
PAGE(page_message) std::uint32_t page_message(const char* key, std::uint32_t bytes, char* out, std::uint32_t capacity);

#undef PAGE

}  // extern "C"
