// Mounts a widget in an element: the skeleton at once, the rest when the element comes near the viewport.
import { localeFor, optionsFrom } from './options.js';
import { baseSheet, fit, heightFor, sizeSheet, skeleton, zoomOf } from './skeleton.js';
import { fallback, sentences } from './fallback.js';

/** @typedef {{update(options: Record<string, any>): void, destroy(): void}} Handle update merges; null removes an option */

/** Whether this browser and page allow WebAssembly: tries the smallest module. */
function canRun() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

const utcDay = (ms) => new Date(ms).toISOString().slice(0, 10);

/**
 * @param {string} base address of the proxy
 * @param {ReturnType<typeof import('./assets.js').createAssets>} assets
 */
export function createMount(base, assets) {
  /** @type {WeakMap<Element, Handle>} */
  const mounted = new WeakMap();
  const typesPath = '/api/app/calendly/event-types';

  /** Sends the widget's first request early, in parallel with loading its code. */
  function begin({ 'event-type': type, owner, 'any-of': turn }) {
    const now = Date.now();
    const path = owner ? `${typesPath}?owner=${encodeURIComponent(owner)}` : type
      ? `/api/app/calendly/slots/${encodeURIComponent(type)}?start_date=${utcDay(now)}&end_date=${utcDay(now + 30 * 86400000)}${turn === 'order' ? '&any_of=order' : ''}`
      : typesPath;
    const response = fetch(base + path, { credentials: 'omit' });
    response.catch(() => {});
    return new Map([[path, response]]);
  }

  /** @param {Record<string, any>} options */
  async function schedulingUrl({ 'event-type': type, page }) {
    if (page) return page;
    try {
      const { data } = await (await fetch(base + typesPath, { credentials: 'omit' })).json();
      const names = (one) => [one.slug, one.uri, one.uri?.split('/').pop()];
      // Any one of several will do.
      const [wanted] = String(type).split(',');
      return (data.eventTypes.find((one) => names(one).includes(wanted)) ?? data.eventTypes[0])?.schedulingUrl;
    } catch {
      return undefined;
    }
  }

  /**
   * @param {HTMLElement} host
   * @param {Record<string, any>} [given]
   * @returns {Handle}
   */
  function mount(host, given) {
    mounted.get(host)?.destroy();
    const options = optionsFrom(given);
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const size = sizeSheet();
    root.adoptedStyleSheets = [baseSheet(), size.sheet];
    /** @type {HTMLElement} */
    let cover = skeleton(options);
    root.append(cover);
    const zoom = zoomOf(cover);
    // A hidden element has no width: until it has one, the window's is used.
    const width = () => host.clientWidth || innerWidth;
    const setHeight = (px) => size.setHeight(px, options.height, width(), zoom);
    function measure() {
      fit(cover, width(), zoom);
      setHeight(heightFor(width(), zoom));
    }
    measure();
    const growing = new ResizeObserver(() => {
      if (!app) measure();
    });
    growing.observe(host);

    /** @type {{update(names: string[]): void, destroy(): void} | undefined} */
    let app;
    let ended = false;
    /**
     * Reports events to the site's analytics if the site asks for it. If that code cannot be loaded, the widget works without it.
     */
    const analytics = () => options.analytics && assets.analytics().then(({ tell }) => tell(host, () => !ended && options.analytics), () => {});

    async function start(begun) {
      const locale = localeFor(host, options);
      let code = 'load_failed';
      const coming = Promise.all([assets.core(), assets.words(locale), analytics()]);
      // The first use of date formats is slow in browsers, so it happens while the code is loading.
      new Intl.DateTimeFormat(locale, { weekday: 'long', timeZoneName: 'longOffset' }).format();
      try {
        const [[module, { start: startApp }], table] = await coming;
        if (ended) return;
        code = 'cannot_run';
        growing.disconnect();
        app = startApp({
          host,
          root,
          zoom,
          options,
          module,
          origin: base,
          begun,
          locale,
          table,
          messages: window.Slotwire.messages,
          dialogs: assets.dialogs,
          form: assets.form,
          live: assets.live,
          shownTwin: assets.shownTwin,
          zones: assets.zones,
          setHeight,
          shown: () => cover.remove(),
        });
      } catch (error) {
        if (!ended) showWayOut(canRun() ? code : 'cannot_run', error, locale);
      }
    }

    async function showWayOut(code, error, locale) {
      host.dispatchEvent(
        new CustomEvent('slotwire:error', { bubbles: true, composed: true, detail: { code, message: String(error) } }),
      );
      const [url, words] = await Promise.all([schedulingUrl(options), sentences(assets, locale)]);
      if (ended) return;
      cover.remove();
      root.replaceChildren();
      cover = fallback(words, code, url, () => {
        cover.remove();
        cover = skeleton(options);
        root.append(cover);
        measure();
        start(begin(options));
      });
      root.append(cover);
    }

    const near = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) go();
      },
      { rootMargin: '400px' },
    );
    function go() {
      near.disconnect();
      start(begin(options));
    }
    const box = host.getBoundingClientRect();
    if (box.top < innerHeight && box.bottom > 0 && box.width) go();
    else near.observe(host);

    const handle = {
      update(changes) {
        if (ended) return;
        const named = optionsFrom(changes);
        for (const [name, value] of Object.entries(named)) {
          if (value === null || value === undefined) delete options[name];
          else options[name] = value;
        }
        const names = Object.keys(named);
        if (named.analytics) analytics();
        if (!app) {
          measure();
        } else if (names.includes('locale') || names.includes('font-family')) {
          // All texts or all glyphs change. Starting anew from the compiled module takes a few milliseconds.
          app.destroy();
          start(new Map());
        } else {
          app.update(names);
        }
      },
      destroy() {
        if (ended) return;
        ended = true;
        near.disconnect();
        growing.disconnect();
        app?.destroy();
        cover.remove();
        root.adoptedStyleSheets = [];
        if (mounted.get(host) === handle) mounted.delete(host);
      },
    };
    mounted.set(host, handle);
    return handle;
  }
  return { mount, schedulingUrl };
}
