// The list of time zones and the search in it, loaded when a visitor opens the list. All names come from the browser (Intl), in
// the visitor's language and in English.

/** Normalised for search: no accents, lower case, separate words. */
const folded = (text) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}+\-:\u2212]+/gu, ' ').replaceAll('\u2212', '-').trim();

const nameAt = (locale, timeZone, ms, timeZoneName) =>
  new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** Country names of each zone, if the browser knows them (getTimeZones is not in all browsers yet). */
function countriesByZone(locale, zoneFrom) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const names = [locale, 'en'].map((one) => new Intl.DisplayNames(one, { type: 'region', fallback: 'none' }));
  for (const region of letters.flatMap((first) => letters.map((second) => first + second))) {
    const place = /** @type {any} */ (new Intl.Locale(`und-${region}`));
    const zones = place.getTimeZones?.() ?? place.timeZones ?? [];
    if (!zones.length) continue;
    const words = names.map((one) => one.of(region) ?? '').join(' ');
    for (const zone of zones) {
      const name = zoneFrom(zone) ?? zone;
      found.set(name, `${found.get(name) ?? ''} ${words}`);
    }
  }
  return found;
}

/**
 * @param {object} given
 * @param {string} given.locale
 * @param {number} given.now
 * @param {string} given.zone the one in use
 * @param {(text: string) => string | undefined} given.zoneFrom
 * @param {(zone: string) => string} given.cityOf
 * @param {string} given.renamed
 * @returns {(text: string) => string} the matches in the format of sw_zones: "Area/City\0label\0"
 */
export function createZones({ locale, now, zone, zoneFrom, cityOf, renamed }) {
  const names = new Set([...(Intl.supportedValuesOf?.('timeZone') ?? []), zone, 'UTC'].map(zoneFrom).filter(Boolean));
  const former = (name) => [...renamed.matchAll(/(\w+):(\S+)/g)].filter(([, , now]) => name.endsWith(now)).map(([, old]) => old).join(' ');
  const all = [...names]
    .map((name) => {
      const offset = nameAt('en', name, now, 'longOffset').replace('GMT', '') || '+00:00';
      const area = name.includes('/') ? `, ${name.slice(0, name.indexOf('/'))}` : '';
      return { name, offset, label: `${cityOf(name)}${area} (${nameAt(locale, name, now, 'shortOffset')})`, words: '' };
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale));

  /** Computed at the first search: zone names take a browser a while. */
  function giveWords() {
    if (all[0].words) return;
    const countries = countriesByZone(locale, zoneFrom);
    const year = new Date(now).getUTCFullYear();
    for (const one of all) {
      const english = [0, 6].map((month) => nameAt('en', one.name, Date.UTC(year, month, 15), 'long'));
      // "Pacific Standard Time" gives PST, "Central European Standard Time" gives CET.
      const short = english.flatMap((name) => [name, name.replace('Standard ', '')]).map((name) => name.replace(/\W*(\w)\w*/g, '$1'));
      const own = ['long', 'longGeneric', 'shortGeneric'].map((style) => nameAt(locale, one.name, now, style));
      one.words = ` ${folded([one.name, former(one.name), one.label, countries.get(one.name) ?? '', ...english, ...short, ...own].join(' '))}`;
    }
  }

  // "UTC+2", "gmt -3:30", "+05:30"
  function offsetIn(text) {
    const [, sign, hours, minutes = '0'] = /^(?:utc|gmt)? ?([+-]) ?(\d{1,2}):?(\d\d)?$/.exec(text) ?? [];
    return sign && `${sign}${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`;
  }

  return (text) => {
    const wanted = folded(text);
    let found = all;
    if (wanted) {
      giveWords();
      const offset = offsetIn(wanted);
      const parts = wanted.split(' ');
      const having = (before) => all.filter(({ words }) => parts.every((part) => words.includes(before + part)));
      found = offset ? all.filter((one) => one.offset === offset) : having(' ');
      if (!found.length) found = having('');
    }
    return found.map(({ name, label }) => `${name}\0${label}\0`).join('');
  };
}
