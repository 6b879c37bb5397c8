// Calendly's own booking page in a dialog. Messages count only if they come from that page's origin and from this frame.
import { openDialog } from './dialog.js';
import { withDialogWords } from './words.js';

/**
 * Wraps a frame in an empty frame of the page's own origin, which it fills.
 * @param {HTMLIFrameElement} frame @param {(inside: Document) => void} filled
 */
function quietFrame(frame, filled) {
  const outer = document.createElement('iframe');
  outer.title = frame.title;
  outer.allow = frame.allow;
  outer.addEventListener('load', () => {
    const { contentDocument: inside, contentWindow: view } = outer;
    if (!inside || !view || frame.isConnected) return;
    const sheet = new /** @type {any} */ (view).CSSStyleSheet();
    sheet.replaceSync('html, body, iframe { display: block; width: 100%; height: 100%; margin: 0; border: 0 }');
    inside.adoptedStyleSheets = [sheet];
    inside.body.append(frame);
    filled(inside);
  });
  return outer;
}

/**
 * @param {object} given
 * @param {string} given.link the booking page, http or https
 * @param {Record<string, any>} given.words the widget's
 * @param {string} given.locale
 * @param {Record<string, any>} given.options the widget's
 * @param {(eventUri: string, inviteeUri: string) => void} given.scheduled called once for each event
 * @param {() => void} given.closed called once, however the dialog is closed
 * @returns {{close(): void}}
 */
export function bookingOverlay({ link, words: widgetWords, locale, options, scheduled, closed }) {
  const words = withDialogWords(locale, widgetWords);
  const framed = new URL(link);
  // Pages from files, web views and srcdoc have no host, and Calendly's page sends no messages without one. Any value works.
  framed.searchParams.set('embed_domain', location.hostname || '1');
  framed.searchParams.set('embed_type', 'PopupWidget');
  const ended = new AbortController();
  const { signal } = ended;

  const shown = openDialog({
    label: words['booking-page'],
    words,
    options,
    closed() {
      ended.abort();
      closed();
    },
  });
  shown.dialog.classList.add('tall');
  const away = document.createElement('a');
  away.href = link;
  away.target = '_blank';
  away.rel = 'noopener';
  away.textContent = words['new-tab'];
  shown.bar.prepend(away);

  const waiting = document.createElement('p');
  waiting.className = 'waiting';
  waiting.setAttribute('role', 'status');
  waiting.textContent = words['booking-loading'];
  const frame = document.createElement('iframe');
  frame.title = words['booking-page'];
  frame.allow = 'payment';
  frame.addEventListener('load', () => waiting.remove(), { signal });
  // With `?calendly` the widget itself sends the page the messages of Calendly's frame. Calendly's page is then put inside a
  // frame of ours, so that the page does not receive each message twice: a listener of ours cannot be sure to run before the
  // page's own.
  const outer = window.Slotwire?.[Symbol.for('calendly')] && quietFrame(frame, (inside) => {
    inside.addEventListener('securitypolicyviolation', blocked, { signal });
    inside.defaultView?.addEventListener('message', onMessage, { signal });
  });
  // If the page's Content-Security-Policy forbids the frame, the link to a new tab remains.
  function blocked(event) {
    if (!event.effectiveDirective.startsWith('frame-src') || !event.blockedURI.startsWith(framed.origin)) return;
    (outer || frame).remove();
    waiting.textContent = words['booking-blocked'];
    shown.body.append(waiting);
    away.focus();
  }
  document.addEventListener('securitypolicyviolation', blocked, { signal });

  /** @type {Set<string>} */
  const told = new Set();
  function onMessage({ origin, source, data }) {
    if (origin !== framed.origin || source !== frame.contentWindow || !source) return;
    if (data?.event !== 'calendly.event_scheduled') return;
    const event = data.payload?.event?.uri;
    // Calendly may report the same event twice.
    if (typeof event !== 'string' || told.has(event)) return;
    told.add(event);
    scheduled(event, String(data.payload.invitee?.uri ?? ''));
  }
  window.addEventListener('message', onMessage, { signal });

  frame.src = framed.href;
  shown.body.append(waiting, outer || frame);
  return { close: shown.close };
}
