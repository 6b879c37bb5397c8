// widget.js: the one script a page includes. Shows the skeleton at once and starts everything else at the same time.
import { createAssets } from './assets.js';
import { awaitCalendly } from './calendly_calls.js';
import { defineElement, upgradeDivs } from './elements.js';
import { createMount } from './mount.js';
import { localeFor } from './options.js';
import { sentences } from './way_out.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const address = new URL(script?.src || location.href);
const base = new URL('.', address).href.replace(/\/$/, '');

if (!window.Slotwire) {
  const assets = createAssets(base);
  const { mount, schedulingUrl } = createMount(base, assets);

  /** A call whose code is loaded when it is first made; its handle works at once. */
  const lazily = (name) => (given = {}) => {
    const options = { ...given };
    /** @type {import('./mount.js').Handle | undefined} */
    let handle;
    let ended = false;
    const locale = localeFor(document.documentElement, options);
    Promise.all([assets.dialogs(), sentences(assets, locale)]).then(
      ([dialogs, words]) => {
        if (!ended) handle = dialogs[name]({ mount, popup: window.Slotwire.popup, words, options });
      },
      async () => {
        // A click must lead somewhere: without our own dialog, to the booking page.
        const url = name === 'popup' && !ended && (await schedulingUrl(options.eventType));
        if (/^https?:/.test(url || '')) window.open(url, '_blank', 'noopener');
      },
    );
    return {
      update(changes) {
        if (handle) handle.update(changes);
        else Object.assign(options, changes);
      },
      destroy() {
        ended = true;
        handle?.destroy();
      },
    };
  };

  window.Slotwire = { mount, popup: lazily('popup'), badge: lazily('badge'), version: __VERSION__, messages: {} };
  defineElement(mount);
  upgradeDivs(mount);
  if (address.searchParams.has('calendly')) awaitCalendly(assets);
} else if (address.searchParams.has('calendly')) {
  // Included once more, as pages do that put Calendly's markup in later.
  window.Calendly?.initInlineWidgets?.();
}
