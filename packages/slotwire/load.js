// Loads the proxy's widget.js into the page, once.

let home;

/** Sets the proxy's address for the whole app. */
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
      // After a failure the script may be requested again.
      begun[src] = script.remove();
      fail(Error(`no ${src}`));
    };
    document.head.append(script);
  }));

/**
 * Resolves with window.Slotwire. Without an address it waits for a script tag of the page's own; on a server it never resolves.
 * `query` is `?calendly` for code that uses Calendly's calls.
 */
export async function load(origin = home, query = '') {
  await (typeof document === 'undefined' ? new Promise(() => {}) : origin
    ? run(new URL(origin.replace(/\/*$/, `/widget.js${query}`)).href)
    : customElements.whenDefined('slot-picker'));
  return Slotwire;
}
