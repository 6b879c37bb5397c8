// What is shown before anything has loaded: the widget's outline at its final size.

// web/view/layout.h has the same numbers: the height depends only on the width, so nothing moves when the content arrives.
const wideFrom = 640;
const wideHeight = 540;
const narrowHeight = 740;

// Minimum heights if the site sets the height, so that all parts fit.
const wideLeast = 540;
const narrowLeast = 680;

export const isWideFor = (width, zoom) => width >= wideFrom * zoom;
export const heightFor = (width, zoom) => (isWideFor(width, zoom) ? wideHeight : narrowHeight) * zoom;
const leastFor = (width, zoom) => (isWideFor(width, zoom) ? wideLeast : narrowLeast) * zoom;

/** The height that the site has set, as CSS: a number is px. Empty: none. */
export const ownHeight = (option) =>
  /^\s*[\d.]+\s*$/.test(option) ? `${parseFloat(option)}px` : /^\s*([\d.]|(calc|min|max|clamp|var)\()/.test(option) ? option : '';

/** @returns a style sheet for the host, and a function that sets its height: the site's own, or else `px` by its content */
export function sizeSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':host{}');
  const { style } = /** @type {CSSStyleRule} */ (sheet.cssRules[0]);
  const setHeight = (px, option, width, zoom) => {
    style.height = `${px}px`;
    // An invalid height is ignored by `style`, which also prevents injection of other rules.
    const own = ownHeight(option);
    if (own) style.height = own;
    style.minHeight = `${leastFor(width, zoom)}px`;
  };
  return { sheet, setHeight };
}

/** How much larger than the default the browser's text size is, independent of the page's style: the whole widget grows by it. */
export const zoomOf = (cover) => Math.min(2, Math.max(1, parseFloat(getComputedStyle(cover).fontSize) / 16));

const styles = `
:host { display: block; position: relative; box-sizing: border-box; contain: layout; border-radius: 12px; overflow: clip; }
:host([hidden]) { display: none; }
.skeleton { font-size: medium; position: absolute; inset: 0; --bar: #eceef1; background: #fff; }
.skeleton > div { position: absolute; inset: 0 max(28px, calc(50% - 442px)); --times: clamp(200px, 38%, 320px); }
.skeleton i { background: var(--bar); border-radius: 10px; }
.title, .month, .days, .times { position: absolute; }
.title { inset: 30px auto auto 0; width: 210px; height: 20px; }
.month { inset: 114px auto auto 6px; width: 140px; height: 16px; }
.days { inset: 176px calc(var(--times) + 56px) 84px 0; display: grid; grid: repeat(6, 1fr) / repeat(7, 1fr); gap: 4px; }
.times { inset: 144px 0 auto auto; width: var(--times); display: grid; gap: 8px; }
.times i { height: 44px; }
.narrow > div { inset: 0 4.5%; }
.narrow .title { top: 22px; }
.narrow .month { top: 90px; }
.narrow .days { inset: 150px 0 auto 0; height: 272px; }
.narrow .times { inset: 480px 0 auto 0; width: auto; grid-template-columns: 1fr 1fr; }
:is(.list, .week) .days { overflow: hidden; }
:is(.list, .week.wide) .times { display: none; }
.list .days { inset: 156px 0 60px; height: auto; grid: none / 1fr; grid-auto-rows: 44px; gap: 12px; }
.list.narrow .days { top: 132px; }
.week.wide .days { inset: 212px 0 60px; grid: none / repeat(7, 1fr); grid-auto-rows: 44px; gap: 8px; padding-inline: 4px; }
.week.narrow .days { height: 42px; grid: 42px / repeat(7, 1fr); }
.week.narrow .times { top: 212px; }
@media (prefers-color-scheme: dark) { .skeleton.auto { --bar: #24282f; background: #15181e; } }
.skeleton.dark { --bar: #24282f; background: #15181e; }
.away { position: absolute; inset: 0; display: grid; place-content: center; gap: 12px; padding: 24px; text-align: center; }
.away p { margin: 0; }
.away :is(a, button) { color: inherit; padding: 12px 16px; font: inherit; }
.away button { justify-self: center; min-height: 44px; border: 1px solid; border-radius: 8px; background: none; cursor: pointer; }
`;

let sheet;
export function baseSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}

/** @param {Record<string, any>} options */
export function skeleton(options) {
  const element = (tag, className, children = []) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  };
  // Old libraries (Prototype) replace Array.from.
  const bars = (count) => [...Array(count)].map(() => element('i', ''));
  const theme = ['light', 'dark'].includes(options.theme) ? options.theme : 'auto';
  // Without an event type the widget shows the list of them.
  const view = !options['event-type'] || options.owner ? 'list' : ['week', 'list'].includes(options.view) ? options.view : 'month';
  const box = element('div', `skeleton ${view} ${theme}`, [
    element('div', '', [
      element('i', 'title'), element('i', 'month'), element('div', 'days', bars(42)), element('div', 'times', bars(6)),
    ]),
  ]);
  box.setAttribute('aria-hidden', 'true');
  const ground = options['background-color'];
  if (ground) {
    box.style.backgroundColor = ground;
    box.style.backgroundColor = `#${ground}`;
  }
  return box;
}

export function fit(skeleton, width, zoom) {
  skeleton.classList.toggle('wide', isWideFor(width, zoom));
  skeleton.classList.toggle('narrow', !isWideFor(width, zoom));
}
