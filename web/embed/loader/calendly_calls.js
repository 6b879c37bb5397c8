// window.Calendly for pages that change one line, `widget.js?calendly`: the calls are there at once, their code comes later.

const calls = [
  'initInlineWidget', 'initInlineWidgets', 'initPopupWidget', 'showPopupWidget', 'closePopupWidget', 'initBadgeWidget',
  'destroyBadgeWidget',
];

/** @param {ReturnType<typeof import('./assets.js').createAssets>} assets */
export function awaitCalendly(assets) {
  const loaded = assets.calendly().then(({ createCalendly }) => createCalendly(window.Slotwire));
  window.Calendly = Object.fromEntries(calls.map((name) => [name, (...given) => void loaded.then((made) => made[name](...given))]));
  const begin = () => window.Calendly.initInlineWidgets();
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
}
