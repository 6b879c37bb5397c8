// The widget's other files: fetched and compiled once for a page with any number of widgets, and retried after a failure.

/** @typedef {import('../app/messages.js').Messages} Messages */

/** @param {string} base address of the folder that widget.js was loaded from */
export function createAssets(base) {
  let failures = 0;
  /** @type {Map<string, Promise<any>>} */
  const kept = new Map();

  /** @template T @param {string} name @param {() => Promise<T>} make @returns {Promise<T>} */
  function once(name, make) {
    let made = kept.get(name);
    if (!made) {
      kept.set(name, (made = make()));
      made.catch(() => {
        failures++;
        kept.delete(name);
      });
    }
    return made;
  }

  // Browsers cache the failure of a module import: the retry uses another address.
  const fresh = (file) => (failures ? `${file}?${failures}` : file);
  const chunk = (file) => once(file, () => import(`${base}/${fresh(file)}`));

  async function compiled() {
    const url = `${base}/${fresh(__WASM__)}`;
    const get = () => fetch(url, { credentials: 'omit' });
    try {
      return await WebAssembly.compileStreaming(get());
    } catch {
      // The server sends the wrong MIME type, or the browser has no streaming compilation.
      return WebAssembly.compile(await (await get()).arrayBuffer());
    }
  }

  return {
    /** @returns {Promise<[WebAssembly.Module, typeof import('../app/app.js')]>} */
    core: () => Promise.all([once('wasm', compiled), chunk(__APP__)]),
    /** @returns {Promise<typeof import('../dialogs/dialogs.js')>} */
    dialogs: () => chunk(__DIALOGS__),
    /** @returns {Promise<typeof import('../visible_twin/visible_twin.js')>} */
    shownTwin: () => chunk(__VISIBLE_TWIN__),
    /** @returns {Promise<typeof import('../form/form.js')>} */
    form: () => chunk(__FORM__),
    /** @returns {Promise<typeof import('../zones/zones.js')>} */
    zones: () => chunk(__ZONES__),
    /** @returns {Promise<typeof import('../analytics/analytics.js')>} */
    analytics: () => chunk(__ANALYTICS__),
    /** One for the whole page. @returns {Promise<ReturnType<typeof import('../live/live.js').createLive>>} */
    live: () => once('live', async () => (await chunk(__LIVE__)).createLive(base)),
    /** @returns {Promise<typeof import('../calendly/calendly.js')>} */
    calendly: () => chunk(__CALENDLY__),
    /**
     * Our texts in the locale's language; English if there is no table for it or it cannot be loaded. @returns
     * {Promise<Messages>}
     */
    async words(locale) {
      const [language] = locale.split('-');
      const table = async (name) => (await chunk(`widget-words-${name}-${__WORDS__}.js`)).default;
      return table(__LANGUAGES__.split(' ').includes(language) ? language : 'en').catch(() => table('en'));
    },
  };
}
