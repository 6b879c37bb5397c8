// Texts that depend on the visitor's language: Intl for dates, times and numbers, the translation table for the rest.
import { cityOf } from './zones.js';

const minute = 60;
const hour = 3600;
const day = 86400;
// 2023-01-01 was a Sunday.
const weekdayAt = (weekday) => Date.UTC(2023, 0, 1 + weekday);

/** Facts about a locale that the calendar needs. */
export function localeFacts(locale) {
  const info = /** @type {any} */ (new Intl.Locale(locale));
  const week = info.getWeekInfo?.() ?? info.weekInfo;
  const region = info.maximize().region ?? '';
  // Firefox before 2025 has no week data: the regions below begin their weeks on Sunday, all others on Monday.
  const firstDay = week ? week.firstDay % 7 : /^(AG|AS|BR|BW|CA|CO|DO|GU|HK|ID|IL|IN|JM|JP|KE|KR|MX|PE|PH|PR|SG|TH|TT|TW|US|VE|ZA)$/.test(region) ? 0 : 1;
  return {
    firstDay,
    rightToLeft: /^(ar|arc|ckb|dv|fa|he|ku|ps|sd|ug|ur|yi)$/.test(info.language),
    hour12: Boolean(new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12),
  };
}

/**
 * @param {string} locale
 * @param {import('./messages.js').Messages} messages
 * @param {() => string} zone the chosen zone
 */
export function createWords(locale, messages, zone) {
  /** @type {Map<string, any>} */
  const made = new Map();
  const cached = (key, make) => {
    let format = made.get(key);
    if (!format) made.set(key, (format = make()));
    return format;
  };
  const dates = (name, options, timeZone = 'UTC') =>
    cached(`${name} ${timeZone}`, () => new Intl.DateTimeFormat(locale, { ...options, timeZone }));
  const numbers = (name, options) => cached(name, () => new Intl.NumberFormat(locale, options));
  const unit = (value, name) => numbers(name, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);

  const clock12 = { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' };
  const clock24 = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const offset = (ms) =>
    dates('offset', { timeZoneName: 'shortOffset' }, zone())
      .formatToParts(ms)
      .find((part) => part.type === 'timeZoneName')?.value ?? '';

  const counted = (key, count) => {
    const forms = messages[key];
    if (typeof forms === 'string') return forms.replace('{0}', numbers('number').format(count));
    const category = cached('plural', () => new Intl.PluralRules(locale)).select(count);
    const form = (count === 0 && forms.zero) || forms[category] || forms.other || '';
    return form.replace('{0}', numbers('number').format(count));
  };

  // Units come from our own table: looking one up takes a browser three times as long as anything else here.
  const duration = (minutes) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (!hours) return counted('min', rest);
    return counted('hr', hours) + (rest ? ` ${counted('min', rest)}` : '');
  };
  const age = (seconds) => {
    const format = cached('age', () => new Intl.RelativeTimeFormat(locale));
    if (seconds < minute) return format.format(-Math.round(seconds), 'second');
    if (seconds < hour) return format.format(-Math.round(seconds / minute), 'minute');
    if (seconds < day) return format.format(-Math.round(seconds / hour), 'hour');
    return format.format(-Math.round(seconds / day), 'day');
  };
  const wait = (seconds) =>
    seconds < 2 * minute ? unit(Math.ceil(seconds), 'second') : unit(Math.ceil(seconds / minute), 'minute');

  // In the order of Format in web/model/words.h.
  const kinds = [
    (year, month) => dates('month', { month: 'long', year: 'numeric' }).format(Date.UTC(year, month - 1, 1)),
    (weekday) => dates('narrow', { weekday: 'narrow' }).format(weekdayAt(weekday)),
    (weekday) => dates('short', { weekday: 'short' }).format(weekdayAt(weekday)),
    (weekday) => dates('long', { weekday: 'long' }).format(weekdayAt(weekday)),
    (days) => dates('day', { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }).format(days * day * 1000),
    (days) => dates('heading', { weekday: 'long', month: 'short', day: 'numeric' }).format(days * day * 1000),
    (ms) => dates('12h', clock12, zone()).format(ms),
    (ms) => dates('24h', clock24, zone()).format(ms),
    // Both ends are written in full: formatRange shortens "2:00 PM – 2:30 PM", so rows would not line up.
    (from, to) => `${kinds[6](from)} – ${kinds[6](to)}`,
    (from, to) => `${kinds[7](from)} – ${kinds[7](to)}`,
    (ms) => `${cityOf(zone())} (${offset(ms)})`,
    offset,
    (value) => numbers('number').format(value),
    duration,
    age,
    wait,
    (count) => counted('free-times', count),
    (count) => counted('places-left', count),
    (count) => counted('results', count),
    (year, month) => dates('month name', { month: 'long' }).format(Date.UTC(year, month - 1, 1)),
    (first, last) =>
      dates('week', { month: 'short', day: 'numeric', year: 'numeric' }).formatRange(first * day * 1000, last * day * 1000),
  ];

  return {
    word: (kind, a, b) => kinds[kind]?.(a, b) ?? '',
    message: (key) => /** @type {string} */ (messages[key] ?? key),
  };
}
