// The fields of the booking form: their questions, answers and validation messages.
import { make } from './elements.js';

/**
 * One field of the form.
 * @typedef {object} Field
 * @property {string} name as the proxy names the field in its errors
 * @property {HTMLElement} element
 * @property {() => string} read
 * @property {(value: string) => void} fill
 * @property {() => string} problem key of the text that says what is wrong; empty if the field is valid
 * @property {(key: string, about?: string) => void} complain shows the text of `key` with {0} replaced by `about`
 * @property {() => string} [about] the part of the visitor's input that is wrong
 * @property {() => void} focus
 */

/** @typedef {{name: string, type: string, position: number, required: boolean, options?: string[], includeOther?: boolean}} Question */
/** @typedef {{kind: string, text?: string, asks?: 'none' | 'phone' | 'text'}} Place */

const names = {
  zoom_conference: 'Zoom', google_conference: 'Google Meet', microsoft_teams_conference: 'Microsoft Teams',
  webex_conference: 'Webex', gotomeeting_conference: 'GoTo Meeting',
};
// With more choices than this the field is a drop-down list.
const mostRadios = 6;
const lengths = { name: 255, email: 254, string: 255, phone: 40, text: 10000 };
// Phone numbers as people write them: five to fifteen digits, with separators.
const between = '[\\s\\(\\)\\.\\-]*';
const phonePattern = `${between}\\+?(?:${between}\\d){5,15}${between}`;
const emailPattern = '.+@.+\\..+';

/** The name of a meeting place: the account's own text if there is one, else our text or the product's name. */
export const placeName = ({ kind, text }, words) =>
  (kind === 'custom' && text) || names[kind] || words[`place-${kind}`] || text || words['place-online'];
/** Further details of a meeting place beside its name. */
export const placeDetail = ({ kind, text }, words) => (text && text !== placeName({ kind, text }, words) ? text : '');

let count = 0;

/** @param {Record<string, any>} words */
export function createFields(words) {
  /** Label, control and space for an error message; `parts` are the controls that the message is about. */
  function frame(tag, title, required, parts, attributes = {}) {
    const id = `field-${++count}`;
    const problem = make('p', { class: 'problem', id: `${id}-problem` });
    const note = required ? [] : [' ', make('span', { class: 'optional' }, `(${words.optional})`)];
    const isGroup = tag === 'fieldset';
    const label = make(isGroup ? 'legend' : 'label', isGroup ? {} : { for: id }, make('span', { dir: 'auto' }, title), ...note);
    if (!isGroup) parts[0].id = id;
    const element = make(tag, { class: 'field', ...attributes }, label, ...parts, problem);
    return { element, problem };
  }

  const control = (kind, attributes) =>
    kind === 'text' ? make('textarea', { rows: 3, dir: 'auto', ...attributes }) : make('input', { dir: 'auto', ...attributes });

  const typed = {
    name: { type: 'text', autocomplete: 'name', autocapitalize: 'words', enterkeyhint: 'next' },
    email: { type: 'email', autocomplete: 'email', autocapitalize: 'none', spellcheck: 'false', pattern: emailPattern, dir: 'ltr' },
    phone: { type: 'tel', autocomplete: 'tel', pattern: phonePattern, dir: 'ltr' },
    string: { type: 'text', autocomplete: 'off' },
    text: { autocomplete: 'off' },
  };

  const problemOf = (input) => {
    const { validity, value } = input;
    if (input.required && !value.trim()) return 'needed';
    if (validity.valid) return '';
    return { email: 'wrong-email', tel: 'wrong-phone' }[input.type] ?? 'not-accepted';
  };

  /** Shows error messages beside `element`'s controls, and removes each as soon as its cause is corrected. */
  function complaining(field, { element, problem }, marked, describing) {
    const described = describing.getAttribute('aria-describedby');
    field.complain = (key, about = '') => {
      problem.textContent = key ? words[key].replace('{0}', about) : '';
      element.classList.toggle('wrong', Boolean(key));
      for (const one of marked()) {
        if (key) one.setAttribute('aria-invalid', 'true');
        else one.removeAttribute('aria-invalid');
      }
      const describes = [key && problem.id, described].filter(Boolean).join(' ');
      if (describes) describing.setAttribute('aria-describedby', describes);
      else describing.removeAttribute('aria-describedby');
    };
    const look = () => {
      if (problem.textContent) field.complain(field.problem(), field.about?.());
    };
    element.addEventListener('input', look);
    element.addEventListener('change', look);
    return field;
  }

  /**
   * @param {string} name @param {string} title @param {boolean} required
   * @param {'name' | 'email' | 'string' | 'text' | 'phone'} kind
   * @returns {Field}
   */
  function line(name, title, required, kind) {
    const input = control(kind, { ...typed[kind], required, maxlength: lengths[kind] });
    const framed = frame('div', title, required, [input]);
    return complaining(/** @type {any} */ ({
      name,
      element: framed.element,
      read: () => input.value.trim(),
      fill: (value) => {
        input.value = value;
      },
      problem: () => problemOf(input),
      focus: () => input.focus(),
    }), framed, () => [input], input);
  }

  /**
   * Radio buttons, or checkboxes if several may be chosen. A choice may have a text input of its own.
   * @param {string} name @param {string} title @param {boolean} required @param {boolean} isMany
   * @param {{value: string, text: string, detail?: string, asks?: 'string' | 'phone', label?: string}[]} choices
   */
  function choiceOf(name, title, required, isMany, choices) {
    const group = `group-${++count}`;
    const entries = choices.map((choice) => {
      const box = make('input', { type: isMany ? 'checkbox' : 'radio', name: group, value: choice.value });
      const own = choice.asks
        ? make('input', { dir: 'auto', class: 'own', ...typed[choice.asks], required: true, maxlength: lengths[choice.asks], 'aria-label': choice.label, placeholder: choice.label, hidden: true })
        : undefined;
      const detail = choice.detail ? [make('span', { class: 'detail', dir: 'auto' }, choice.detail)] : [];
      const label = make('label', { class: 'choice' }, box, make('span', {}, make('span', { dir: 'auto' }, choice.text), ...detail));
      return { choice, box, own, parts: own ? [label, own] : [label] };
    });
    const framed = frame('fieldset', title, required, entries.flatMap(({ parts }) => parts),
      isMany ? {} : { role: 'radiogroup', 'aria-required': required && 'true' });
    const chosen = () => entries.filter(({ box }) => box.checked);
    const follow = () => {
      for (const { box, own } of entries) if (own) own.hidden = !box.checked;
    };
    framed.element.addEventListener('change', follow);
    const wrongOwn = () => chosen().find(({ own }) => own && problemOf(own));
    const field = complaining(/** @type {any} */ ({
      name,
      element: framed.element,
      chosen: () => chosen().map(({ choice, own }) => ({ choice, own: own?.value.trim() ?? '' })),
      choose(value, ownText = '') {
        const found = entries.find(({ choice }) => choice.value === value);
        if (!found) return false;
        found.box.checked = true;
        if (found.own && ownText) found.own.value = ownText;
        follow();
        return true;
      },
      problem: () => (required && !chosen().length ? 'needed-choice' : wrongOwn() ? problemOf(wrongOwn().own) : ''),
      focus: () => (wrongOwn()?.own ?? chosen()[0]?.box ?? entries[0].box).focus(),
    }), framed, () => (wrongOwn() ? [wrongOwn().own] : isMany ? entries.map(({ box }) => box) : [framed.element]), framed.element);
    return field;
  }

  /** A <select> for long lists; its last option may be a free-text answer. */
  function listOf(name, title, required, choices) {
    const select = make('select', { required }, make('option', { value: '' }, words.choose),
      ...choices.map(({ value, text }) => make('option', { value }, text)));
    const other = choices.find(({ asks }) => asks);
    const own = other && make('input', { class: 'own', ...typed.string, required: true, maxlength: lengths.string, 'aria-label': other.label, placeholder: other.label, hidden: true });
    const framed = frame('div', title, required, own ? [select, own] : [select]);
    const isOwn = () => Boolean(other) && select.value === other.value;
    const follow = () => {
      if (own) own.hidden = !isOwn();
    };
    select.addEventListener('change', follow);
    const at = () => (isOwn() ? own : select);
    return complaining(/** @type {any} */ ({
      name,
      element: framed.element,
      chosen: () => choices.filter(({ value }) => value && value === select.value).map((choice) => ({ choice, own: own?.value.trim() ?? '' })),
      choose(value, ownText = '') {
        if (!choices.some((choice) => choice.value === value)) return false;
        select.value = value;
        if (own && ownText) own.value = ownText;
        follow();
        return true;
      },
      problem: () => (required && !select.value ? 'needed-choice' : isOwn() ? problemOf(own) : ''),
      focus: () => at().focus(),
    }), framed, () => [at()], select);
  }

  /** @param {Question} question @returns {Field} */
  function question({ name: title, type, position, required, options = [], includeOther }) {
    const name = `answers.${position}`;
    if (!/_select$/.test(type)) {
      const kinds = { text: 'text', phone_number: 'phone' };
      return line(name, title, required, kinds[type] ?? 'string');
    }
    const isMany = type === 'multi_select';
    // A value that no option of the account can have.
    const others = includeOther ? [{ value: '\0', text: words.other, asks: 'string', label: words['other-answer'] }] : [];
    const choices = [...options.map((text) => ({ value: text, text })), ...others];
    const field = /** @type {any} */ (!isMany && choices.length > mostRadios
      ? listOf(name, title, required, choices)
      : choiceOf(name, title, required, isMany, choices));
    field.read = () => field.chosen().map(({ choice, own }) => (choice.asks ? own : choice.value)).join('\n');
    field.fill = (value) => {
      for (const part of isMany ? value.split(/\n|,\s*/) : [value]) {
        if (part && !field.choose(part) && includeOther) field.choose('\0', part);
      }
    };
    return field;
  }

  /**
   * The meeting place: a choice if there are several, or a text input if the only one needs details.
   * @param {Place[]} places
   * @returns {(Field & {place(): {kind: string, location?: string}}) | undefined} undefined if nothing needs to be asked
   */
  function where(places) {
    const asked = (place) => place.asks && place.asks !== 'none';
    const label = (place) => words[place.asks === 'phone' ? 'place-phone' : 'place-text'];
    const wire = (place, own) => {
      const location = asked(place) ? own : place.text;
      return location ? { kind: place.kind, location } : { kind: place.kind };
    };
    if (places.length > 1) {
      const field = /** @type {any} */ (choiceOf('location.location', words.place, true, false, places.map((place, i) => ({
        value: String(i), text: placeName(place, words), detail: placeDetail(place, words),
        asks: asked(place) ? (place.asks === 'phone' ? 'phone' : 'string') : undefined, label: label(place),
      }))));
      field.read = () => {
        const [first] = field.chosen();
        return first?.choice.asks ? first.own : '';
      };
      // Calendly's prefill contains only the answer: it belongs to the place that asks for one.
      field.fill = (value) => {
        const index = places.findIndex(asked);
        if (index >= 0) field.choose(String(index), value);
      };
      field.place = () => {
        const [{ choice, own }] = field.chosen();
        return wire(places[Number(choice.value)], own);
      };
      return field;
    }
    const [only] = places;
    if (!only || !asked(only)) return undefined;
    const field = /** @type {any} */ (line('location.location', label(only), true, only.asks === 'phone' ? 'phone' : 'string'));
    field.place = () => wire(only, field.read());
    return field;
  }

  /**
   * Guests to invite: only a button until it is clicked, then one text input for addresses, often pasted from elsewhere.
   * @param {Field} email of the visitor, who is not a guest
   * @returns {Field & {addresses(): string[], allow(most: number): void, most(): number}}
   */
  function guests(email) {
    const button = make('button', { type: 'button', class: 'add' }, words['add-guests']);
    const hint = make('p', { class: 'detail', id: 'guests-hint' });
    const input = make('textarea', { rows: 2, dir: 'ltr', inputmode: 'email', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 3000, 'aria-describedby': hint.id });
    const framed = frame('div', words.guests, false, [input, hint]);
    framed.element.hidden = true;
    let most = 0;
    const addresses = () => input.value.split(/[\s,;]+/).map((part) => part.replace(/^.*<|>.*$/g, '')).filter(Boolean);
    function open() {
      button.hidden = true;
      framed.element.hidden = false;
    }
    button.addEventListener('click', () => {
      open();
      input.focus();
    });
    const probe = make('input', typed.email);
    /** The first invalid address and the key of the reason. @returns {[string, string]} */
    function wrong() {
      const all = addresses();
      if (all.length > most) return ['too-many-guests', String(most)];
      const before = new Set([email.read().toLowerCase()]);
      for (const [i, address] of all.entries()) {
        probe.value = address;
        // Isolated from the text direction of the sentence around it.
        const shown = `\u2066${address}\u2069`;
        if (!probe.validity.valid) return ['wrong-guest', shown];
        if (before.has(address.toLowerCase())) return [i && address.toLowerCase() !== email.read().toLowerCase() ? 'guest-twice' : 'guest-self', shown];
        before.add(address.toLowerCase());
      }
      return ['', ''];
    }
    return complaining(/** @type {any} */ ({
      name: 'guests',
      element: make('div', { class: 'guests' }, button, framed.element),
      addresses,
      most: () => most,
      allow(now) {
        most = now;
        hint.textContent = words['guests-hint'].replace('{0}', String(now));
      },
      read: () => input.value.trim(),
      fill(value) {
        input.value = value;
        if (value) open();
      },
      problem: () => wrong()[0],
      about: () => wrong()[1],
      focus() {
        open();
        input.focus();
      },
    }), framed, () => [input], input);
  }

  return { line, question, where, guests };
}
