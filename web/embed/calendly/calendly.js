// Implements Calendly's markup, calls and window messages with slotwire.

// A query may name what every object has ("constructor"): these have nothing but what is written here.
const settings = { __proto__: null, background_color: 'background-color', text_color: 'text-color', primary_color: 'primary-color' };
const prefills = { __proto__: null, name: 'name', first_name: 'firstName', last_name: 'lastName', email: 'email', guests: 'guests', location: 'location' };

/**
 * Reads our options from the parameters of Calendly's calls and markup. Settings that hide parts of Calendly's own page are
 * ignored.
 * @param {{url?: string, prefill?: Record<string, any>, utm?: Record<string, any>, pageSettings?: Record<string, any>}} given
 * `pageSettings` are react-calendly's: what Calendly's own calls have in the URL
 * @returns {Record<string, any>} by attribute name
 */
export function optionsFromCalendly({ url, prefill = {}, utm = {}, pageSettings = {} }) {
  if (!url) return {};
  /** @type {Record<string, any>} */
  const options = { 'event-type': String(url) };
  /** @type {URL} */
  let address;
  try {
    address = new URL(String(url).replace(/^(?=[\w-]+(\.[\w-]+)+\/)/, 'https://'), 'https://calendly.com');
  } catch {
    // An invalid address matches no event type. Without it, all of ours would be listed.
    return options;
  }
  options['event-type'] = address.origin + address.pathname;
  for (const [name, value] of Object.entries(pageSettings)) {
    if (value) address.searchParams.set(name.replace(/[A-Z]/g, '_$&').toLowerCase(), value === true ? '1' : value);
  }
  const known = { ...prefill };
  const source = { ...utm };
  for (const [name, value] of address.searchParams) {
    if (settings[name]) options[settings[name]] = `#${value.replace(/^#/, '')}`;
    else if (prefills[name]) known[prefills[name]] ??= value;
    else if (/^a\d+$/.test(name)) known.customAnswers = { [name]: value, ...known.customAnswers };
    else if (/^utm_|^salesforce_uuid$/.test(name)) source[name.replace(/_([a-z])/, (_, letter) => letter.toUpperCase())] ??= value;
  }
  if ('salesforceUuid' in source) {
    source.salesforce_uuid ??= source.salesforceUuid;
    delete source.salesforceUuid;
  }
  const { date: asked, ...rest } = known;
  const month = address.searchParams.get('month');
  // A link to one time already contains the day to open at.
  const isTime = /\/\d{4}-\d\d-\d\d(T[^/]*)?\/?$/.test(address.pathname);
  const date = asked ?? (isTime ? undefined : address.searchParams.get('date') ?? (month && `${month}-01`));
  if (date) options.date = date;
  if (address.searchParams.get('hide_event_type_details') === '1') options['hide-details'] = true;
  if (address.searchParams.get('timezone_lock') === '1') options['timezone-lock'] = true;
  const timezone = address.searchParams.get('timezone');
  if (timezone) options.timezone = timezone;
  if (Object.keys(rest).length) options.prefill = rest;
  if (Object.keys(source).length) options.utm = source;
  return options;
}

/** Calendly's message for each of our events. */
export const messageNames = {
  ready: (detail, options) => [/\w\/+[^/]+\/+[^/]/.test(options['event-type']) ? 'event_type_viewed' : 'profile_page_viewed', {}],
  eventtypeselected: () => ['event_type_viewed', {}],
  slotselected: () => ['date_and_time_selected', {}],
  booked: ({ eventUri, inviteeUri }) => ['event_scheduled', { event: { uri: eventUri }, invitee: { uri: inviteeUri } }],
  resize: ({ height }) => ['page_height', { height: `${height}px` }],
};

/** @param {{mount: Function, popup: Function, badge: Function}} slotwire */
export function createCalendly({ mount, popup, badge }) {
  /** @type {{destroy(): void} | undefined} */
  let opened;
  /** @type {{destroy(): void} | undefined} */
  let floating;
  // Tells the booking overlay that this code sends Calendly's messages, so that its frame does not.
  Object.defineProperty(window.Slotwire, Symbol.for('calendly'), { value: true, configurable: true });
  /** @type {Set<string>} */
  const scheduled = new Set();
  // The overlay's page sends this message to the window itself; it must not be sent again.
  window.addEventListener('message', ({ data }) => {
    if (data?.event === 'calendly.event_scheduled') scheduled.add(data.payload?.event?.uri);
  });

  /** Sends the window the message that Calendly's frame would send, with Calendly's origin, since pages check that. */
  function postToWindow(name, detail, options, origin) {
    const [event, payload] = messageNames[name](detail, options);
    if (event === 'event_scheduled' && scheduled.has(detail.eventUri)) return;
    const data = { event: `calendly.${event}`, payload };
    window.dispatchEvent(new MessageEvent('message', { data, origin, source: window }));
  }

  function originOf(url) {
    try {
      // www.calendly.com redirects to the origin that the messages come from.
      return new URL(url, 'https://calendly.com').origin.replace('://www.', '://');
    } catch {
      return 'https://calendly.com';
    }
  }

  // Events bubble up to the window from any widget: each is sent once, whichever call created the widget.
  /** @type {Map<string, {options: Record<string, any>, origin: string}>} */
  let latest = { options: {}, origin: 'https://calendly.com' };
  for (const name of Object.keys(messageNames)) {
    window.addEventListener(`slotwire:${name}`, (event) => {
      const { options, origin } = known.get(/** @type {Element} */ (event.composedPath()[0])) ?? latest;
      postToWindow(name, /** @type {CustomEvent} */ (event).detail, options, origin);
    });
  }
  /** @type {WeakMap<EventTarget, {options: Record<string, any>, origin: string}>} */
  const known = new WeakMap();
  const optionsOf = (given) => {
    const options = optionsFromCalendly(given);
    latest = { options, origin: originOf(given.url) };
    return options;
  };

  /** The widget in each element of the page. It is removed with its element, and not put back if the page empties the element. */
  /** @type {Map<Element, {host: Element, handle: {destroy(): void}}>} */
  const inline = new Map();

  // Pages that replace their body (Turbo and similar) insert markup without notice, including copies of markup that was here.
  function sweep() {
    for (const [element, { host, handle }] of inline) {
      if (host.isConnected) continue;
      handle.destroy();
      if (!element.isConnected) inline.delete(element);
    }
    for (const element of document.querySelectorAll('.calendly-inline-widget[data-url]')) {
      const isWanted = /** @type {HTMLElement} */ (element).dataset.autoLoad !== 'false';
      if (isWanted && !inline.has(element)) calls.initInlineWidget({ parentElement: element });
    }
  }
  new MutationObserver(sweep).observe(document, { childList: true, subtree: true });

  const calls = {
    /** @param {any} given @param {Element | null} [around] element that contains the calling script */
    initInlineWidget(given, around) {
      const all = [...document.querySelectorAll('.calendly-inline-widget')];
      const isFree = (one) => !inline.has(one);
      // In a jQuery object, index 0 is the element.
      const parent = given.parentElement?.[0] ?? given.parentElement ?? around ??
        all.find((one) => isFree(one) && !one.hasAttribute('data-url')) ?? all.find(isFree) ?? all[0];
      if (!(parent instanceof HTMLElement)) return;
      inline.get(parent)?.handle.destroy();
      const host = document.createElement('div');
      parent.replaceChildren();
      // An element with a height of its own is filled, and grows if the picker needs more.
      const isSized = parent.style.height || parent.clientHeight;
      if (isSized) parent.style.minHeight ||= 'min-content';
      parent.append(host);
      const options = { ...optionsOf({ url: parent.dataset.url, ...given }), ...(isSized ? { height: '100%' } : {}) };
      known.set(host, latest);
      inline.set(parent, { host, handle: mount(host, options) });
    },
    initInlineWidgets: sweep,
    initPopupWidget(given) {
      calls.closePopupWidget();
      opened = popup({ ...optionsOf(given), onClose: given.onClose });
    },
    showPopupWidget: (url) => calls.initPopupWidget({ url }),
    closePopupWidget() {
      opened?.destroy();
      opened = undefined;
    },
    /** @param {any} given @param {Element} [spot] placeholder for the button until it is created; pages remove it by its class */
    initBadgeWidget(given, spot) {
      calls.destroyBadgeWidget();
      if (spot && !spot.isConnected) return;
      const { text, color, textColor } = given;
      floating = badge({ ...optionsOf(given), text, color, textColor, parent: spot });
    },
    destroyBadgeWidget() {
      floating?.destroy();
      floating = undefined;
    },
  };
  return calls;
}
