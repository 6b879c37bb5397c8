// How a visitor leaves with a chosen time: Calendly's page in a dialog, in a tab, or the site's own way.
import { bookingLink } from './booking_link.js';

/**
 * @param {object} widget
 * @param {Record<string, any>} widget.options by attribute name
 * @param {Record<string, any>} widget.messages
 * @param {() => Promise<typeof import('../dialogs/dialogs.js')>} widget.dialogs
 * @param {(name: string, detail: object) => void} widget.emit a DOM event
 * @param {() => string} widget.timezone that times are shown in
 * @param {(start: number, event: string, invitee: string) => void} widget.booked the widget confirms it
 */
export function createBooking({ options, messages, dialogs, emit, timezone, booked }) {
  /** @type {{close(): void} | undefined} */
  let overlay;
  let ended = false;
  const instant = (ms) => new Date(ms).toISOString().replace('.000', '');
  const facts = ({ start, end, type, name, url }) => ({
    start: instant(start), end: instant(end), timezone: timezone(), eventType: type, eventTypeName: name,
    duration: (end - start) / 60000, schedulingUrl: url,
  });

  const linkTo = (url) => bookingLink(url, { ...options, timezone: timezone() });

  function open(url) {
    const link = linkTo(url);
    if (link) window.open(link, '_blank', 'noopener');
  }

  async function showOverlay(action) {
    const link = linkTo(action.url);
    if (!link) return;
    let made;
    try {
      made = await dialogs();
    } catch {
      open(action.url);
      return;
    }
    if (ended) return;
    overlay?.close();
    const shown = made.bookingOverlay({
      link,
      words: messages,
      options,
      scheduled(event, invitee) {
        // First the dialog, which holds the focus: the confirmation takes it.
        shown.close();
        booked(action.start, event, invitee);
      },
    });
    overlay = shown;
  }

  return {
    open,
    /** A time was chosen: what a booking by overlay needs may as well travel now. */
    prepare() {
      if (!['event', 'tab'].includes(options.book)) dialogs().catch(() => {});
    },
    /** @param {{url: string, start: number, end: number, type: string, name: string}} action */
    book(action) {
      if (options.book === 'event') emit('slotselected', { ...facts(action), confirmed: true });
      else if (options.book === 'tab') open(action.url);
      else showOverlay(action);
    },
    /** @param {{start: number, end: number, title: string, url: string}} action */
    calendar: (action) => dialogs().then((made) => made.saveCalendarFile(action), () => {}),
    close() {
      ended = true;
      overlay?.close();
    },
  };
}
