// The proxy's own page of an event type or an owner: puts the picker where the page has its times as text, reads Calendly's query,
// and in a frame says to the page around it what Calendly's page would say.
import { messageNames, optionsFromCalendly } from '../calendly/calendly.js';

const page = document.documentElement;
// While this script is read nothing has been painted yet: the text is never seen where a picker comes.
page.classList.add('scripted');
const isFramed = window.parent !== window;
if (isFramed) page.classList.add('framed');

// Where the picker cannot be had, what is written on the page is better than nothing.
addEventListener('error', ({ target }) => {
  if (target instanceof HTMLScriptElement && target.src.endsWith('/widget.js')) page.classList.remove('scripted');
}, true);

/** @param {HTMLElement} main whose link says which page this is, whatever host shows it */
function show(main) {
  const { link } = main.dataset;
  const address = new URL(location.pathname + location.search, link);
  const options = optionsFromCalendly({ url: address.href });
  // A link may name one time of the event type; what it is named by is the page's.
  options['event-type'] = /\/\d{4}-\d\d-\d\d[^/]*\/?$/.test(address.pathname) ? address.origin + address.pathname : link;
  // The page's language is that of what stands in it as text; the picker speaks the visitor's.
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
  // As Calendly's page does: whoever may frame us is for the server to say, and no message holds more than addresses.
  const say = (event, payload) => window.parent.postMessage({ event: `calendly.${event}`, payload }, '*');
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
      say(what, payload);
    });
  }
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    say('page_height', { height: `${height}px` });
  }).observe(document.body);
}

addEventListener('DOMContentLoaded', () => {
  const main = document.getElementById('hosted');
  if (main) show(main);
});
