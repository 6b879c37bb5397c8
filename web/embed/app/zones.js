// Time zones from the browser's own data, so that recently changed rules are right.

const day = 86400000;
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** Cached, because creating one is slow in browsers. Throws RangeError for an unknown zone. */
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

// Zones that browsers still call by names the tz database has replaced, as old:new. web/embed/zones finds them by both.
export const renamed =
  'Asmera:Asmara Buenos_Aires:Argentina/Buenos_Aires Catamarca:Argentina/Catamarca Coral_Harbour:Atikokan Cordoba:Argentina/Cordoba ' +
  'Godthab:Nuuk Indianapolis:Indiana/Indianapolis Jujuy:Argentina/Jujuy Louisville:Kentucky/Louisville Mendoza:Argentina/Mendoza ' +
  'Calcutta:Kolkata Katmandu:Kathmandu Rangoon:Yangon Saigon:Ho_Chi_Minh Faeroe:Faroe Kiev:Kyiv Enderbury:Kanton Ponape:Pohnpei ' +
  'Truk:Chuuk';

/**
 * A zone by today's IANA name, whichever name is given.
 * @returns {string | undefined} undefined: the browser knows no zone of this name; an offset is not a zone
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
  // An older browser knows only the former name.
  return now && resolved(area + now) ? area + now : name;
}

export const browserZone = () => zoneFrom(localZone()) || 'UTC';

/**
 * The offset in seconds east of UTC at an instant, and after each change before `end`.
 * @returns {number[]} 0, offset, then instant in ms, offset for each change
 */
export function offsetsOf(zone, at, end) {
  // Date returns offsets in the browser's own zone a hundred times faster than Intl.
  const isLocal = formatIn(zone).resolvedOptions().timeZone === localZone();
  const offsetOf = (ms) => (isLocal ? 0 - 60 * new Date(ms).getTimezoneOffset() : offsetAt(zone, ms));
  let offset = offsetOf(at);
  const pairs = [0, offset];
  // Steps of two weeks: shorter than any period between two changes (Morocco's Ramadan time lasts five weeks).
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
 * The zone's offsets from a month before `now` to two years after it, in the format of sw_zone.
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
