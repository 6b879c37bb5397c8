// Mounts a widget into an element: skeleton now, the rest when it comes near the screen.
import { localeFor, optionsFrom } from './options.js';
import { baseSheet, heightFor, skeleton, wayOut } from './skeleton.js';

/** @typedef {{update(options: Record<string, any>): void, destroy(): void}} Handle update merges; null takes an option away */

const utcDay = (ms) => new Date(ms).toISOString().slice(0, 10);

/**
 * @param {string} base address of the proxy
 * @param {ReturnType<typeof import('./assets.js').createAssets>} assets
 */
export function createMount(base, assets) {
  /** @type {WeakMap<Element, Handle>} */
  const mounted = new WeakMap();
  const typesPath = '/api/app/calendly/event-types';

  /** Sends the request that the widget will want first, so that it travels beside the code. */
  function begin(type) {
    const now = Date.now();
    const path = type
      ? `/api/app/calendly/slots/${encodeURIComponent(type)}?start_date=${utcDay(now)}&end_date=${utcDay(now + 30 * 86400000)}`
      : typesPath;
    const response = fetch(base + path, { credentials: 'omit' });
    response.catch(() => {});
    return new Map([[path, response]]);
  }

  async function schedulingUrl(type) {
    try {
      const { data } = await (await fetch(base + typesPath, { credentials: 'omit' })).json();
      const names = (one) => [one.slug, one.uri, one.uri?.split('/').pop()];
      return (data.eventTypes.find((one) => names(one).includes(type)) ?? data.eventTypes[0])?.schedulingUrl;
    } catch {
      return undefined;
    }
  }

  /**
   * @param {HTMLElement} host
   * @param {Record<string, any>} [given]
   * @returns {Handle}
   */
  return function mount(host, given) {
    mounted.get(host)?.destroy();
    const options = optionsFrom(given);
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const size = new CSSStyleSheet();
    const setHeight = (px) => size.replaceSync(`:host{height:${px}px}`);
    root.adoptedStyleSheets = [baseSheet(), size];
    const width = host.clientWidth;
    setHeight(heightFor(width, options.height));
    /** @type {HTMLElement} */
    let cover = skeleton(width, options);
    root.append(cover);

    /** @type {{update(names: string[]): void, destroy(): void} | undefined} */
    let app;
    let ended = false;

    async function start(begun) {
      try {
        const loaded = await assets();
        if (ended) return;
        app = loaded.app.start({
          host,
          root,
          options,
          module: loaded.module,
          origin: base,
          begun,
          locale: localeFor(host, options),
          messages: window.Slotwire.messages,
          setHeight,
          shown: () => cover.remove(),
        });
      } catch (error) {
        if (ended) return;
        host.dispatchEvent(
          new CustomEvent('slotwire:error', { bubbles: true, composed: true, detail: { code: 'cannot_run', message: String(error) } }),
        );
        const url = await schedulingUrl(options['event-type']);
        if (ended) return;
        cover.remove();
        cover = wayOut('The calendar cannot run in this browser.', 'Choose a time on the booking page', url);
        root.append(cover);
      }
    }

    const near = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) go();
      },
      { rootMargin: '400px' },
    );
    function go() {
      near.disconnect();
      start(begin(options['event-type']));
    }
    const box = host.getBoundingClientRect();
    if (box.top < innerHeight && box.bottom > 0 && box.width) go();
    else near.observe(host);

    const handle = {
      update(changes) {
        const named = optionsFrom(changes);
        for (const [name, value] of Object.entries(named)) {
          if (value === null || value === undefined) delete options[name];
          else options[name] = value;
        }
        const names = Object.keys(named);
        if (!app) {
          setHeight(heightFor(host.clientWidth, options.height));
        } else if (names.includes('locale') || names.includes('font-family')) {
          // Every word, or every glyph, changes: a new start from the compiled module takes a few milliseconds.
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
        app?.destroy();
        cover.remove();
        root.adoptedStyleSheets = [];
        if (mounted.get(host) === handle) mounted.delete(host);
      },
    };
    mounted.set(host, handle);
    return handle;
  };
}
