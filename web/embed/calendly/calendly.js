// Calendly's markup, calls and window messages, answered by slotwire.

const settings = { background_color: 'background-color', text_color: 'text-color', primary_color: 'primary-color' };
const prefills = { name: 'name', first_name: 'firstName', last_name: 'lastName', email: 'email', guests: 'guests', location: 'location' };

/**
 * Our options from what Calendly's calls and markup carry. Settings that hide what only Calendly's page has are passed
 * over.
 * @param {{url?: string, prefill?: Record<string, any>, utm?: Record<string, any>, pageSettings?: Record<string, any>}} given
 *   `pageSettings` are react-calendly's: what Calendly's own calls have in the url
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
    // What is no address is nobody's event type, and must not be answered with all of ours.
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
  // A link to one time says itself where to open.
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

/** Calendly's messages, by our event. */
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
  // The overlay's frame leaves to us what we say.
  Object.defineProperty(window.Slotwire, Symbol.for('calendly'), { value: true, configurable: true });
  /** @type {Set<string>} */
  const scheduled = new Set();
  // The overlay's page tells the whole window itself; what it has told is not said again.
  window.addEventListener('message', ({ data }) => {
    if (data?.event === 'calendly.event_scheduled') scheduled.add(data.payload?.event?.uri);
  });

  /** Says to the window what Calendly's frame would have said, from Calendly's origin, since pages check that. */
  function say(name, detail, options, origin) {
    const [event, payload] = messageNames[name](detail, options);
    if (event === 'event_scheduled' && scheduled.has(detail.eventUri)) return;
    const data = { event: `calendly.${event}`, payload };
    window.dispatchEvent(new MessageEvent('message', { data, origin, source: window }));
  }

  function originOf(url) {
    try {
      // www. leads on to where the messages come from.
      return new URL(url, 'https://calendly.com').origin.replace('://www.', '://');
    } catch {
      return 'https://calendly.com';
    }
  }

  // Events bubble up to the window from wherever a widget is: each is told once, whichever call made the widget.
  /** @type {Map<string, {options: Record<string, any>, origin: string}>} */
  let latest = { options: {}, origin: 'https://calendly.com' };
  for (const name of Object.keys(messageNames)) {
    window.addEventListener(`slotwire:${name}`, (event) => {
      const { options, origin } = known.get(/** @type {Element} */ (event.composedPath()[0])) ?? latest;
      say(name, /** @type {CustomEvent} */ (event).detail, options, origin);
    });
  }
  /** @type {WeakMap<EventTarget, {options: Record<string, any>, origin: string}>} */
  const known = new WeakMap();
  const optionsOf = (given) => {
    const options = optionsFromCalendly(given);
    latest = { options, origin: originOf(given.url) };
    return options;
  };

  /** What stands in an element of the page: gone with the element, and not put back where the page has emptied it. */
  /** @type {Map<Element, {host: Element, handle: {destroy(): void}}>} */
  const inline = new Map();

  // Pages that swap their body (Turbo and the like) bring markup in without a word, copies of what was here among it.
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
    /** @param {any} given @param {Element | null} [around] what the calling script stands in */
    initInlineWidget(given, around) {
      const all = [...document.querySelectorAll('.calendly-inline-widget')];
      const isFree = (one) => !inline.has(one);
      // jQuery's objects hold the element inside.
      const parent = given.parentElement?.[0] ?? given.parentElement ?? around ??
        all.find((one) => isFree(one) && !one.hasAttribute('data-url')) ?? all.find(isFree) ?? all[0];
      if (!(parent instanceof HTMLElement)) return;
      inline.get(parent)?.handle.destroy();
      const host = document.createElement('div');
      parent.replaceChildren();
      // A box that has a height of its own is filled, and grows where the picker needs more.
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
    /** @param {any} given @param {Element} [spot] that stands for the button until it comes; pages take it away by its class */
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
