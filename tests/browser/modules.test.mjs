// The page's modules that need no page: zone tables, packed answers, booking links, texts.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { attributesFrom } from '../../packages/slotwire/attributes.js';
import { bookingLink } from '../../web/embed/dialogs/booking_link.js';
import { messagesFor } from '../../web/embed/app/messages.js';
import { packedFromSlots, textFromEventTypes } from '../../web/embed/app/packed.js';
import { createWords, localeFacts } from '../../web/embed/app/words.js';
import { zoneFrom, zoneTable } from '../../web/embed/app/zones.js';
import { optionsFromCalendly } from '../../web/embed/calendly/calendly.js';
import englishTable, { form as formEnglish } from '../../web/embed/words/en.js';
import { trackingFrom } from '../../web/embed/form/form.js';
import { createSender } from '../../web/embed/form/send.js';
import { calendarText } from '../../web/embed/dialogs/calendar_file.js';
import { repository } from './harness.mjs';

const now = Date.UTC(2026, 0, 15);

function readTable(bytes) {
  const nameLength = bytes.indexOf(0);
  const start = Math.ceil((nameLength + 1) / 8) * 8;
  const pairs = new Float64Array(bytes.slice(start).buffer);
  return {
    name: new TextDecoder().decode(bytes.slice(0, nameLength)),
    offsetAt(ms) {
      let offset = pairs[1];
      for (let at = 2; at < pairs.length; at += 2) if (pairs[at] <= ms) offset = pairs[at + 1];
      return offset;
    },
    changes: [...pairs].filter((_, i) => i > 1 && i % 2 === 0),
  };
}

// Local time from the browser's date fields instead of its offset names: an independent way to compute the offset.
function wallOffset(zone, ms) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    }).formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
  );
  return (Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - ms) / 1000;
}

test('zoneTable: agrees with the wall clock on every day of two years, and around each change', () => {
  for (const zone of [
    'Europe/Amsterdam', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca',
    'America/Vancouver', 'Pacific/Chatham', 'Pacific/Apia', 'UTC',
  ]) {
    const table = readTable(zoneTable(zone, now));
    assert.equal(table.name, zone);
    for (let ms = now - 31 * 86400000; ms < now + 730 * 86400000; ms += 86400000 / 4) {
      assert.equal(table.offsetAt(ms), wallOffset(zone, ms), `${zone} at ${new Date(ms).toISOString()}`);
    }
    for (const at of table.changes) {
      for (const ms of [at - 1000, at, at + 1000]) {
        assert.equal(table.offsetAt(ms), wallOffset(zone, ms), `${zone} at ${new Date(ms).toISOString()}`);
      }
    }
  }
});

// For the browser's own zone the code uses Date, which is a hundred times faster.
test('zoneTable: says the same of a zone whether it is the browser\'s own or not', () => {
  const { TZ } = process.env;
  try {
    for (const zone of ['Europe/Amsterdam', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca', 'America/Vancouver', 'UTC']) {
      process.env.TZ = zone === 'UTC' ? 'Asia/Tokyo' : 'UTC';
      const elsewhere = zoneTable(zone, now);
      process.env.TZ = zone;
      assert.deepEqual(zoneTable(zone, now), elsewhere, zone);
    }
  } finally {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
});

// "america/new_york" showed times, but every booking was refused; so was an offset, which is not a zone.
test('zoneFrom: the canonical name of today however it was written, and nothing for what is no zone', () => {
  const rows = {
    'Asia/Tokyo': 'Asia/Tokyo', 'america/new_york': 'America/New_York', utc: 'UTC', 'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Kolkata': 'Asia/Kolkata',
    'Europe/Kiev': 'Europe/Kyiv', 'asia/katmandu': 'Asia/Kathmandu', 'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
    'America/Argentina/Buenos_Aires': 'America/Argentina/Buenos_Aires', 'America/Cordoba': 'America/Argentina/Cordoba',
  };
  for (const [given, name] of Object.entries(rows)) assert.equal(zoneFrom(given), name, given);
  for (const wrong of ['Mars/Olympus', '', undefined, 'Europe/', '+05:30', '-08:00', 'Etc/Unknown']) assert.equal(zoneFrom(wrong), undefined, String(wrong));
});

test('packedFromSlots: an answer larger than the first buffer keeps every byte', () => {
  const slots = Array.from({ length: 10000 }, (_, i) => ({
    start: new Date(now + i * 1800000).toISOString(), inviteesRemaining: i % 7, schedulingUrl: `https://calendly.com/acme/${i}/é`,
  }));
  const bytes = packedFromSlots({
    eventTypeUri: 'u', eventTypeName: 'n', profileName: 'Ada', description: ' One \n\n two\n', duration: 30, cached: true, stale: false, complete: true, slots,
    windows: [{ start: '2026-01-15', end: '2026-01-21', source: 'stale', fetchedAt: '2026-01-15T00:00:00Z', error: { code: 'calendar_error' } }],
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const u32 = () => view.getUint32((at += 4) - 4, true);
  const str = () => {
    const length = u32();
    return new TextDecoder().decode(bytes.subarray(at, (at += length)));
  };
  assert.equal(u32(), 0x33535753);
  assert.deepEqual([str(), str(), str(), str(), u32(), view.getUint8(at++)], ['n', 'Ada', '', 'One\ntwo', 30, 5]);
  assert.deepEqual([u32(), str(), str(), u32(), u32()], [1, 'u', 'n', 30, 1]);
  assert.deepEqual([view.getInt32(at, true), view.getInt32(at + 4, true), view.getUint8(at + 8), view.getFloat64(at + 9, true)],
    [now / 86400000, now / 86400000 + 6, 2, now]);
  at += 17;
  assert.equal(str(), 'calendar_error');
  assert.equal(u32(), slots.length);
  for (const slot of slots) {
    assert.equal(view.getFloat64(at, true), Date.parse(slot.start));
    at += 8;
    assert.equal(u32(), slot.inviteesRemaining);
    assert.equal(view.getUint8(at++), 0);
    assert.equal(str(), slot.schedulingUrl);
  }
  assert.equal(at, bytes.length);
});

test('textFromEventTypes: eleven fields for each, and a zero in a name cannot shift them', () => {
  const fields = textFromEventTypes({ mode: 'pat', eventTypes: [{ uri: 'u', name: 'a\0b', duration: 30, durationOptions: [15, 30] }] }).split('\0');
  assert.deepEqual(fields, ['pat', 'u', '', 'ab', '30', '', '', '', '15,30', '', '', '', '']);
});

test('attributesFrom: lists are written with commas, days as days, the rest of what is an object as JSON', () => {
  assert.deepEqual(
    attributesFrom({ eventType: ['sales', 'support'], guests: ['a@b.c'], prefill: { name: 'Ada' }, anyOf: 'order', date: new Date(2026, 0, 6, 23), onBooked() {}, hour12: null }),
    { 'event-type': 'sales,support', guests: 'a@b.c', prefill: '{"name":"Ada"}', 'any-of': 'order', date: '2026-01-06' },
  );
});

test('bookingLink: adds to the slot\'s own query, by Calendly\'s names', () => {
  const slot = 'https://calendly.com/acme/30min/2026-01-06T14:00:00Z?month=2026-01&date=2026-01-06';
  const url = new URL(bookingLink(slot, {
    prefill: { name: 'Ada & Co', firstName: 'Ada', lastName: 'L', email: 'a+b@example.com', guests: ['x@example.com', 'y@example.com'], customAnswers: { a1: '1', bad: '2' }, date: '2030-01-01' },
    utm: JSON.stringify({ utmCampaign: 'x'.repeat(300), utmSource: 's', salesforce_uuid: 'id', other: 'no' }),
  }));
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    month: '2026-01', date: '2026-01-06', name: 'Ada & Co', first_name: 'Ada', last_name: 'L', email: 'a+b@example.com',
    guests: 'x@example.com,y@example.com', a1: '1', utm_campaign: 'x'.repeat(255), utm_source: 's', salesforce_uuid: 'id',
  });
  const guests = (given) => new URL(bookingLink(slot, given)).searchParams.get('guests');
  assert.deepEqual([guests({ guests: 'a@b.c,d@e.f' }), guests({ guests: ['a@b.c', 'd@e.f'] }), guests({ guests: 'false' }), guests({ guests: false })], ['a@b.c,d@e.f', 'a@b.c,d@e.f', null, null]);
  assert.equal(guests({ guests: 'a@b.c', prefill: { guests: ['typed@b.c'] } }), 'typed@b.c', 'what the visitor typed says more');
  assert.equal(new URL(bookingLink(slot, { prefill: 'name=Ada', utm: 'utm_source=s' })).searchParams.get('utm_source'), 's');
  // A time in New York's evening has the next day in Calendly's link, which is in UTC: Calendly's page would show a day without it.
  const late = new URL(bookingLink('https://calendly.com/acme/30min/2026-02-01T02:00:00Z?month=2026-02&date=2026-02-01', { timezone: 'America/New_York' }));
  assert.deepEqual(['date', 'month'].map((name) => late.searchParams.get(name)), ['2026-01-31', '2026-01']);
  const undated = 'https://calendly.com/acme/30min?date=2026-02-01';
  assert.equal(new URL(bookingLink(undated, { timezone: 'America/New_York' })).searchParams.get('date'), '2026-02-01');
  assert.equal(bookingLink('https://calendly.com/%E0%A4%A/2026-02-01T02:00:00Z', {}), 'https://calendly.com/%E0%A4%A/2026-02-01T02:00:00Z');
  for (const wrong of ['javascript:alert(1)', 'data:text/html,x', '', undefined, '//']) assert.equal(bookingLink(wrong, {}), null);
});

test('messages: English has the keys that the widget asks for', async () => {
  const header = await readFile(join(repository, 'web/model/words.h'), 'utf8');
  const asked = [...header.matchAll(/\{"([a-z0-9-]+)",\s*"((?:[^"\\]|\\.)*)"\}/g)];
  assert.ok(asked.length > 30);
  // Texts that the model uses after a booking by the form are loaded with the form's.
  const english = { ...englishTable, ...formEnglish };
  for (const [, key, text] of asked) assert.equal(english[key], text, key);
});

test('messages: a site\'s own words win, then the language\'s', () => {
  const own = { nl: { 'book-now': 'Boek nu' }, 'nl-BE': { retry: 'Nog eens' } };
  const words = messagesFor('nl-BE', own, { 'book-now': 'Nu boeken', 'next-month': 'Volgende maand', retry: 'Opnieuw' });
  assert.equal(words['book-now'], 'Boek nu');
  assert.equal(words.retry, 'Nog eens');
  assert.equal(words['next-month'], 'Volgende maand');
});

const modules = await Promise.all(
  (await readdir(join(repository, 'web/embed/words'))).map(async (name) => [name.replace('.js', ''), await import(`../../web/embed/words/${name}`)]),
);
const tables = modules.map(([language, module]) => [language, module.default]);

const tablesOf = (part) => modules.map(([language, module]) => [language, module[part]]);
for (const [what, found] of [['the widget', tables], ['the form', tablesOf('form')], ['the dialogs', tablesOf('dialogs')], ['the pages', tablesOf('page')]]) {
  test(`messages: every language has every key of ${what} with the same placeholders, and a form for each of its plurals`, () => {
    const english = Object.fromEntries(found).en;
    const holes = (text) => [...text.matchAll(/\{\d\}/g)].map(String).sort();
    assert.deepEqual(found.map(([language]) => language).sort(), ['ar', 'de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'nl', 'pt']);
    for (const [language, table] of found) {
      assert.deepEqual(Object.keys(table).sort(), Object.keys(english).sort(), language);
      for (const [key, text] of Object.entries(table)) {
        const name = `${language}: ${key}`;
        if (typeof text === 'string') {
          assert.ok(text.trim(), name);
          assert.deepEqual(holes(text), holes(english[key]), name);
          continue;
        }
        const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
        for (const form of pluralCategories) assert.ok(text[form], `${name}: ${form}`);
        for (const form of Object.keys(text)) assert.ok(form === 'zero' || pluralCategories.includes(form), `${name}: ${form} is never asked for`);
        assert.ok(text.other.includes('{0}'), name);
      }
      if (language === 'en') continue;
      // Half of the languages write "30 min" the same way.
      const same = Object.keys(table).filter((key) => key !== 'min' && table[key] === english[key] && /[a-z]{3}/i.test(table[key]));
      assert.deepEqual(same, [], `${language}: left in English`);
    }
  });
}

test('words: plurals bend by the language\'s own rules', () => {
  const of = (language, count) => createWords(language, messagesFor(language, {}, Object.fromEntries(tables)[language]), () => 'UTC').word(16, count, 0);
  assert.deepEqual([0, 1, 2, 5, 11].map((count) => of('ar', count).replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)),
    ['لا أوقات متاحة', 'وقت متاح واحد', 'وقتان متاحان', '5 أوقات متاحة', '11 وقتًا متاحًا']);
  assert.deepEqual([0, 1, 2].map((count) => of('fr', count)), ['aucun horaire libre', '1 horaire libre', '2 horaires libres']);
  assert.deepEqual([1, 2].map((count) => of('de', count)), ['1 freie Zeit', '2 freie Zeiten']);
  assert.equal(of('ja', 3), '空き時間3件');
});

test('form: where a visitor came from, by the proxy\'s names', () => {
  assert.deepEqual(trackingFrom({ utmSource: 'mail', utmCampaign: 'x'.repeat(300), salesforce_uuid: 'id', other: 'no', utmTerm: '' }), {
    utmSource: 'mail', utmCampaign: 'x'.repeat(255), salesforceUuid: 'id',
  });
  assert.deepEqual(trackingFrom('utm_source=mail&utm_medium=web'), { utmSource: 'mail', utmMedium: 'web' });
  assert.equal(trackingFrom(undefined), undefined);
});

test('calendly: options from its urls, prefill, utm and settings', () => {
  assert.deepEqual(
    optionsFromCalendly({
      url: 'https://calendly.com/acme/30min?primary_color=0f7b6c&text_color=%23333333&hide_gdpr_banner=1&month=2026-03&name=Ada&a2=no&utm_source=mail&timezone=Asia%2FTokyo',
      prefill: { email: 'ada@example.com', customAnswers: { a1: 'yes' } },
      utm: { utmCampaign: 'spring' },
    }),
    {
      'event-type': 'https://calendly.com/acme/30min', 'primary-color': '#0f7b6c', 'text-color': '#333333', date: '2026-03-01', timezone: 'Asia/Tokyo',
      prefill: { email: 'ada@example.com', name: 'Ada', customAnswers: { a1: 'yes', a2: 'no' } },
      utm: { utmCampaign: 'spring', utmSource: 'mail' },
    },
  );
  // The whole link is used; a broken link showed the list of all event types too.
  const typeOf = (url) => optionsFromCalendly({ url })['event-type'];
  assert.equal(typeOf('https://calendly.com/acme'), 'https://calendly.com/acme');
  assert.equal(typeOf('calendly.com/acme/30min?x=1'), 'https://calendly.com/acme/30min');
  assert.equal(typeOf('/acme/30min'), 'https://calendly.com/acme/30min');
  assert.equal(typeOf('https://calendly.com/acme/30%min'), 'https://calendly.com/acme/30%min');
  assert.equal(typeOf('https://calendly.com/d/abcd-efg/intro/'), 'https://calendly.com/d/abcd-efg/intro/');
  assert.equal(optionsFromCalendly({ url: 'https://calendly.com/acme/30min/2026-12-01T20:00:00Z?month=2020-01&date=2020-01-02' }).date, undefined);
  assert.equal(optionsFromCalendly({ url: 'https://calendly.com/acme/30min?date=2026-03-04&month=2026-03' }).date, '2026-03-04');
  assert.deepEqual(optionsFromCalendly({ url: 'https://calendly.com/acme/30min?hide_event_type_details=1' }), { 'event-type': 'https://calendly.com/acme/30min', 'hide-details': true });
  assert.deepEqual(optionsFromCalendly({ url: 'http://[' }), { 'event-type': 'http://[' });
  assert.deepEqual(optionsFromCalendly({}), {});
});

// With Prototype 1.6 in the page, arrays were sent as text, and the proxy refused every booking.
test('send: lists stay lists where a page has given arrays a toJSON', async () => {
  const { fetch } = globalThis;
  let body = '';
  Object.defineProperty(Array.prototype, 'toJSON', { configurable: true, value() { return 'text'; } });
  globalThis.fetch = async (url, init) => {
    body = init.body;
    return new Response('{"success":true,"data":{"ok":1}}');
  };
  try {
    await createSender('http://proxy').send({ answers: [{ position: 0, answer: 'a' }], guests: ['b'], more: { none: [] } });
  } finally {
    delete Array.prototype.toJSON;
    globalThis.fetch = fetch;
  }
  assert.equal(body, '{"answers":[{"position":0,"answer":"a"}],"guests":["b"],"more":{"none":[]}}');
});

test('calendar file: lines fold at 75 bytes inside no character, and text is escaped', () => {
  const title = `Beratung; "x", y\\z\n${'é'.repeat(60)}`;
  const text = calendarText({ start: Date.UTC(2026, 0, 6, 14), end: Date.UTC(2026, 0, 6, 14, 30), title, about: 'Reschedule: https://calendly.com/a?b=c,d\nx', uid: 'u1' }, Date.UTC(2026, 0, 1));
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  assert.ok(!text.includes('\ufffd'));
  const lines = text.replaceAll('\r\n ', '').split('\r\n');
  assert.equal(lines[0], 'BEGIN:VCALENDAR');
  assert.ok(lines.includes('DTSTART:20260106T140000Z'));
  assert.ok(lines.includes('DTEND:20260106T143000Z'));
  assert.ok(lines.includes('UID:u1'));
  assert.ok(lines.includes('DESCRIPTION:Reschedule: https://calendly.com/a?b=c\\,d\\nx'));
  assert.ok(lines.includes(`SUMMARY:Beratung\\; "x"\\, y\\\\z\\n${'é'.repeat(60)}`));
});

// For a meeting in person, a travelling visitor needs the local time of the place, not of the phone's zone.
test('calendar file: with a zone, times are the zone\'s own, and the file says what its clocks do around them', () => {
  for (const zone of ['Europe/Amsterdam', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/St_Johns', 'Asia/Tokyo', 'Pacific/Apia', 'Etc/GMT+5']) {
    for (let start = Date.UTC(2026, 0, 6, 3, 30); start < Date.UTC(2027, 0, 6); start += 13.25 * 86400000) {
      const end = start + 45 * 60000;
      const lines = calendarText({ start, end, title: 'x', zone }, now).split('\r\n');
      const value = (name) => lines.find((line) => line.startsWith(`${name};TZID=${zone}:`))?.split(':')[1];
      const asUtc = (wall) => Date.parse(wall.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6Z'));
      // As a calendar program computes it: the last change whose local time has passed, and its offset.
      const changes = [];
      for (const [i, line] of lines.entries()) {
        if (!/^BEGIN:(STANDARD|DAYLIGHT)$/.test(line)) continue;
        const [at, from, to, over] = lines.slice(i + 1, i + 5);
        assert.equal(over, line.replace('BEGIN', 'END'));
        const seconds = (text) => (text.includes('-') ? -1 : 1) * (text.slice(-4, -2) * 3600 + text.slice(-2) * 60);
        changes.push({ at: asUtc(at.split(':')[1]), from: seconds(from), to: seconds(to) });
      }
      assert.ok(changes.length && changes.length < 12, `${zone}: ${changes.length} changes`);
      const instant = (wall) => {
        const change = changes.filter(({ at }) => at <= asUtc(wall)).sort((a, b) => b.at - a.at)[0];
        return asUtc(wall) - change.to * 1000;
      };
      assert.equal(instant(value('DTSTART')), start, `${zone} ${new Date(start).toISOString()}`);
      assert.equal(instant(value('DTEND')), end, zone);
      for (const { at, from, to } of changes.filter((one) => one.at > 0)) {
        assert.equal(wallOffset(zone, at - from * 1000), to, zone);
        assert.equal(wallOffset(zone, at - from * 1000 - 1000), from, zone);
      }
    }
  }
});

test('calendar file: the hour that comes twice, and UTC itself, are said in UTC', () => {
  const of = (start, zone) => calendarText({ start, end: start + 1800000, title: 'x', zone }, now);
  // 02:30 in Amsterdam, before clocks are set back and after.
  assert.match(of(Date.UTC(2026, 9, 25, 0, 15), 'Europe/Amsterdam'), /DTSTART;TZID=Europe\/Amsterdam:20261025T021500/);
  for (const text of [of(Date.UTC(2026, 9, 25, 1, 15), 'Europe/Amsterdam'), of(Date.UTC(2026, 9, 25, 0, 45), 'Europe/Amsterdam')]) {
    assert.match(text, /DTSTART:20261025T0[01][14]500Z/);
    assert.doesNotMatch(text, /TZID/);
  }
  assert.match(of(Date.UTC(2026, 9, 25, 2, 0), 'Europe/Amsterdam'), /DTSTART;TZID=Europe\/Amsterdam:20261025T030000/);
  assert.match(of(Date.UTC(2026, 0, 6), 'UTC'), /DTSTART:20260106T000000Z/);
  assert.match(of(Date.UTC(2026, 0, 6), false), /DTSTART:20260106T000000Z/);
});

test('words: by locale and zone', () => {
  const english = createWords('en-US', englishTable, () => 'Europe/Amsterdam');
  const plain = (text) => text.replace(/[\u202f\u2009\u00a0]/g, ' ');
  const noon = Date.UTC(2026, 0, 6, 13);
  assert.equal(english.word(0, 2026, 1), 'January 2026');
  assert.equal(english.word(3, 1, 0), 'Monday');
  assert.equal(english.word(4, noon / 86400000, 0), 'Tuesday, January 6, 2026');
  assert.equal(plain(english.word(6, noon, 0)), '2:00 PM');
  assert.equal(english.word(7, noon, 0), '14:00');
  assert.equal(plain(english.word(8, noon, noon + 1800000)), '2:00 PM – 2:30 PM');
  assert.equal(english.word(10, noon, 0), 'Amsterdam (GMT+1)');
  assert.equal(english.word(13, 90, 0), '1 hr 30 min');
  assert.equal(english.word(14, 300, 0), '5 minutes ago');
  assert.deepEqual([0, 1, 3].map((count) => english.word(16, count, 0)), ['no free times', '1 free time', '3 free times']);
  assert.deepEqual(localeFacts('en-US'), { firstDay: 0, rightToLeft: false, hour12: true });
  assert.equal(localeFacts('ar-EG').rightToLeft, true);
  assert.equal(localeFacts('nl-NL').hour12, false);
});
