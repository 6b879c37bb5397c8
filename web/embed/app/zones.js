// Time zones from the browser's own data, so that a zone whose rules changed last month is right.

const day = 86400000;
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** A browser takes long to make one. Throws RangeError for a zone it does not know. */
function formatIn(timeZone) {
  let format = formats.get(timeZone);
  if (!format) formats.set(timeZone, (format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })));
  return format;
}

const localZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Seconds east of UTC in `zone` at an instant. */
function offsetAt(zone, ms) {
  const found = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(formatIn(zone).format(ms).replace('\u2212', '-'));
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (found[2] * 3600 + found[3] * 60 + Number(found[4] ?? 0));
}

// What browsers still call by names that the tz database has given up. See web/embed/zones for how they are found by both.
export const renamed =
  'Asmera:Asmara Buenos_Aires:Argentina/Buenos_Aires Catamarca:Argentina/Catamarca Coral_Harbour:Atikokan Cordoba:Argentina/Cordoba ' +
  'Godthab:Nuuk Indianapolis:Indiana/Indianapolis Jujuy:Argentina/Jujuy Louisville:Kentucky/Louisville Mendoza:Argentina/Mendoza ' +
  'Calcutta:Kolkata Katmandu:Kathmandu Rangoon:Yangon Saigon:Ho_Chi_Minh Faeroe:Faroe Kiev:Kyiv Enderbury:Kanton Ponape:Pohnpei ' +
  'Truk:Chuuk';

/**
 * A zone by today's IANA name, however it was written.
 * @returns {string | undefined} undefined: the browser knows no zone of this name; an offset is none
 */
export function zoneFrom(text) {
  const resolved = (timeZone) => {
    try {
      return formatIn(timeZone.trim()).resolvedOptions().timeZone;
    } catch {
      return '';
    }
  };
  if (!text) return undefined;
  const name = resolved(text);
  if (!/^[A-Z]/.test(name) || name === 'Etc/Unknown') return undefined;
  const [, area, city] = /^(\w+\/)([\w-]+)$/.exec(name) ?? [];
  const [, now] = new RegExp(`\\b${city}:(\\S+)`).exec(renamed) ?? [];
  // A browser that is too old for it knows the former name only.
  return now && resolved(area + now) ? area + now : name;
}

export const browserZone = () => zoneFrom(localZone()) || 'UTC';

/**
 * Seconds east of UTC at an instant, and from each change before `end` on.
 * @returns {number[]} 0, offset, then instant, offset for each change
 */
export function offsetsOf(zone, at, end) {
  // Dates know the browser's own zone, and say its offsets a hundred times faster than Intl.
  const isLocal = formatIn(zone).resolvedOptions().timeZone === localZone();
  const offsetOf = (ms) => (isLocal ? 0 - 60 * new Date(ms).getTimezoneOffset() : offsetAt(zone, ms));
  let offset = offsetOf(at);
  const pairs = [0, offset];
  // Two weeks: shorter than any stretch between two changes (Morocco's Ramadan clock lasts five).
  for (let next = at + 14 * day; at < end; at = next, next += 14 * day) {
    const after = offsetOf(next);
    if (after === offset) continue;
    let low = at;
    let high = next;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2);
      if (offsetOf(middle) === offset) low = middle;
      else high = middle;
    }
    // Changes fall on whole minutes; the bisection ended inside the right second.
    pairs.push(Math.round(high / 60000) * 60000, after);
    offset = after;
  }
  return pairs;
}

/**
 * The zone's table from a month before `now` to two years after it, as sw_zone takes it.
 * @returns {Uint8Array}
 */
export function zoneTable(zone, now) {
  const pairs = offsetsOf(zone, now - 32 * day, now + 731 * day);
  const name = new TextEncoder().encode(`${zone}\0`);
  const start = Math.ceil(name.length / 8) * 8;
  const bytes = new Uint8Array(start + pairs.length * 8);
  bytes.set(name);
  bytes.set(new Uint8Array(Float64Array.from(pairs).buffer), start);
  return bytes;
}

/** "Europe/Amsterdam" -> "Amsterdam". */
export const cityOf = (zone) => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
