// Defines window.Calendly for pages that include `widget.js?calendly`: the calls exist at once, their code is loaded later.

const calls = [
  'initInlineWidget', 'initInlineWidgets', 'initPopupWidget', 'showPopupWidget', 'closePopupWidget', 'initBadgeWidget',
  'destroyBadgeWidget',
];

/** @param {ReturnType<typeof import('./assets.js').createAssets>} assets */
export function awaitCalendly(assets) {
  const loaded = assets.calendly().then(({ createCalendly }) => createCalendly(window.Slotwire));
  // If the code cannot be loaded, the markup becomes a link.
  loaded.catch(() => {
    for (const element of document.querySelectorAll('.calendly-inline-widget[data-url]')) {
      const { url } = /** @type {HTMLElement} */ (element).dataset;
      if (!/^https?:/.test(url)) continue;
      const link = document.createElement('a');
      link.href = link.textContent = url;
      element.replaceChildren(link);
    }
  });
  // The calling script, and whether the badge was removed before its code arrived, can only be found out now.
  const placeOf = (name) => {
    if (name !== 'initBadgeWidget' || !document.body) return document.currentScript?.closest('.calendly-inline-widget');
    const spot = document.createElement('div');
    spot.className = 'calendly-badge-widget';
    document.body.append(spot);
    return spot;
  };
  const call = (name) => (given) => {
    const place = placeOf(name);
    loaded.then((made) => made[name](given, place), () => {});
  };
  window.Calendly = Object.fromEntries(calls.map((name) => [name, call(name)]));
  const begin = () => window.Calendly.initInlineWidgets();
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
}
