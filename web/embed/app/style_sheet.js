// Style of what every widget has: the canvas and the hidden twin. See web/embed/shown for the visible twin.

export const styleSheet = `
canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: pan-y pinch-zoom; outline: none;
  font-size: medium; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.twin { box-sizing: border-box; position: absolute; inset: 0; overflow: clip; pointer-events: none; font: inherit; color: var(--sw-text); }
.twin * { box-sizing: border-box; font: inherit; margin: 0; padding: 0; }
.twin:not(.shown) :is(h1, h2, h3, h4, p, span, a, button, input, [role=gridcell], [role=columnheader], [role=option],
  [role=status], [role=alert]):not(.field) { position: absolute; left: var(--x, 0); top: var(--y, 0); width: var(--w, 100%);
  height: var(--h, 100%); opacity: 0; border: 0; overflow: hidden; }
.twin:not(.shown) :is(ul, li) { list-style: none; }
.twin .field { position: absolute; pointer-events: auto; appearance: none; border: 0; background: transparent;
  color: var(--sw-text); caret-color: var(--sw-primary); font-size: calc(15px * var(--sw-zoom)); outline: none;
  padding-inline: 12px; }
.twin .field::placeholder { color: var(--sw-text-muted); opacity: 1; }
`;
