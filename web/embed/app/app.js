// One running widget: connects the WASM core to its canvas, its accessible twin, the proxy and the page.
import { createApi } from './api.js';
import { bookingOnDemand } from './booking.js';
import { createCore } from './core.js';
import { dayFrom } from './day.js';
import { createSubscription } from './subscription.js';
import { messagesFor } from './messages.js';
import { packedFromSlots, textFromEventTypes } from './packed.js';
import { listenToPointer } from './pointer.js';
import { styleSheet } from './style_sheet.js';
import { createSurface } from './surface.js';
import { createTextAtlas } from './text_atlas.js';
import { bytesFromTheme, cssFromTheme, themeFrom } from './theme.js';
import { createTwin } from './twin.js';
import { createWords, localeFacts } from './words.js';
import { browserZone, cityOf, renamed, zoneFrom, zoneTable } from './zones.js';

/**
 * What the loader passes to a new widget.
 * @typedef {object} Seed
 * @property {HTMLElement} host
 * @property {ShadowRoot} root
 * @property {number} zoom scale factor of the widget, 1 to 2, from the browser's text size
 * @property {Record<string, any>} options by attribute name; kept up to date by the loader
 * @property {WebAssembly.Module} module
 * @property {string} origin base address of the proxy
 * @property {Map<string, Promise<Response>>} begun requests that have already been sent, by path
 * @property {string} locale
 * @property {import('./messages.js').Messages} table our texts in the locale's language
 * @property {Record<string, any>} [messages] the site's own texts by locale
 * @property {() => Promise<typeof import('../dialogs/dialogs.js')>} dialogs loads the code that only bookings need
 * @property {() => Promise<typeof import('../visible_twin/visible_twin.js')>} shownTwin loads the style of the visible twin
 * @property {() => Promise<typeof import('../form/form.js')>} form loads the booking form
 * @property {() => Promise<ReturnType<typeof import('../live/live.js').createLive>>} live loads the page's subscription to
 * changes
 * @property {() => Promise<typeof import('../zones/zones.js')>} zones loads the time zone search
 * @property {(px: number) => void} setHeight has no effect where the site has set the height
 * @property {() => void} shown called once, when the widget becomes visible
 */

// How long the first screen waits for the first answer, which nearly always arrives before the code. The skeleton stays until
// then.
const firstAnswerWaitMs = 100;

let sharedSheet;

/** @param {Seed} seed */
export function start(seed) {
  const { host, root, options, zoom } = seed;
  const ended = new AbortController();
  const on = (target, type, listener) => target.addEventListener(type, listener, { signal: ended.signal });
  const emit = (name, detail) =>
    host.dispatchEvent(new CustomEvent(`slotwire:${name}`, { bubbles: true, composed: true, detail }));

  if (!sharedSheet) {
    sharedSheet = new CSSStyleSheet();
    sharedSheet.replaceSync(styleSheet);
  }
  const colours = new CSSStyleSheet();
  const sheetsBefore = root.adoptedStyleSheets;
  root.adoptedStyleSheets = [...sheetsBefore, sharedSheet, colours];

  /**
   * The `timezone` option when it is not a valid zone. Then the zone is not locked: that would lock the visitor to the browser's
   * zone, which the site did not ask for.
   */
  let invalidZone;
  const wantedZone = () => {
    const found = zoneFrom(options.timezone);
    invalidZone = !found && options.timezone;
    return found ?? browserZone();
  };
  let zone = wantedZone();
  const messages = messagesFor(seed.locale, seed.messages, seed.table);
  const words = createWords(seed.locale, messages, () => zone);

  // The server's clock decides what time it is, since the visitor's clock may be wrong by days. The Date header of a cached
  // answer may be as old as its Cache-Control allows.
  let skew = 0;
  const timeNow = () => Date.now() + skew;
  const api = createApi(seed.origin, seed.begun, (headers) => {
    const ahead = timeNow() - Date.parse(headers.get('Date') ?? '');
    let kept = 30;
    for (const [, age] of (headers.get('Cache-Control') ?? '').matchAll(/(?:max-age|revalidate)=(\d+)/g)) kept += +age;
    if (!(ahead < -2000 || ahead > kept * 1000)) return;
    skew -= ahead;
    clock();
    giveZone();
  });

  const darkness = matchMedia('(prefers-color-scheme: dark)');
  function applyTheme() {
    const theme = themeFrom(options, darkness.matches, root);
    // Only a length in px is accepted: the site's text never becomes part of a CSS rule.
    const radius = parseFloat(options.radius);
    colours.replaceSync(`:host{--sw-zoom:${zoom};${cssFromTheme(theme)}${radius >= 0 ? `;border-radius:${radius}px` : ''}}`);
    return bytesFromTheme(theme);
  }
  // Set before anything reads computed styles, which would make the browser compute them twice.
  const firstTheme = applyTheme();

  let started = false;
  const surface = createSurface(seed, ended.signal, {
    showTwin: (shown) => twin.setShown(shown),
    resized(width, height, ratio, ratioBefore) {
      atlas.setRatio(ratio);
      if (ratioBefore && ratioBefore !== ratio) {
        atlas.clear();
        exports.sw_text_lost();
      }
      tell(() => exports.sw_resize(width, height, ratio));
      // Resizing clears the canvas, so it is redrawn before the browser shows the next frame.
      if (started && width && height && surface.canDraw()) drawNow();
    },
    textLost: loseText,
  });
  const { canvas } = surface;
  const facts = localeFacts(seed.locale);
  const atlas = createTextAtlas(
    options['font-family'] || getComputedStyle(host).fontFamily || 'sans-serif',
    facts.rightToLeft,
    surface.upload,
    surface.holdColours,
  );
  atlas.clear();

  const core = createCore(seed.module, { raster: atlas.raster, measure: atlas.measure, ...words });
  const { exports } = core;

  const twin = createTwin(root, seed.locale, {
    activate: (id) => tell(() => exports.sw_activate(core.putText(id))),
    key: (id, key) => Boolean(tell(() => exports.sw_key(...core.putTwo(id, key)))),
    input(id, value) {
      giveZones(value);
      tell(() => exports.sw_input(...core.putTwo(id, value)));
    },
    focus: (id, visible) => tell(() => exports.sw_focus(core.putText(id), visible ? 1 : 0)),
  });

  let asked = 0;
  let isShown = false;

  function reportShown() {
    if (isShown) return;
    isShown = true;
    seed.shown();
  }

  function draw(now) {
    const more = exports.sw_frame(now);
    surface.draw(core.drawing());
    reportShown();
    settle();
    const places = core.changedPlaces();
    if (places) twin.layOver(places, zoom);
    if (more) askFrame();
  }

  const drawNow = () => draw(performance.timeOrigin + performance.now());

  function askFrame() {
    if (asked || !started || !surface.canDraw()) return;
    asked = requestAnimationFrame((time) => {
      asked = 0;
      if (!surface.canDraw()) return;
      if (surface.isSharp()) draw(performance.timeOrigin + time);
      else surface.measure();
    });
  }

  /** Runs `call` into the core, then carries out the actions it produced and requests a frame. */
  function tell(call) {
    if (ended.signal.aborted) return 0;
    const result = call();
    settle();
    askFrame();
    return result;
  }

  function settle() {
    for (;;) {
      const actions = core.actions();
      const screen = started && core.changedScreen();
      if (screen) {
        show(screen);
        askFrame();
      }
      if (!actions.length) return;
      for (const action of actions) actionHandlers[action.do]?.(action);
    }
  }

  function show(screen) {
    booking.screen(screen);
    const hadFocus = twin.hasFocus();
    twin.show(screen);
    if (!hadFocus || twin.hasFocus()) return;
    // The focused element was removed: keep focus inside the widget, where the model says.
    if (screen.focus) twin.focus(screen.focus);
    if (!twin.hasFocus()) tell(() => exports.sw_focus(core.putText(''), 0));
  }

  function failed(id, { code, retryAfterS }) {
    tell(() => exports.sw_fetch_failed(id, retryAfterS ?? -1, core.putText(code)));
  }

  const giveTypes = (data) => tell(() => exports.sw_event_types(core.putText(textFromEventTypes(data))));

  let uris;
  const booked = (start, ...bookingUris) => {
    uris = bookingUris;
    tell(() => exports.sw_booked(core.putText(`${[start, ...uris].join('\0')}\0`)));
  };
  const booking = bookingOnDemand({
    options,
    locale: seed.locale,
    messages,
    dialogs: seed.dialogs,
    emit,
    timezone: () => zone,
    booked,
    back: () => subscription.resume(),
    form: (fall) =>
      seed.form().then(({ createForm }) =>
        createForm({
          root, options, messages, booked, fall,
          locale: seed.locale,
          rightToLeft: facts.rightToLeft,
          origin: seed.origin,
          word: words.word,
          timezone: () => zone,
          phase: (phase) => tell(() => exports.sw_form(phase)),
          height(px) {
            formHeight = px;
            giveHeight();
          },
        }),
      ),
  });

  let wantedHeight = 0;
  let formHeight = 0;
  let height = 0;
  function giveHeight() {
    if (!wantedHeight) return;
    // The form's height depends on its questions.
    seed.setHeight(Math.max(wantedHeight, formHeight));
    const px = host.offsetHeight;
    if (px === height) return;
    height = px;
    emit('resize', { height });
  }

  const subscription = createSubscription(seed, ended.signal, booking.isAway, (pairs) =>
    tell(() => exports.sw_changed(core.put(new Uint8Array(pairs.buffer)))),
  );

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let wakeTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let firstTimer;
  const clock = () => tell(() => exports.sw_clock(timeNow()));

  /** @type {Record<string, (action: any) => void>} */
  const actionHandlers = {
    async fetch({ id, type, first, last, fresh, later }) {
      // All widgets are notified of a change at once. A random delay of up to a second spreads their requests.
      if (later) await new Promise((done) => setTimeout(done, Math.random() * 1000));
      const answer = await api.slots(type, first, last, fresh);
      if (ended.signal.aborted) return;
      started = true;
      subscription.note(answer.version);
      if (!answer.data) return failed(id, answer);
      if (answer.data.mode === 'public') {
        giveTypes({ mode: 'public', eventTypes: [{ uri: type, schedulingUrl: answer.data.schedulingUrl }] });
        return;
      }
      tell(() => exports.sw_slots(id, core.put(packedFromSlots(answer.data))));
    },
    async types() {
      const answer = await api.eventTypes(options.owner);
      if (ended.signal.aborted) return;
      started = true;
      if (answer.data) giveTypes(answer.data);
      else failed(0, answer);
    },
    zones() {
      giveZones('');
      seed.zones().then(({ createZones }) => {
        findZones ??= createZones({ locale: seed.locale, now: timeNow(), zone, zoneFrom, cityOf, renamed });
        giveZones(twin.textIn('zone-search'));
      }, () => tell(() => exports.sw_zones(core.putText(`${zone}\0${zone}\0`))));
    },
    zone({ name }) {
      zone = name;
      giveZone();
    },
    book: (action) => booking.book(action),
    calendar: (action) => booking.calendar({ ...action, uris, zone: isLocked() && zone }),
    open: ({ url, whole }) => booking.open(url, whole),
    announce: ({ text }) => twin.announce(text),
    focus: ({ id }) => twin.focus(id),
    cursor({ name }) {
      canvas.style.cursor = name;
    },
    field: (box) => twin.placeField(box, zoom),
    height({ px }) {
      wantedHeight = px * zoom;
      giveHeight();
    },
    event({ name, detail }) {
      emit(name, detail ?? {});
      if (/^(ready|slotsel)/.test(name)) booking.prepare(detail?.eventType);
      if (name === 'ready') subscription.begin();
    },
    wake({ at }) {
      clearTimeout(wakeTimer);
      // setTimeout is limited: for waits over a day the clock call sets a new timer.
      wakeTimer = setTimeout(clock, Math.min(Math.max(0, at - timeNow()), 86400000));
    },
  };

  const isLocked = () => !invalidZone && isOn('timezone-lock');
  function tellOddZone() {
    if (!invalidZone) return;
    const message = `"${invalidZone}" is no time zone`;
    console.warn(`slotwire: ${message}`);
    emit('error', { code: 'unknown_timezone', message });
  }
  const giveZone = () => tell(() => exports.sw_zone(core.put(zoneTable(zone, timeNow()))));

  /** @type {((text: string) => string) | undefined} */
  let findZones;
  function giveZones(text) {
    const found = findZones?.(text);
    if (found !== undefined) tell(() => exports.sw_zones(core.putText(found)));
  }

  const giveTheme = () => tell(() => exports.sw_theme(core.put(applyTheme())));

  /** True if the attribute is present with any value but "false". */
  const isOn = (name) => ![undefined, null, false, 'false'].includes(options[name]) || undefined;

  /** @type {Record<string, string>} */
  let given = {};
  function giveOptions() {
    // A link to one time opens the picker on its day. An owner's page opens with the list of event types.
    const [at] = /\d{4}-\d\d-\d\dT[^/?#]*|\d{4}-\d\d-\d\d(?=\/?$|[?#])/.exec(options.page?.replace(/[?#].*/, '') ?? '') ?? [];
    const next = Object.fromEntries(
      Object.entries({
        ...options,
        'hide-details': isOn('hide-details'),
        'timezone-lock': isLocked() || undefined,
        date: options.date ? dayFrom(options.date) : at && dayFrom(at, zone),
        // Another `any-of` order is another request.
        'event-type': options.owner ? '' : options['event-type'] && options['event-type'] + (options['any-of'] === 'order' ? '?any_of=order' : ''),
        page: options.page || /** @type {HTMLAnchorElement | null} */ (host.querySelector('a[href^=http]'))?.href,
      }).filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        .map(([name, value]) => [name, String(value)]),
    );
    const gone = Object.keys(given).filter((name) => !(name in next)).map((name) => [name, '']);
    const changed = Object.entries(next).filter(([name, value]) => given[name] !== value);
    given = next;
    const pairs = [...gone, ...changed];
    tell(() => exports.sw_options(core.putText(pairs.map(([name, value]) => `${name}\0${value}\0`).join(''))));
  }

  function loseText() {
    atlas.clear();
    tell(() => exports.sw_text_lost());
  }

  const stopPointer = listenToPointer(
    canvas,
    (phase, kind, x, y) => Boolean(tell(() => exports.sw_pointer(phase, kind, x / zoom, y / zoom))),
    (x, y, dx, dy) => Boolean(tell(() => exports.sw_wheel(x / zoom, y / zoom, dx / zoom, dy / zoom))),
  );
  on(darkness, 'change', giveTheme);
  on(document, 'visibilitychange', () => {
    if (!document.hidden) clock();
  });
  on(window, 'online', () => {
    clock();
    tell(() => exports.sw_activate(core.putText('retry')));
  });
  if (document.fonts) on(document.fonts, 'loadingdone', loseText);

  // sw_clock comes last: it starts the widget, which then has all it needs for its first request.
  giveOptions();
  exports.sw_zone(core.put(zoneTable(zone, timeNow())));
  exports.sw_locale(facts.firstDay, facts.rightToLeft ? 1 : 0, facts.hour12 ? 1 : 0);
  exports.sw_theme(core.put(firstTheme));
  surface.measure();
  tellOddZone();
  clock();
  const choosing = surface.choose();
  if (surface.canDraw()) {
    surface.follow();
    firstTimer = setTimeout(() => tell(() => (started = true)), firstAnswerWaitMs);
  } else {
    started = true;
    settle();
    choosing.then(reportShown);
  }

  return {
    /** Called when `options` has changed, with the names of the changed options. */
    update(names) {
      // A changed zone option replaces whatever zone the visitor had chosen before.
      if (/timezone/.test(String(names))) {
        zone = wantedZone();
        tellOddZone();
        giveZone();
      }
      giveTheme();
      giveOptions();
      giveHeight();
    },
    destroy() {
      ended.abort();
      stopPointer();
      cancelAnimationFrame(asked);
      clearTimeout(wakeTimer);
      clearTimeout(firstTimer);
      api.close();
      booking.close();
      twin.destroy();
      surface.destroy();
      root.adoptedStyleSheets = sheetsBefore;
    },
  };
}
