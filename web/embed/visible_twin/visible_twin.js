// Style of the twin as the visible interface: without WebGL, while its context is lost, and with forced colours. A chunk of its
// own, because few visits need it.

const styles = `
.twin.shown { position: relative; inset: auto; block-size: 100%; overflow: auto; pointer-events: auto; padding: 20px;
  background: var(--sw-background); border: 1px solid var(--sw-border); border-radius: inherit; line-height: 1.4;
  font-size: 15px; container-type: inline-size; scroll-padding-block-end: 120px; }
.shown > * { zoom: var(--sw-zoom); }
.shown [data-kind=group] { display: flow-root; }
.shown :is(h1, h2, h3, h4) { font-weight: 600; font-size: 17px; margin-block: 4px 8px; }
.shown #title { font-size: 21px; }
.shown p, .shown [role=status], .shown [role=alert] { margin-block: 4px 10px; }
.shown [data-look=muted], .shown .hint { color: var(--sw-text-muted); }
.shown .hint { display: block; font-size: 13px; }
.shown #about-text { white-space: pre-line; overflow-wrap: anywhere; }
.shown [role=status]:not(:empty), .shown [role=alert]:not(:empty) { padding: 8px 12px; border-radius: 8px; background: var(--sw-notice); }
.shown [data-look=warning]:not(:empty) { background: var(--sw-warning); color: var(--sw-on-warning); }
.shown :is(button, a) { display: inline-block; min-height: 44px; min-width: 44px; padding: 10px 14px; border-radius: 8px;
  border: 1px solid var(--sw-border); background: transparent; color: var(--sw-primary-strong); cursor: pointer;
  text-align: center; text-decoration: none; }
.shown :is(button, a):hover:not([aria-pressed=true], [data-look=primary], [aria-disabled=true]) { background: var(--sw-hover); }
.shown :is(button, a)[data-look=primary], .shown [aria-pressed=true] { background: var(--sw-primary);
  color: var(--sw-on-primary); border-color: transparent; }
.shown :is(button, a)[data-look=quiet] { border-color: transparent; }
.shown [aria-disabled=true] { color: var(--sw-text-faint); cursor: default; }
.shown [data-icon=previous]:empty::before { content: '\\2039' / ''; }
.shown [data-icon=next]:empty::before { content: '\\203a' / ''; }
.shown [data-icon=close]:empty::before { content: '\\d7' / ''; }
.shown [data-icon=back]:empty::before { content: '\\2190' / ''; }
.shown [role=grid] { max-inline-size: 420px; margin-block: 6px 14px; }
.shown [role=row] { display: grid; grid-template-columns: repeat(7, 1fr); gap: 3px; margin-bottom: 3px; }
.shown [role=columnheader] { text-align: center; font-size: 13px; color: var(--sw-text-muted); }
.shown [role=gridcell] { display: grid; place-items: center; min-height: 44px; border-radius: 8px; cursor: default; }
.shown [role=gridcell]:is([data-look=none], [data-look=unknown], [data-look=outside]) { color: var(--sw-text-muted); }
.shown [role=gridcell][data-look=free] { background: var(--sw-primary-soft); color: var(--sw-primary-strong);
  font-weight: 600; cursor: pointer; }
.shown [role=gridcell][data-faint] { border: 5px solid transparent; border-radius: 12px; background-clip: padding-box;
  font-size: 13px; font-weight: 400; }
.shown [role=gridcell][aria-selected=true] { background: var(--sw-primary); color: var(--sw-on-primary); }
.shown [role=gridcell][aria-current] { box-shadow: inset 0 -3px 0 -1px currentColor; }
.shown ul { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 8px; }
.shown li > :is(button, a) { width: 100%; }
.shown li > * + * { margin-top: 6px; }
.shown li:has(> h4) { grid-column: 1 / -1; }
.shown li > h4 { margin: 0; font-size: 13px; color: var(--sw-text-muted); }
.shown [data-icon=unfold]::after { content: '\\25be' / ''; margin-inline-start: 6px; color: var(--sw-text-muted); }
.shown #month { padding: 4px 0; color: inherit; text-align: start; }
.shown :is(#today, #first-free) { flex: none; padding-inline: 6px; }
.shown #months { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px; max-height: none;
  align-content: start; padding: 4px; }
.shown #months > * { display: grid; place-items: center; padding-inline: 0; border: 1px solid var(--sw-border); text-align: center; }
.shown #month-bar, .shown #footer { display: flex; align-items: center; gap: 4px; flex-wrap: wrap; }
.shown #month-bar { flex-wrap: nowrap; min-height: 64px; }
.shown #month-bar > :first-child { min-inline-size: 0; margin-block: 0; }
.shown #month-bar > :first-child, .shown #footer > :first-child { margin-inline-end: auto; }
@container (min-width: 600px) {
  .shown #picker:has(#calendar, #months ~ :is(#times, #taken)) { display: grid; grid-template-columns: 1fr minmax(240px, 300px); column-gap: 32px;
    grid-template-rows: auto auto 1fr auto; min-height: 100%; }
  .shown #picker:has(#calendar, #months) > * { grid-column: 1 / -1; }
  .shown #picker > :is(#month-bar, #calendar, #months) { grid-column: 1; max-inline-size: none; }
  .shown #picker:has(#calendar, #months) > :is(#times, #taken) { grid-column: 2; grid-row: span 2; }
  .shown #picker > #times ul { grid-template-columns: 1fr; max-height: 312px; overflow: auto; padding: 3px; }
}
.shown [data-dot]::before { content: '' / ''; display: inline-block; width: 10px; height: 10px; border-radius: 50%;
  margin-inline-end: 8px; background: var(--dot); }
.shown #week { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 8px; }
.shown #week ul { grid-template-columns: 1fr; }
.shown #week h4 { display: flex; flex-direction: column-reverse; text-align: center; }
.shown #week button { padding-inline: 2px; }
.shown #day-list ul { grid-template-columns: 1fr; gap: 0; }
.shown #day-list li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding-block: 6px;
  border-block-start: 1px solid var(--sw-border); }
.shown #day-list li > * { margin: 0; }
.shown #day-list li > button { width: auto; margin-inline-start: auto; }
.shown #type-list { grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr)); }
.shown #type-list button { text-align: start; font-weight: 600; }
.shown #type-list button > * { font-weight: 400; }
.shown #confirmation { text-align: center; }
.shown :is(#footer, #book-bar) { position: sticky; inset-block-end: -20px; padding-block: 8px; background: var(--sw-background); }
.shown #footer { min-height: 61px; border-block-start: 1px solid var(--sw-border); }
.shown #book-bar { inset-block-end: 41px; display: flex; align-items: center; justify-content: space-between; gap: 12px; }
.shown [role=dialog] { padding: 14px; border: 1px solid var(--sw-border); border-radius: 10px; background: var(--sw-surface); }
.shown input { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--sw-border); border-radius: 8px;
  background: var(--sw-background); color: var(--sw-text); font-size: 16px; }
.shown [role=listbox] { max-height: 260px; overflow: auto; margin-top: 8px; }
.shown [role=option] { padding: 10px 12px; min-height: 44px; border-radius: 6px; cursor: pointer; }
.shown [role=option]:hover { background: var(--sw-hover); }
.shown [role=option][aria-selected=true] { background: var(--sw-primary-soft); color: var(--sw-primary-strong); }
.shown [data-kind=progress] { height: 14px; border-radius: 7px; background: var(--sw-skeleton); margin-block: 8px; }
@media (forced-colors: active) {
  .shown [role=gridcell][data-look=free] { border: 1px solid LinkText; color: LinkText; }
  .shown :is([role=gridcell][aria-selected=true], [role=option][aria-selected=true], [aria-pressed=true], [data-look=primary]) {
    forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; }
  .shown [role=gridcell]:not([data-look=free]), .shown [aria-disabled=true] { color: GrayText; }
  .shown [role=gridcell][aria-current] { text-decoration: underline; }
  .shown :is([role=status], [role=alert]):not(:empty) { border: 1px solid; }
}
.shown :focus-visible { outline: 2px solid var(--sw-focus); outline-offset: 2px; }
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** One style sheet shared by all widgets of a page. */
export function shownSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}
