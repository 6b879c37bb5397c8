// window.Calendly for pages that change one line, `widget.js?calendly`: the calls are there at once, their code comes later.

const calls = [
  'initInlineWidget', 'initInlineWidgets', 'initPopupWidget', 'showPopupWidget', 'closePopupWidget', 'initBadgeWidget',
  'destroyBadgeWidget',
];

/** @param {ReturnType<typeof import('./assets.js').createAssets>} assets */
export function awaitCalendly(assets) {
  const loaded = assets.calendly().then(({ createCalendly }) => createCalendly(window.Slotwire));
  // Without our code the markup still leads somewhere.
  loaded.catch(() => {
    for (const element of document.querySelectorAll('.calendly-inline-widget[data-url]')) {
      const { url } = /** @type {HTMLElement} */ (element).dataset;
      if (!/^https?:/.test(url)) continue;
      const link = document.createElement('a');
      link.href = link.textContent = url;
      element.replaceChildren(link);
    }
  });
  // Where a call is made from, and that something was taken away before its code came, is only known now.
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
