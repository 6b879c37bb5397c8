// Style of the booking form, in the widget's colours.

export const styleSheet = `
.booking { position: absolute; inset: 0; overflow: auto; container-type: inline-size; background: var(--sw-background);
  color: var(--sw-text); font-size: 15px; line-height: 1.45; outline: none; scroll-padding-block: 16px; }
.booking * { box-sizing: border-box; font: inherit; margin: 0; }
.booking svg { flex: none; inline-size: 16px; block-size: 16px; margin-block-start: 3px; fill: none; stroke: currentColor; stroke-width: 1.4;
  stroke-linecap: round; stroke-linejoin: round; }
.booking .sheet { zoom: var(--sw-zoom); display: grid; gap: 18px; max-inline-size: 940px; margin-inline: auto; padding: 14px max(14px, 4.5%) 24px; }
.booking .about { display: grid; align-content: start; gap: 6px; }
.booking .top { display: flex; align-items: center; gap: 4px; margin-inline-start: -12px; }
.booking h2 { font-size: 20px; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
.booking h3 { font-size: 17px; font-weight: 600; outline: none; }
.booking .fact { display: flex; gap: 8px; color: var(--sw-text-muted); overflow-wrap: anywhere; }
.booking .fact.main { color: var(--sw-text); font-weight: 600; }
.booking form { display: grid; gap: 18px; align-content: start; min-inline-size: 0; }
.booking .more { display: grid; gap: 18px; }
.booking .field { display: grid; gap: 6px; min-inline-size: 0; padding: 0; border: 0; }
.booking :is(legend, .field > label:not(.choice)) { padding: 0; font-weight: 600; overflow-wrap: anywhere; }
.booking legend { margin-block-end: 6px; }
.booking :is(.optional, .detail) { font-weight: 400; color: var(--sw-text-muted); }
.booking .detail { display: block; font-size: 13px; }
.booking :is(input:not([type=radio], [type=checkbox]), textarea, select) { inline-size: 100%; min-block-size: 44px; padding: 9px 12px;
  border: 1px solid var(--sw-text-faint); border-radius: var(--radius, 8px); background: var(--sw-background); color: var(--sw-text); font-size: 16px; }
.booking [dir=ltr]:is(input, textarea) { text-align: start; }
.booking:dir(rtl) :is(input, textarea)[dir=ltr] { text-align: end; }
.booking .field textarea { min-block-size: 92px; max-block-size: 320px; resize: vertical; field-sizing: content; }
.booking .choice { display: flex; align-items: flex-start; gap: 10px; min-block-size: 44px; padding: 10px 12px; border: 1px solid var(--sw-border);
  border-radius: var(--radius, 8px); cursor: pointer; overflow-wrap: anywhere; }
.booking .choice:hover { background: var(--sw-hover); }
.booking .choice:has(:checked) { border-color: var(--sw-primary); background: var(--sw-primary-soft); }
.booking .choice input { flex: none; inline-size: 20px; block-size: 20px; margin: 1px 0; accent-color: var(--sw-primary); }
.booking .guests textarea { min-block-size: 68px; }
.booking .add { justify-self: start; margin-block: -8px; margin-inline-start: -16px; }
.booking .own { margin-block-end: 6px; }
.booking [hidden] { display: none; }
.booking .problem:empty, .booking .note:empty { display: none; }
.booking .problem { display: flex; gap: 6px; color: var(--sw-text); font-size: 14px; }
.booking .problem::before { content: '!' / ''; flex: none; inline-size: 20px; block-size: 20px; border-radius: 50%; text-align: center; line-height: 20px;
  font-weight: 700; background: var(--sw-warning); color: var(--sw-on-warning); box-shadow: inset 0 0 0 1px currentColor; }
.booking .wrong :is(input:not([type=radio], [type=checkbox]), textarea, select)[aria-invalid] { border: 2px solid var(--sw-text); padding: 8px 11px; }
.booking .note { display: grid; gap: 8px; justify-items: start; padding: 12px; border-radius: var(--radius, 8px); background: var(--sw-warning); color: var(--sw-on-warning); }
.booking button { min-block-size: 44px; min-inline-size: 44px; padding: 9px 16px; border: 1px solid transparent; border-radius: var(--radius, 8px); background: none;
  color: var(--sw-primary-strong); font-weight: 600; cursor: pointer; }
.booking button:hover { background: var(--sw-hover); }
.booking .top button { display: grid; place-content: center; padding: 0; color: var(--sw-text); }
.booking .top svg { inline-size: 20px; block-size: 20px; margin: 0; }
.booking:dir(rtl) .top svg { scale: -1 1; }
.booking .note button { border-color: currentColor; color: inherit; }
.booking [type=submit] { display: flex; align-items: center; justify-content: center; gap: 10px; inline-size: 100%; min-block-size: 48px;
  background: var(--sw-primary); color: var(--sw-on-primary); }
.booking [type=submit]:hover { background: var(--sw-primary-hover); }
.booking [aria-disabled=true] { cursor: progress; }
.booking [type=submit][aria-disabled=true]::before { content: ''; inline-size: 16px; block-size: 16px; border-radius: 50%;
  border: 2px solid currentColor; border-inline-end-color: transparent; }
.booking :focus-visible:not(h3) { outline: 2px solid var(--sw-focus); outline-offset: 2px; }
@container (min-width: 640px) {
  .booking .sheet { grid-template-columns: minmax(190px, 300px) minmax(0, 1fr); column-gap: clamp(28px, 6cqi, 64px); padding: 22px 28px 28px; }
  .booking .top { align-items: flex-start; }
  .booking h2 { padding-block-start: 9px; }
  .booking form { padding-block-start: 9px; }
  .booking [type=submit] { inline-size: auto; justify-self: start; min-inline-size: 200px; }
}
@media (prefers-reduced-motion: no-preference) {
  .booking [type=submit][aria-disabled=true]::before { animation: booking-turn .8s linear infinite; }
  @keyframes booking-turn { to { rotate: 1turn; } }
}
@media (forced-colors: active) {
  .booking .note, .booking [type=submit] { border: 1px solid; }
  .booking .choice:has(:checked) { border: 2px solid Highlight; }
}
`;
