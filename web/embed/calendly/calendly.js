// Calendly's markup, calls and window messages, answered by slotwire.

const settings = { background_color: 'background-color', text_color: 'text-color', primary_color: 'primary-color' };
const prefills = { name: 'name', first_name: 'firstName', last_name: 'lastName', email: 'email', guests: 'guests', location: 'location' };

/**
 * Our options from what Calendly's calls and markup carry. Settings that hide parts of Calendly's page have nothing to hide
 * here and are passed over.
 * @param {{url?: string, prefill?: Record<string, any>, utm?: Record<string, any>}} given
 * @returns {Record<string, any>} by attribute name
 */
export function optionsFromCalendly({ url, prefill = {}, utm = {} }) {
  /** @type {URL} */
  let address;
  try {
    address = new URL(url, 'https://calendly.com');
  } catch {
    return {};
  }
  const path = address.pathname.split('/').filter(Boolean);
  /** @type {Record<string, any>} */
  const options = {};
  // An account's own page lists its events, as we do when no event type is named.
  if (path.length > 1) options['event-type'] = decodeURIComponent(path[path.length - 1]);
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
  const date = asked ?? address.searchParams.get('date') ?? (month && `${month}-01`);
  if (date) options.date = date instanceof Date ? date.toISOString().slice(0, 10) : date;
  const timezone = address.searchParams.get('timezone');
  if (timezone) options.timezone = timezone;
  if (Object.keys(rest).length) options.prefill = rest;
  if (Object.keys(source).length) options.utm = source;
  return options;
}

const messageNames = {
  ready: (detail, options) => [options['event-type'] ? 'event_type_viewed' : 'profile_page_viewed', {}],
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
      return new URL(url, 'https://calendly.com').origin;
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

  const calls = {
    initInlineWidget(given) {
      // jQuery's objects hold the element inside.
      const parent = given.parentElement?.[0] ?? given.parentElement ?? document.querySelector('.calendly-inline-widget');
      if (!(parent instanceof HTMLElement)) return;
      const host = document.createElement('div');
      parent.replaceChildren(host);
      const height = parseFloat(parent.style.height);
      const options = { ...optionsOf({ url: parent.dataset.url, ...given }), ...(height > 0 ? { height } : {}) };
      known.set(host, latest);
      mount(host, options);
    },
    initInlineWidgets() {
      for (const element of document.querySelectorAll('.calendly-inline-widget[data-url]')) {
        const { dataset } = /** @type {HTMLElement} */ (element);
        if (dataset.autoLoad === 'false' || dataset.processed) continue;
        dataset.processed = 'true';
        calls.initInlineWidget({ url: dataset.url, parentElement: element });
      }
    },
    initPopupWidget(given) {
      calls.closePopupWidget();
      opened = popup(optionsOf(given));
    },
    showPopupWidget: (url) => calls.initPopupWidget({ url }),
    closePopupWidget() {
      opened?.destroy();
      opened = undefined;
    },
    initBadgeWidget(given) {
      calls.destroyBadgeWidget();
      const { text, color, textColor } = given;
      floating = badge({ ...optionsOf(given), text, color, textColor });
    },
    destroyBadgeWidget() {
      floating?.destroy();
      floating = undefined;
    },
  };
  return calls;
}
