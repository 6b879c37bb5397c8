// Time zones from the browser's own data, so that a zone whose rules changed last month is right.

const day = 86400000;
/** @type {Map<string, Intl.DateTimeFormat>} */
const offsetFormats = new Map();

/** Seconds east of UTC in `zone` at an instant. Throws RangeError for a zone the browser does not know. */
function offsetAt(zone, ms) {
  let format = offsetFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    offsetFormats.set(zone, format);
  }
  const found = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(format.format(ms).replace('\u2212', '-'));
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (found[2] * 3600 + found[3] * 60 + Number(found[4] ?? 0));
}

export function isKnownZone(zone) {
  if (!zone) return false;
  try {
    offsetAt(zone, 0);
    return true;
  } catch {
    return false;
  }
}

export const browserZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/**
 * The zone's table from a month before `now` to two years after it, as sw_zone takes it.
 * @returns {Uint8Array}
 */
export function zoneTable(zone, now) {
  const end = now + 731 * day;
  let at = now - 32 * day;
  let offset = offsetAt(zone, at);
  const pairs = [0, offset];
  // Two weeks: shorter than any stretch between two changes (Morocco's Ramadan clock lasts five).
  for (let next = at + 14 * day; at < end; at = next, next += 14 * day) {
    const after = offsetAt(zone, next);
    if (after === offset) continue;
    let low = at;
    let high = next;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(zone, middle) === offset) low = middle;
      else high = middle;
    }
    // Changes fall on whole minutes; the bisection ended inside the right second.
    pairs.push(Math.round(high / 60000) * 60000, after);
    offset = after;
  }
  const name = new TextEncoder().encode(`${zone}\0`);
  const start = Math.ceil(name.length / 8) * 8;
  const bytes = new Uint8Array(start + pairs.length * 8);
  bytes.set(name);
  bytes.set(new Uint8Array(Float64Array.from(pairs).buffer), start);
  return bytes;
}

/** "Europe/Amsterdam" -> "Amsterdam". */
export const cityOf = (zone) => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');

/** Every zone the browser knows with a label a visitor can search, as sw_zones takes it: "Area/City\0label\0". */
export function zoneList(locale, now) {
  const names = new Set(Intl.supportedValuesOf?.('timeZone') ?? []);
  names.add(browserZone());
  names.add('UTC');
  return [...names]
    .map((name) => {
      const format = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'shortOffset' });
      const offset = format.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';
      const area = name.includes('/') ? `, ${name.slice(0, name.indexOf('/'))}` : '';
      return { name, label: `${cityOf(name)}${area} (${offset})` };
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale))
    .map(({ name, label }) => `${name}\0${label}\0`)
    .join('');
}
