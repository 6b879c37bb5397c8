// widget.js, the one script that a page includes: shows the skeleton at once and loads everything else in parallel.
import { createAssets } from './assets.js';
import { awaitCalendly } from './calendly_calls.js';
import { defineElement, upgradeDivs } from './elements.js';
import { createMount } from './mount.js';
import { localeFor, optionsFrom } from './options.js';
import { sentences } from './fallback.js';

// A module has no document.currentScript, and a bundled or inlined script has no address of its own: the page may give one.
const told = /** @type {HTMLElement | null} */ (document.querySelector('[data-slotwire-src]'))?.dataset.slotwireSrc;
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const address = new URL(
  told || script?.src || /\w+:\/\/[^\s()@]+\/widget\.js[^\s():]*/.exec(new Error().stack ?? '')?.[0] || location.href,
  location.href,
);
const base = new URL(__BASE__, address).href.replace(/\/$/, '');

const isFirst = !window.Slotwire;
const assets = createAssets(base);
if (isFirst) {
  const { mount, schedulingUrl } = createMount(base, assets);

  /** @type {import('./mount.js').Handle | undefined} */
  let open;
  /** A call whose code is loaded when it is first used; its handle works at once. */
  const lazily = (name) => (given = {}) => {
    // If two popups are opened, for example by a double click, the last is shown.
    if (name === 'popup') open?.destroy();
    const options = { ...given };
    /** @type {import('./mount.js').Handle | undefined} */
    let handle;
    let ended = false;
    const locale = localeFor(document.documentElement, options);
    Promise.all([assets.dialogs(), sentences(assets, locale)]).then(
      ([dialogs, words]) => {
        if (!ended) handle = dialogs[name]({ mount, popup: window.Slotwire.popup, words, locale, options });
      },
      async () => {
        // If our dialog cannot be loaded, the click opens the booking page.
        const url = name === 'popup' && !ended && (await schedulingUrl(optionsFrom(options)));
        if (/^https?:/.test(url || '')) window.open(url, '_blank', 'noopener');
        if (!ended) options.onClose?.();
      },
    );
    const held = {
      update(changes) {
        if (handle) handle.update(changes);
        else Object.assign(options, changes);
      },
      destroy() {
        ended = true;
        handle?.destroy();
      },
    };
    if (name === 'popup') open = held;
    return held;
  };

  window.Slotwire = { mount, popup: lazily('popup'), badge: lazily('badge'), version: __VERSION__, messages: {} };
  defineElement(mount);
  upgradeDivs(mount);
}
if (__IS_CALENDLY__ || address.searchParams.has('calendly')) {
  // The script was included again, as pages do that add Calendly's markup later, or by a part of an app that makes Calendly's
  // calls.
  if (isFirst || !window.Calendly) awaitCalendly(assets);
  else window.Calendly.initInlineWidgets?.();
}
