#!/usr/bin/env node
// Writes the texts of pages and mails in each language as C++: node proxy/pages/languages.mjs OUT.cpp
//  Words come from the widget (web/embed/words); dates, clocks, lengths and ages come from Intl, as in the widget.
import { readdir, writeFile } from 'node:fs/promises';

const folder = new URL('../../web/embed/words/', import.meta.url);
const spoken = (await readdir(folder)).map((name) => name.replace('.js', '')).sort();

const rightToLeft = /^(ar|fa|he|ur)$/;
// Replaces spaces that mail programs and text files do not support.
const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f]/g, '');
const quoted = (text) => JSON.stringify(plain(text));
const list = (texts) => `{${texts.map(quoted).join(', ')}}`;
// The letters of Plural in language.h.
const letters = { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'x' };
const some = [...Array(200).keys()];

/** A date as a pattern: "{w}, {m} {d}". Some languages write something to the month's number instead of a name. */
function pattern(format, holes) {
  return format.formatToParts(Date.UTC(2026, 0, 6, 9, 5)).map(({ type, value }) => (holes[type] ? `{${holes[type]}}` : value)).join('');
}

function facts(tag) {
  const utc = (options) => new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
  const day = utc({ weekday: 'long', month: 'long', day: 'numeric' });
  const part = (format, at, wanted) => format.formatToParts(at).find(({ type }) => type === wanted).value;
  const hasHalves = Boolean(utc({ hour: 'numeric' }).resolvedOptions().hour12);
  const clock = utc(hasHalves ? { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const holes = { weekday: 'w', month: 'm', day: 'd', year: 'y', hour: 'h', minute: 'n', dayPeriod: 'p' };
  const number = new Intl.NumberFormat(tag, { useGrouping: false });
  const plurals = new Intl.PluralRules(tag);
  return {
    hasHalves,
    halves: hasHalves ? [9, 21].map((hour) => part(clock, Date.UTC(2026, 0, 6, hour), 'dayPeriod')) : ['', ''],
    months: [...Array(12).keys()].map((month) => part(day, Date.UTC(2026, month, 15), 'month')),
    weekdays: [...Array(7).keys()].map((weekday) => part(day, Date.UTC(2023, 0, 1 + weekday), 'weekday')),
    day: pattern(day, holes),
    date: pattern(utc({ month: 'long', day: 'numeric', year: 'numeric' }), holes),
    clock: pattern(clock, holes),
    digits: [...Array(10).keys()].map((digit) => number.format(digit)),
    plurals: some.map((n) => letters[plurals.select(n)]).join(''),
    counted: Object.fromEntries(['minute', 'hour', 'day'].flatMap((unit) => {
      const length = new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' });
      const age = new Intl.RelativeTimeFormat(tag);
      const forms = (write) => Object.fromEntries(some.map((n) => [plurals.select(n), n]).map(([form, n]) => [form, write(n)]));
      const hole = (parts, type) => parts.map((one) => (one.type === type ? '{0}' : one.value)).join('');
      return [
        [`length-${unit}`, forms((n) => hole(length.formatToParts(n), 'integer'))],
        [`ago-${unit}`, forms((n) => hole(age.formatToParts(-n, unit), 'integer'))],
      ];
    })),
  };
}

function rows(words) {
  return Object.entries(words).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, 'x', text]] : Object.entries(text).map(([form, bent]) => [key, letters[form], bent]));
}

let out = '// Made by proxy/pages/languages.mjs: change that, or web/embed/words.\n#include "proxy/pages/language.h"\n\nnamespace slotwire::pages {\nnamespace {\n\n';
const made = [];
for (const tag of spoken) {
  const { default: widget, page } = await import(new URL(`${tag}.js`, folder));
  const { counted, ...language } = facts(tag);
  out += `constexpr Message k_${tag}[] = {\n`;
  for (const [key, form, text] of rows({ ...widget, ...page, ...counted })) out += `    {${quoted(key)}, '${form}', ${quoted(text)}},\n`;
  out += '};\n';
  made.push(
    `    {${quoted(tag)}, ${rightToLeft.test(tag)}, ${language.hasHalves}, ${list(language.halves)}, ${list(language.months)},\n     ` +
    `${list(language.weekdays)},\n     ${quoted(language.day)}, ${quoted(language.date)}, ${quoted(language.clock)}, ${list(language.digits)},\n     ` +
    `${quoted(language.plurals)}, k_${tag}},`);
}
out += `\nconstexpr Language kLanguages[] = {\n${made.join('\n')}\n};\n\n}  // namespace\n\n` +
  'std::span<const Language> languages() { return kLanguages; }\n\n}  // namespace slotwire::pages\n';
await writeFile(process.argv[2], out);
