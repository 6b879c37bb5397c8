// Script of the proxy's own page of an event type or owner: replaces the page's text times by the picker, reads Calendly's query
// parameters, and in a frame sends the parent page the messages that Calendly's page would send.
import { messageNames, optionsFromCalendly } from '../calendly/calendly.js';

const page = document.documentElement;
// Nothing has been painted yet while this script is read, so the text times are never visible before a picker.
page.classList.add('scripted');
const isFramed = window.parent !== window;
if (isFramed) page.classList.add('framed');

// If the picker cannot be loaded, the page's text times are shown.
addEventListener('error', ({ target }) => {
  if (target instanceof HTMLScriptElement && target.src.endsWith('/widget.js')) page.classList.remove('scripted');
}, true);

/** @param {HTMLElement} main its link says which page this is, whatever the host name */
function show(main) {
  const { link } = main.dataset;
  const address = new URL(location.pathname + location.search, link);
  const options = optionsFromCalendly({ url: address.href });
  // A link may name one time of the event type; options['event-type'] is the link without it.
  options['event-type'] = /\/\d{4}-\d\d-\d\d[^/]*\/?$/.test(address.pathname) ? address.origin + address.pathname : link;
  // The page's language is that of its text; the picker uses the visitor's.
  options.locale = address.searchParams.get('locale') ?? navigator.language;
  options.book = 'inline';
  const ground = options['background-color'];
  if (ground) document.body.style.backgroundColor = ground;

  const picker = document.createElement('slot-picker');
  for (const [name, value] of Object.entries(options)) {
    picker.setAttribute(name, typeof value === 'object' ? JSON.stringify(value) : value === true ? '' : String(value));
  }
  if (isFramed) tellParent(picker, options);
  main.append(picker);
}

/** @param {HTMLElement} picker @param {Record<string, any>} options */
function tellParent(picker, options) {
  // To any origin, as Calendly's page does: the server decides which sites may frame this page, and a message contains nothing
  // but addresses.
  const post = (event, payload) => window.parent.postMessage({ event: `calendly.${event}`, payload }, '*');
  /** @type {Set<string>} */
  const scheduled = new Set();
  for (const [name, message] of Object.entries(messageNames)) {
    picker.addEventListener(`slotwire:${name}`, (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      const [what, payload] = message(detail, options);
      if (what === 'page_height') return;
      if (what === 'event_scheduled') {
        if (scheduled.has(detail.eventUri)) return;
        scheduled.add(detail.eventUri);
      }
      post(what, payload);
    });
  }
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    post('page_height', { height: `${height}px` });
  }).observe(document.body);
}

addEventListener('DOMContentLoaded', () => {
  const main = document.getElementById('hosted');
  if (main) show(main);
});
