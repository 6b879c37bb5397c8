// Opens the booking of a chosen time: in the widget's form, on Calendly's page in a dialog, or in a new tab.
import { bookingLink, fieldsFrom } from './booking_link.js';
import { bookingOverlay } from './booking_overlay.js';
import { saveCalendarFile } from './calendar_file.js';

/**
 * @typedef {object} Inline the booking form
 * @property {(type: string | undefined) => void} prepare
 * @property {(action: object) => void} book
 * @property {(screen: object) => void} screen
 * @property {() => void} close
 */

/**
 * @param {object} widget
 * @param {Record<string, any>} widget.options by attribute name
 * @param {string} widget.locale
 * @param {Record<string, any>} widget.messages
 * @param {() => string} widget.timezone the zone that times are shown in
 * @param {(start: number, ...uris: string[]) => void} widget.booked makes the widget show the confirmation
 * @param {(fall: (action: any, prefill: object) => void) => Promise<Inline>} widget.form loads the form
 * @param {() => void} widget.back called when the visitor returns from the booking page
 */
export function createBooking({ options, locale, messages, timezone, booked, form, back }) {
  /** @type {{close(): void} | undefined} */
  let overlay;
  let ended = false;
  /** @type {Promise<Inline> | undefined} */
  let loading;
  /** @type {Inline | undefined} */
  let inline;
  const isInline = () => options.book === 'inline';
  const linkTo = (url, more) => {
    const prefill = more ? { ...fieldsFrom(options.prefill), ...more } : options.prefill;
    return bookingLink(url, { ...options, prefill, timezone: timezone() });
  };

  function open(url, isWhole = false) {
    const link = isWhole ? bookingLink(url, {}) : linkTo(url);
    if (link) window.open(link, '_blank', 'noopener');
  }

  function showOverlay(action, prefill) {
    const link = linkTo(action.url, prefill);
    if (!link || ended) return;
    overlay?.close();
    const shown = bookingOverlay({
      link,
      words: messages,
      locale,
      options,
      scheduled(event, invitee) {
        // The dialog holds the focus: it is closed first, so that the confirmation can be focused.
        shown.close();
        booked(action.start, event, invitee);
      },
      closed() {
        if (overlay !== shown) return;
        overlay = undefined;
        if (!ended) back();
      },
    });
    overlay = shown;
  }

  function loadForm() {
    loading ??= form(showOverlay).then(
      (made) => {
        if (ended) made.close();
        return (inline = made);
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  }

  return {
    open,
    /** Called when times are shown, or one of an event type was chosen: loads what a booking of it needs now. */
    prepare(type) {
      if (isInline()) loadForm().then((made) => made.prepare(type), () => {});
    },
    screen: (screen) => inline?.screen(screen),
    /** True while Calendly's booking page covers the widget. */
    isAway: () => Boolean(overlay),
    /** @param {{url: string, start: number, end: number, type: string, name: string}} action */
    book(action) {
      if (options.book === 'tab') open(action.url);
      else if (isInline()) loadForm().then((made) => made.book(action), () => showOverlay(action));
      else showOverlay(action);
    },
    /** @param {{start: number, end: number, title: string, url: string, zone?: string}} action */
    /**
     * @param {{uris?: string[], start: number, end: number, title: string, zone?: string}} action `uris` as the booking returned
     * them
     */
    calendar({ uris: [event, invitee, cancel, reschedule] = [], ...booked }) {
      // The booking page of a taken time is of no use. Links to reschedule and cancel are added if they are known.
      const links = [[messages['reschedule-booking'] ?? 'Reschedule', reschedule], [messages['cancel-booking'] ?? 'Cancel booking', cancel]];
      saveCalendarFile({
        ...booked,
        about: links.filter(([, link]) => link).map((line) => line.join(': ')).join('\n'),
        uid: invitee || event,
      });
    },
    close() {
      ended = true;
      overlay?.close();
      inline?.close();
    },
  };
}
