// What pages, links and answers bring to the widget's JavaScript, made up by fast-check: whatever comes, a reader gives something that can
// be used, and never more than was brought. SLOTWIRE_FUZZ_RUNS says how many of each (make fuzz: twenty thousand).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUSVString } from 'node:util';
import fc from 'fast-check';
import './crypto.mjs';
import { packedFromSlots, textFromEventTypes } from '../../../web/embed/app/packed.js';
import { optionsFromCalendly } from '../../../web/embed/calendly/calendly.js';
import { bookingLink, fieldsFrom } from '../../../web/embed/dialogs/booking_link.js';
import { calendarText } from '../../../web/embed/dialogs/calendar_file.js';
import { createSender } from '../../../web/embed/form/send.js';
import { optionNames, optionsFrom } from '../../../web/embed/loader/options.js';

const numRuns = Number(process.env.SLOTWIRE_FUZZ_RUNS ?? 300);
const hold = (...property) => fc.assert(fc.property(...property), { numRuns });

const prototypeBefore = Reflect.ownKeys(Object.prototype).join();
const isUntouched = () => assert.equal(Reflect.ownKeys(Object.prototype).join(), prototypeBefore, 'nothing is written where all objects look');

// Names that objects have without being given them are names like any other.
const oddNames = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];
const knownNames = [
  'name', 'first_name', 'last_name', 'email', 'guests', 'location', 'a1', 'a22', 'utm_source', 'utm_campaign', 'salesforce_uuid', 'month', 'date',
  'timezone', 'timezone_lock', 'hide_event_type_details', 'primary_color', 'text_color', 'background_color', 'hide_gdpr_banner',
];
const name = fc.oneof(fc.constantFrom(...knownNames, ...oddNames), fc.string({ maxLength: 12 }));
const text = fc.string({ unit: 'binary', maxLength: 30 });
const query = fc.array(fc.tuple(name, text), { maxLength: 8 }).map((pairs) => new URLSearchParams(pairs.map(([key, value]) => [key, value])).toString());
const path = fc.constantFrom('acme', 'acme/30min', 'acme/30min/2026-12-01T20:00:00Z', 'd/abcd-efg/intro', 'acme/30min/2026-12-01', '', '//evil.example/x');
const start = fc.constantFrom('https://calendly.com/', 'http://calendly.com/', 'calendly.com/', 'https://www.calendly.com/', '//calendly.com/', '/', 'javascript:alert(1)//', '');
const link = fc.oneof(
  fc.tuple(start, path, query).map(([before, middle, after]) => `${before}${middle}?${after}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  text,
);
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
// As a call gives it: what stands in an object of the page's own is texts and numbers, or it is the page's own mistake.
const plain = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
const fieldsOf = (one) => fc.dictionary(fc.oneof(name, fc.constantFrom('firstName', 'lastName', 'customAnswers', 'utmSource', 'utmTerm')), one, { maxKeys: 6 });
const fields = fieldsOf(plain);
const json = fieldsOf(value).map((all) => JSON.stringify(all));

test('optionsFromCalendly: whatever a link or a call carries, there are options of ours alone, and the address has no query', () => {
  hold(link, fields, fields, fields, (url, prefill, utm, pageSettings) => {
    const options = optionsFromCalendly({ url, prefill, utm, pageSettings });
    for (const [key, value] of Object.entries(options)) {
      assert.ok(optionNames.includes(key), `${key} is no option`);
      if (!['prefill', 'utm', 'date'].includes(key)) assert.ok(['string', 'boolean'].includes(typeof value), `${key} is ${typeof value}`);
    }
    if (URL.canParse(url)) assert.ok(!/[?#]/.test(options['event-type'] ?? ''));
    isUntouched();
  });
});

test('optionsFromCalendly: what a link says of a visitor is what the form is filled with', () => {
  const values = { name: 'name', first_name: 'firstName', last_name: 'lastName', email: 'email' };
  const said = fc.record(Object.fromEntries([...Object.keys(values), 'a1', 'a2', 'utm_source'].map((key) => [key, text.filter(Boolean).map(toUSVString)])), { requiredKeys: [] });
  hold(said, (given) => {
    const { prefill = {}, utm = {} } = optionsFromCalendly({ url: `https://calendly.com/acme/30min?${new URLSearchParams(given)}` });
    for (const [key, ours] of Object.entries(values)) assert.equal(prefill[ours], given[key]);
    for (const key of ['a1', 'a2']) assert.equal(prefill.customAnswers?.[key], given[key]);
    assert.equal(utm.utmSource, given.utm_source);
  });
});

test('optionsFrom: a page is an address of the web, or none', () => {
  hold(fc.oneof(link, fc.constantFrom(null, undefined)), fields, (given, others) => {
    const options = optionsFrom({ ...others, eventType: given });
    assert.ok(options.page === null || /^https?:\/\/[^/]/.test(options.page), options.page);
    assert.ok(options.owner === null || options.owner === options.page);
    isUntouched();
  });
});

test('fieldsFrom: an object, JSON or a query, and nothing else', () => {
  hold(fc.oneof(text, fields, json, query, fc.jsonValue(), fc.constantFrom(null, undefined, 5, true)), (value) => {
    const read = fieldsFrom(value);
    assert.equal(typeof read, 'object');
    assert.notEqual(read, null);
    isUntouched();
  });
});

test('bookingLink: to the page of the slot, whatever a site knows of its visitor', () => {
  const known = fc.oneof(fields, json, query, text, fc.constant(undefined));
  const slot = fc.tuple(path, query).map(([middle, after]) => `https://calendly.com/${middle.replace(/^\/+/, '')}?${after}`);
  hold(slot, known, known, fc.constantFrom('Europe/Berlin', 'UTC', undefined), fc.oneof(text, fc.constantFrom('false', undefined)), (url, prefill, utm, timezone, guests) => {
    const made = new URL(bookingLink(url, { prefill, utm, timezone, guests }));
    const from = new URL(url);
    assert.equal(made.origin + made.pathname + made.hash, from.origin + from.pathname + from.hash);
    if (timezone) assert.deepEqual(made.searchParams.getAll('timezone'), [timezone]);
    isUntouched();
  });
  hold(link, fields, (url, prefill) => {
    const made = bookingLink(url, { prefill });
    assert.ok(made === null || /^https?:/.test(made), made);
  });
});

/** As shared/wire_packed.h has it, read by nothing that wrote it. */
function unpacked(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  let at = 0;
  const take = (size) => (at += size) - size;
  const u8 = () => view.getUint8(take(1));
  const u32 = () => view.getUint32(take(4), true);
  const i32 = () => view.getInt32(take(4), true);
  const f64 = () => view.getFloat64(take(8), true);
  const str = () => {
    const size = u32();
    return decoder.decode(bytes.subarray(take(size), at));
  };
  const list = (item) => Array.from({ length: u32() }, item);
  assert.equal(u32(), 0x33535753);
  const answer = { eventTypeName: str(), profileName: str(), locationKind: str(), description: str(), duration: u32(), flags: u8() };
  answer.types = list(() => ({ uri: str(), name: str(), duration: u32() }));
  answer.windows = list(() => ({ first: i32(), last: i32(), source: u8(), fetchedAt: f64(), error: str() }));
  answer.slots = list(() => ({ start: f64(), places: u32(), of: u8(), url: str() }));
  assert.equal(at, bytes.length, 'nothing stands behind the last slot');
  return answer;
}

test('packedFromSlots: what is packed is read again as it was', () => {
  const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
  const day = instant.map((value) => value.slice(0, 10));
  const answer = fc.record({
    eventTypeUri: text, eventTypeName: text, profileName: fc.option(text), locationKind: text, description: fc.option(text), duration: fc.nat(1440),
    cached: fc.boolean(), stale: fc.boolean(), complete: fc.boolean(),
    windows: fc.array(fc.record({ start: day, end: day, source: fc.oneof(fc.constantFrom('cache', 'upstream', 'stale', 'failed', ...oddNames), text), fetchedAt: fc.option(instant), error: fc.option(text) }), { maxLength: 5 }),
    slots: fc.array(fc.record({ start: instant, inviteesRemaining: fc.option(fc.nat(1000)), schedulingUrl: text }), { maxLength: 20 }),
  });
  hold(answer, (data) => {
    const read = unpacked(packedFromSlots(data));
    const told = (value) => toUSVString(value ?? '');
    assert.equal(read.eventTypeName, told(data.eventTypeName));
    assert.equal(read.duration, data.duration);
    assert.equal(read.flags, Number(data.cached) + 2 * Number(data.stale) + 4 * Number(data.complete));
    assert.equal(read.windows.length, data.windows.length);
    for (const [i, { source, fetchedAt, error }] of data.windows.entries()) {
      assert.ok(read.windows[i].source <= 3, 'a source that the module knows');
      if (!['cache', 'upstream', 'stale'].includes(source)) assert.equal(read.windows[i].source, 3, 'what is not known counts as no answer');
      assert.equal(read.windows[i].error, told(error));
      assert.ok(fetchedAt ? read.windows[i].fetchedAt === Date.parse(fetchedAt) : Number.isNaN(read.windows[i].fetchedAt));
    }
    assert.deepEqual(
      read.slots,
      data.slots.map(({ start: at, inviteesRemaining, schedulingUrl }) => ({ start: Date.parse(at), places: inviteesRemaining ?? 1, of: 0, url: told(schedulingUrl) })),
    );
  });
});

test('textFromEventTypes: eleven fields for each, whatever stands in them', () => {
  const type = fc.record({ uri: text, slug: text, name: text, duration: fc.nat(), color: text, kind: text, schedulingUrl: text, durationOptions: fc.option(fc.array(fc.nat())), description: fc.option(text), profileName: text, locationKind: text }, { requiredKeys: ['uri'] });
  hold(fc.array(type, { maxLength: 5 }), (eventTypes) => {
    assert.equal(textFromEventTypes({ mode: 'pat', eventTypes }).split('\0').length, 2 + 11 * eventTypes.length);
  });
});

test('calendarText: one event, in lines that calendars take, and its title as it was', () => {
  const at = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) });
  const zone = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'UTC', false, undefined);
  const long = fc.string({ unit: 'binary', maxLength: 200 }).map(toUSVString);
  hold(at, fc.integer({ min: 1, max: 1440 }), long, fc.option(long, { nil: undefined }), fc.option(text.map(toUSVString), { nil: undefined }), zone, (begin, minutes, title, about, uid, zoneName) => {
    const file = calendarText({ start: begin, end: begin + minutes * 60000, title, about, uid, zone: zoneName }, Date.UTC(2026, 0));
    const lines = file.split('\r\n');
    assert.equal(lines.pop(), '');
    for (const line of lines) assert.ok(new TextEncoder().encode(line).length <= 75 && !/[\0-\x1f\x7f]/.test(line), JSON.stringify(line));
    const whole = lines.join('\r\n').replaceAll('\r\n ', '').split('\r\n');
    for (const one of ['BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VCALENDAR', 'END:VCALENDAR']) assert.equal(whole.filter((line) => line === one).length, 1, one);
    for (const one of ['SUMMARY', 'UID', 'DTSTAMP', 'DTEND']) assert.equal(whole.filter((line) => new RegExp(`^${one}[:;]`).test(line)).length, 1, one);
    const summary = whole.find((line) => line.startsWith('SUMMARY:')).slice(8);
    const read = summary.replace(/\\([\\;,n])/g, (_, letter) => (letter === 'n' ? '\n' : letter));
    assert.equal(read, title.replace(/\r\n|\r/g, '\n').replace(/[\0-\x09\x0b-\x1f\x7f]/g, ''));
  });
});

test('send: whatever answers, something comes of it, and only a booking is one', async () => {
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    fc.record({ success: fc.oneof(fc.boolean(), fc.jsonValue()), data: fc.jsonValue(), error: fc.oneof(fc.jsonValue(), fc.record({ code: fc.oneof(text, fc.constantFrom('slot_taken', 'forbidden', 'too_many_requests')), details: fc.oneof(fc.jsonValue(), fc.array(fc.record({ field: fc.oneof(text, fc.constantFrom('start', 'invitee.email')) }))) })) }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
    text,
  );
  const before = globalThis.fetch;
  const navigatorBefore = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });
  try {
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 201, 400, 403, 409, 429, 500, 503), fc.option(fc.constantFrom('5', 'soon', '-1', '')), async (answer, status, retryAfter) => {
        globalThis.fetch = async () => new Response(answer, { status, headers: retryAfter === null ? {} : { 'Retry-After': retryAfter } });
        const outcome = await createSender('https://slots.example.com').send({ eventType: 'a' });
        assert.ok(outcome.booked || outcome.taken || outcome.away || outcome.say, JSON.stringify(outcome));
        if (outcome.booked) assert.ok(JSON.parse(answer).success && JSON.parse(answer).data);
        if (outcome.waitS !== undefined) assert.ok(outcome.waitS > 0);
        for (const field of outcome.wrong ?? []) assert.equal(typeof field, 'string');
      }),
      { numRuns },
    );
  } finally {
    globalThis.fetch = before;
    if (navigatorBefore) Object.defineProperty(globalThis, 'navigator', navigatorBefore);
    else delete globalThis.navigator;
  }
});
