// Starts a booking. The code for it is loaded when the visitor is about to book.

/**
 * @typedef {Parameters<typeof import('../dialogs/booking.js').createBooking>[0]} Widget
 * @param {Widget & {
 *   dialogs: () => Promise<typeof import('../dialogs/dialogs.js')>,
 *   emit: (name: string, detail: object) => void, a DOM event
 * }} widget
 */
export function bookingOnDemand(widget) {
  const { options, dialogs, emit, timezone } = widget;
  /** @type {ReturnType<typeof import('../dialogs/booking.js').createBooking> | undefined} */
  let made;
  let loading;
  let ended = false;
  const load = () =>
    (loading ??= dialogs().then(
      ({ createBooking }) => {
        made = createBooking(widget);
        if (ended) made.close();
        return made;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    ));
  // When the booking code cannot be loaded, this does what it would do in the simplest cases.
  const leave = (url, call, isWhole = false) =>
    load().then(call, () => {
      if (!/^https?:/.test(url)) return;
      const link = new URL(url);
      const say = (name, value) => link.searchParams.set(name, value);
      if (!isWhole) {
        for (let known of [options.prefill, options.utm]) {
          try {
            known = JSON.parse(known);
          } catch {
            // Not JSON text: the option is an object or a query string.
          }
          if (typeof known === 'string') continue;
          for (const name in known) if (typeof known[name] === 'string') say(name.replace(/[A-Z]/, (big) => `_${big.toLowerCase()}`), known[name]);
        }
        say('timezone', timezone());
      }
      window.open(link, '_blank', 'noopener');
    });
  const instant = (ms) => new Date(ms).toISOString().replace('.000', '');

  return {
    /**
     * Called when times are shown, or one of an event type was chosen: loads the code for the next step now. A browser opens a
     * tab only in the moments after a click, and in a list one click both chooses and books.
     */
    prepare(type) {
      const { book, view } = options;
      if (type ? book !== 'event' : book === 'inline' || (book === 'tab' && view === 'list')) load().then((made) => made.prepare(type), () => {});
    },
    screen: (screen) => made?.screen(screen),
    isAway: () => Boolean(made?.isAway()),
    open: (url, isWhole) => leave(url, (made) => made.open(url, isWhole), isWhole),
    book(action) {
      const { start, end, type, name, url } = action;
      if (options.book !== 'event') leave(url, (made) => made.book(action));
      else emit('slotselected', {
        start: instant(start), end: instant(end), timezone: timezone(), eventType: type, eventTypeName: name,
        duration: (end - start) / 60000, schedulingUrl: url, confirmed: true,
      });
    },
    calendar: (action) => load().then((made) => made.calendar(action), () => {}),
    close() {
      ended = true;
      made?.close();
    },
  };
}
