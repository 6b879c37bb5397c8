// Brings the proxy's widget.js into the page, once.

let home;

/** Says once for the whole app where the proxy is. */
export function configure({ origin }) {
  home = origin;
}

const begun = {};

const run = (src) =>
  (begun[src] ??= new Promise((settle, fail) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = settle;
    script.onerror = () => {
      // What could not be had may be asked for again.
      begun[src] = script.remove();
      fail(Error(`no ${src}`));
    };
    document.head.append(script);
  }));

/**
 * Resolves with window.Slotwire. Without an address it waits for the script tag that the page has itself; on a server, for ever.
 * `query` is `?calendly` for whoever makes Calendly's calls.
 */
export async function load(origin = home, query = '') {
  await (typeof document === 'undefined' ? new Promise(() => {}) : origin
    ? run(new URL(origin.replace(/\/*$/, `/widget.js${query}`)).href)
    : customElements.whenDefined('slot-picker'));
  return Slotwire;
}
