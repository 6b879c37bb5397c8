// The booking form, shown in place of the picker: real inputs, kept for the widget's lifetime, so that nothing typed is lost. The
// model shows it with the group "form" of its screen.
import { fieldsFrom } from '../dialogs/booking_link.js';
import { icon, make } from './elements.js';
import { createFields, placeDetail, placeName } from './fields.js';
import { createSender } from './send.js';
import { styleSheet } from './style_sheet.js';
import { formWords } from './words.js';

// Phases reported to the model: see sw_form in web/platform/abi.h.
const phases = { away: 0, fetching: 1, shown: 2, sent: 3, taken: 4 };

let sharedSheet;

/** Converts Calendly's names of tracking parameters to the proxy's. */
export function trackingFrom(utm) {
  const known = /^utm(Campaign|Source|Medium|Content|Term)$|^salesforceUuid$/;
  const found = Object.entries(fieldsFrom(utm))
    .map(([name, value]) => [name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()), String(value ?? '').slice(0, 255)])
    .filter(([name, value]) => known.test(name) && value);
  return found.length ? Object.fromEntries(found) : undefined;
}

/**
 * What the widget passes to the form.
 * @typedef {object} Page
 * @property {ShadowRoot} root
 * @property {string} locale
 * @property {boolean} rightToLeft
 * @property {string} origin address of the proxy
 * @property {Record<string, any>} options by attribute name
 * @property {Record<string, any>} messages the widget's texts; the form adds its own
 * @property {(kind: number, a: number, b: number) => string} word
 * @property {() => string} timezone
 * @property {(phase: number) => void} phase reports the phase to the model
 * @property {(start: number, ...uris: string[]) => void} booked makes the model show the confirmation
 * @property {(action: any, prefill: object) => void} fall books on the booking page instead
 * @property {(px: number) => void} height requested by the form; 0: none
 */

/** @param {Page} page */
export async function createForm(page) {
  const { root, options, messages } = page;
  for (const [key, text] of Object.entries(await formWords(page.locale))) messages[key] ??= text;
  const words = messages;
  const { line, question, where, guests: guestsFor } = createFields(words);
  const { send, expect } = createSender(page.origin);
  const counted = (key, count) => {
    const forms = words[key];
    const form = typeof forms === 'string' ? forms : (forms[new Intl.PluralRules(page.locale).select(count)] ?? forms.other);
    return form.replace('{0}', new Intl.NumberFormat(page.locale).format(count));
  };

  if (!sharedSheet) {
    sharedSheet = new CSSStyleSheet();
    sharedSheet.replaceSync(styleSheet);
  }
  if (!root.adoptedStyleSheets.includes(sharedSheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sharedSheet];

  // ---- questions, by event type
  /** @type {Map<string, Promise<any>>} */
  const asked = new Map();
  function ask(type) {
    let answer = asked.get(type);
    if (!answer) {
      answer = fetch(`${page.origin}/api/app/calendly/booking-form/${encodeURIComponent(type)}`, { credentials: 'omit', signal: AbortSignal.timeout(10000) })
        .then(async (reply) => {
          const { success, data } = await reply.json();
          if (!success) throw new Error('no form');
          if (data.canBook) expect(reply.headers.get('Booking-Challenge'));
          return data;
        });
      asked.set(type, answer);
      answer.catch(() => asked.delete(type));
    }
    return answer;
  }

  // ---- the form's frame, created once
  const back = make('button', { type: 'button', 'aria-label': words['back-to-times'] }, icon('back'));
  const title = make('h2', { id: 'booking-title', dir: 'auto' });
  const facts = make('div', { id: 'booking-facts' });
  const heading = make('h3', { id: 'booking-heading', tabindex: -1 }, words['your-details']);
  const note = make('div', { class: 'note', role: 'alert' });
  const button = make('button', { type: 'submit' }, words['book-now']);
  const name = line('invitee.name', words.name, true, 'name');
  const email = line('invitee.email', words.email, true, 'email');
  const guests = guestsFor(email);
  const rest = make('div', { class: 'more' });
  const form = make('form', { novalidate: true, 'aria-labelledby': 'booking-heading', 'aria-describedby': 'booking-facts' },
    heading, name.element, email.element, guests.element, rest, note, button);
  const sheet = make('div', { class: 'sheet' }, make('div', { class: 'about' }, make('div', { class: 'top' }, back, title), facts), form);
  const element = make('div', { class: 'booking', lang: page.locale, dir: page.rightToLeft ? 'rtl' : 'ltr', role: 'group', 'aria-labelledby': 'booking-title' }, sheet);

  /** @type {any} the model's action for the time that is being booked */
  let current;
  let shownType = '';
  /** @type {any} */
  let wanted;
  /** @type {import('./fields.js').Field[]} */
  let fields = [name, email];
  /** @type {ReturnType<ReturnType<typeof createFields>['where']>} */
  let place;
  /** @type {{read: () => string, position: number, title: string}[]} */
  let answers = [];
  let sending = false;
  let takenTold = '';
  // Sent, but the result is not known yet: if the slot is gone, this booking may have taken it.
  let isUncertain = false;
  /** @type {{destroy(): void} | undefined} */
  let watcher;

  /** Addresses as an array; text is split at spaces, commas and semicolons. */
  const asList = (value) => (Array.isArray(value) ? value : String(value ?? '').split(/[\s,;]+/)).filter(Boolean);
  const takesGuests = () => ![false, 'false'].includes(options.guests);

  /** Fills empty fields with the site's prefill. */
  function fillKnown(prefill) {
    const known = [[name, prefill.name ?? [prefill.firstName, prefill.lastName].filter(Boolean).join(' ')], [email, prefill.email ?? '']];
    known.push([guests, takesGuests() ? asList(options.guests ?? prefill.guests).join('\n') : '']);
    for (const [field, value] of known) if (!field.read()) field.fill(String(value));
  }

  /**
   * Builds the questions of an event type. Answers to the previous type's questions are kept where the questions are the same.
   */
  function build(type, data) {
    const prefill = fieldsFrom(options.prefill);
    fillKnown(prefill);
    if (type === shownType) return;
    shownType = type;
    wanted = data;
    const before = new Map(answers.map((one) => [one.title, one.read()]));
    const custom = prefill.customAnswers ?? prefill;
    answers = data.questions.map((one, i) => {
      const field = question(one);
      field.fill(before.get(one.name) || String(custom[`a${i + 1}`] ?? ''));
      return Object.assign(field, { position: one.position, title: one.name });
    });
    guests.allow(takesGuests() ? (data.maxGuests ?? 0) : 0);
    guests.element.hidden = !guests.most();
    place = where(data.locations);
    if (prefill.location) place?.fill(String(prefill.location));
    const asked = [...(place ? [place] : []), .../** @type {any} */ (answers)];
    fields = [name, email, ...(guests.most() ? [guests] : []), ...asked];
    rest.replaceChildren(...asked.map((field) => field.element));
    rest.hidden = !asked.length;
  }

  /** @param {string} [text] none: removes the message */
  function showMessage(text, label = '', act = () => {}) {
    if (!text) {
      note.replaceChildren();
      return;
    }
    const more = label ? [make('button', { type: 'button' }, label)] : [];
    for (const one of more) one.addEventListener('click', act);
    note.replaceChildren(make('p', {}, text), ...more);
    note.scrollIntoView({ block: 'nearest' });
  }

  function setSending(now) {
    sending = now;
    for (const one of [button, back]) {
      if (now) one.setAttribute('aria-disabled', 'true');
      else one.removeAttribute('aria-disabled');
    }
    form.setAttribute('aria-busy', String(now));
    if (now) button.textContent = words.sending;
    else button.textContent = words['book-now'];
    if (current) page.phase(now ? phases.sent : phases.shown);
  }

  function complain(wrong) {
    showMessage(counted('check-answers', wrong.length));
    wrong[0].focus();
  }

  const typed = () => ({
    name: name.read(),
    email: email.read(),
    customAnswers: Object.fromEntries(answers.map((one, i) => [`a${i + 1}`, one.read().replaceAll('\n', ', ')])),
    ...(place?.read() ? { location: place.read() } : {}),
    ...(invited().length ? { guests: invited() } : {}),
  });
  const invited = () => (guests.most() ? guests.addresses() : []);

  /**
   * Uses the booking page instead, if this page may not book. Prefill is passed on, overridden by what was typed into a visible
   * form.
   */
  function fall(action, known) {
    page.phase(phases.away);
    page.fall(action, known);
  }

  async function submit() {
    if (sending) return;
    for (const field of fields) field.complain(field.problem(), field.about?.());
    const wrong = fields.filter((field) => field.problem());
    if (wrong.length) {
      complain(wrong);
      return;
    }
    showMessage();
    const action = current;
    const given = answers.map((one) => ({ position: one.position, question: one.title, answer: one.read() })).filter(({ answer }) => answer);
    const count = invited().length;
    const location = place ? place.place() : wanted.locations.length ? { kind: wanted.locations[0].kind, location: wanted.locations[0].text || undefined } : undefined;
    setSending(true);
    const outcome = await send({
      eventType: action.type,
      start: new Date(action.start).toISOString(),
      invitee: { name: name.read(), email: email.read(), timezone: page.timezone() },
      ...(invited().length ? { guests: invited() } : {}),
      ...(given.length ? { answers: given } : {}),
      ...(location ? { location } : {}),
      tracking: trackingFrom(options.utm),
    });
    isUncertain = ['send-unknown', 'send-lost'].includes(outcome.say ?? '');
    setSending(false);
    // The site has started another booking meanwhile.
    if (current !== action) return;
    const { booked, taken, away, wrong: complained } = outcome;
    if (booked) {
      page.booked(action.start, booked.eventUri, booked.inviteeUri, booked.cancelUrl ?? '', booked.rescheduleUrl ?? '',
        count ? counted('guests-invited', count) : '');
      return;
    }
    if (taken) {
      page.phase(phases.taken);
      return;
    }
    if (away) {
      fall(action, typed());
      return;
    }
    const about = fields.filter((field) => complained?.some((one) =>
      one === field.name || (one.startsWith('location') && field === place) || (one.startsWith('guests.') && field === guests)));
    if (about.length) {
      for (const field of about) field.complain(field.problem() || 'not-accepted', field.about?.());
      complain(about);
      return;
    }
    if (isUncertain) button.textContent = words['ask-again'];
    const wait = outcome.waitS ? page.word(15, outcome.waitS, 0) : '';
    showMessage(words[/** @type {string} */ (outcome.say)].replace('{0}', wait));
  }

  function leave() {
    if (!sending) page.phase(phases.away);
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  back.addEventListener('click', leave);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    // A dialog around the widget must stay open.
    event.preventDefault();
    leave();
  });

  // Deferred to the next frame: a change in this one causes the error "ResizeObserver loop completed with undelivered
  // notifications".
  const size = new ResizeObserver(() => requestAnimationFrame(() => {
    if (element.isConnected) page.height(Math.ceil(sheet.getBoundingClientRect().height));
  }));

  function show() {
    const twin = /** @type {HTMLElement} */ (root.querySelector('.twin'));
    twin.inert = true;
    element.style.fontFamily = options['font-family'] ?? '';
    const radius = parseFloat(options.radius);
    if (radius >= 0) element.style.setProperty('--radius', `${Math.min(radius, 22)}px`);
    root.append(element);
    size.observe(sheet);
    page.height(Math.ceil(sheet.getBoundingClientRect().height));
    if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: 'start' });
    // On touch screens the keyboard would cover half of the form, so no field is focused before the visitor taps it.
    const first = matchMedia('(pointer: fine)').matches && fields.find((field) => field !== guests && !field.read());
    if (first) first.focus();
    else heading.focus({ preventScroll: true });
    // Handles the back gesture of phones without changing the page's history.
    const { CloseWatcher } = /** @type {any} */ (window);
    if (CloseWatcher && matchMedia('(pointer: coarse)').matches) {
      watcher = new CloseWatcher();
      /** @type {any} */ (watcher).onclose = leave;
    }
  }

  function hide() {
    size.disconnect();
    watcher?.destroy();
    element.remove();
    showMessage();
    /** @type {HTMLElement} */ (root.querySelector('.twin')).inert = false;
    current = undefined;
    page.height(0);
  }

  const textOf = (nodes, id) => nodes?.find((node) => node.id === id)?.text ?? '';

  function tell(screen, group) {
    const header = screen.root.children.find(({ id }) => id === 'header')?.children;
    title.textContent = textOf(header, 'title');
    const [only] = place ? [] : wanted.locations;
    const told = [
      ['day', textOf(group.children, 'form-day'), 'main'],
      ['clock', `${textOf(group.children, 'form-time')}${textOf(header, 'meta') ? ` (${textOf(header, 'meta')})` : ''}`, 'main'],
      ['zone', textOf(group.children, 'form-zone'), ''],
      ...(only ? [['place', [placeName(only, words), placeDetail(only, words)].filter(Boolean).join(', '), '']] : []),
    ];
    facts.replaceChildren(...told.map(([picture, text, kind]) =>
      make('p', { class: `fact ${kind}` }, icon(/** @type {any} */ (picture)), make('span', { dir: 'auto' }, text))));
    const taken = isUncertain ? '' : textOf(group.children, 'form-taken');
    if (taken && taken !== takenTold) showMessage(taken, words['book-another'], () => page.phase(phases.taken));
    else if (!taken && takenTold) showMessage();
    takenTold = taken;
  }

  return {
    /** Loads an event type's questions in advance. */
    prepare: (type) => type && ask(type).catch(() => {}),
    /** Loads and shows the questions. If they cannot be loaded, or this page may not book, opens the booking page. */
    async book(action) {
      current = action;
      page.phase(phases.fetching);
      let data;
      try {
        data = await ask(action.type);
      } catch {
        data = undefined;
      }
      if (current !== action) return;
      if (!data?.canBook) {
        current = undefined;
        fall(action);
        return;
      }
      build(action.type, data);
      page.phase(phases.shown);
    },
    /** Called when the model's screen has changed. */
    screen(screen) {
      const group = screen.root.children?.find(({ id }) => id === 'form');
      if (group && current) {
        tell(screen, group);
        if (!element.isConnected) show();
      } else if (element.isConnected) {
        hide();
      }
    },
    close() {
      size.disconnect();
      watcher?.destroy();
      element.remove();
      current = undefined;
    },
  };
}
