#include "web/view/layout.h"

#include <algorithm>

namespace slotwire::web {

int height_of(float width) { return width >= kWideFrom ? kWideHeight : kNarrowHeight; }

namespace {

constexpr float kWeekdays = 28;
constexpr float kMonthBar = 44;
constexpr float kFooter = 60;
constexpr float kWidest = 940;

Layout wide(float width, float height, float head) {
  const float content = std::min(width, kWidest);
  const float pad = 28;
  const float left = (width - content) / 2 + pad;
  const float inner = content - 2 * pad;
  Layout layout;
  layout.is_wide = true;
  layout.all = {0, 0, width, height};
  layout.header = {left, 24, inner, 56 + head};
  layout.notice = {left + inner * 0.45F, 24, inner * 0.55F, kTouch};
  layout.footer = {left, height - kFooter, inner, kFooter};
  const float top = 100 + head;
  layout.body = {left, top, inner, height - kFooter - top};
  const float times = std::clamp(inner * 0.38F, 200.0F, 320.0F);
  const float gap = inner < 640 ? 24.0F : 40.0F;
  const float calendar = inner - times - 2 * gap;
  layout.month_bar = {left, top, calendar, kMonthBar};
  layout.weekdays = {left, top + kMonthBar, calendar, kWeekdays};
  const float days_top = layout.weekdays.bottom();
  layout.row = std::clamp((layout.body.bottom() - 4 - days_top) / 6, kTouch, 64.0F);
  layout.days = {left, days_top, calendar, layout.row * 6};
  layout.times = {left + calendar + 2 * gap, top, times, layout.body.height};
  return layout;
}

Layout narrow(float width, float height, bool has_notice, int weeks, float head) {
  // Seven columns wide enough for a finger are more important than margins.
  const float pad = std::clamp(std::min(width * 0.045F, (width - 7 * kTouch) / 2), 4.0F, 28.0F);
  const float inner = width - 2 * pad;
  Layout layout;
  layout.is_wide = false;
  layout.all = {0, 0, width, height};
  layout.header = {pad, 16, inner, 50 + head};
  layout.footer = {pad, height - kFooter, inner, kFooter};
  // The notice is above the footer: days must not move under a finger when it appears or disappears.
  layout.notice = {pad, layout.footer.y - kTouch - 6, inner, kTouch};
  const float top = 76 + head;
  const float bottom = has_notice ? layout.notice.y - 4 : layout.footer.y;
  layout.body = {pad, top, inner, bottom - top};
  layout.month_bar = {pad, top, inner, kMonthBar};
  layout.weekdays = {pad, top + kMonthBar, inner, kWeekdays};
  layout.row = 46;
  layout.days = {pad, layout.weekdays.bottom(), inner, layout.row * static_cast<float>(weeks)};
  layout.times = {pad, layout.days.bottom() + 8, inner, bottom - layout.days.bottom() - 8};
  return layout;
}

}  // namespace

Layout layout_of(float width, float height, bool has_notice, int weeks, float head) {
  return width >= kWideFrom ? wide(width, height, head) : narrow(width, height, has_notice, weeks, head);
}

}  // namespace slotwire::web
