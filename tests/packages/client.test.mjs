// createClient against the real proxy: event types, slots by the visitor's days, one booking per key, changes.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createClient, load, SlotwireError } from '../../packages/slotwire/index.js';
import { startServers } from '../browser/harness.mjs';

let servers;
let token;
let client;
before(async () => {
  servers = await startServers({ CALENDLY_RATE_LIMIT: '0' });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  token = (await servers.command(['admin-jwt', '--role', 'admin', '--ttl', '1h'])).trim();
  client = createClient(`${servers.origin}/`, { token });
});
after(() => servers?.stop());

const invitee = { name: 'Ada Lovelace', email: 'ada@example.com', timezone: 'Europe/Berlin' };
/** Another free slot for each test. */
let turn = 0;
const free = async () => (await client.slots('30min')).slots.at(-1 - turn++);

test('client: event types, and what booking one asks', async () => {
  const { mode, eventTypes } = await client.eventTypes();
  assert.equal(mode, 'pat');
  const type = eventTypes.find(({ slug }) => slug === '30min');
  assert.equal(type.duration, 30);
  const form = await client.bookingForm(type.uri);
  assert.equal(form.canBook, true);
  assert.ok(form.questions.length);
});

test('client: slots lie on the days of the zone they are asked in, and all of them do', async () => {
  for (const timezone of ['Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kathmandu', 'UTC']) {
    const answer = await client.slots('30min', { timezone });
    assert.equal(answer.timezone, timezone);
    assert.ok(answer.days.length > 1);
    assert.deepEqual(answer.days.flatMap(({ slots }) => slots), answer.slots);
    for (const { date, slots } of answer.days) {
      for (const { start } of slots) assert.equal(new Date(start).toLocaleDateString('sv', { timeZone: timezone }), date);
    }
    assert.equal(new Set(answer.days.map(({ date }) => date)).size, answer.days.length);
  }
  const { days: [{ date }] } = await client.slots('30min', { timezone: 'UTC' });
  const { days } = await client.slots('30min', { from: date, to: date, timezone: 'UTC' });
  assert.deepEqual(days.map((day) => day.date), [date]);
});

test('client: a list of event types is what any of them has free, and the next free times are the first of it', async () => {
  const union = await client.slots(['30min', '60min'], { timezone: 'UTC' });
  assert.deepEqual(union.eventTypes.map(({ slug }) => slug), ['30min', '60min']);
  assert.equal(union.duration, null);
  const starts = new Set();
  for (const name of ['30min', '60min']) for (const { start } of (await client.slots(name, { timezone: 'UTC' })).slots) starts.add(start);
  assert.deepEqual(union.slots.map(({ start }) => start), [...starts].sort());
  assert.deepEqual(union.days.flatMap(({ slots }) => slots), union.slots);
  const next = await client.next(['30min', '60min'], { count: 3 });
  assert.deepEqual(next.slots, union.slots.slice(0, 3));
  assert.equal((await client.next('30min', { part: 'afternoon', timezone: 'UTC' })).slots.length, 1);
  assert.deepEqual((await client.slots(['30min'])).eventTypes.length, 1);
  const ordered = await client.slots(['60min', '30min'], { timezone: 'UTC', anyOf: 'order' });
  assert.ok(ordered.slots.every(({ eventTypeUri, alternatives }) => !alternatives.length || eventTypeUri === ordered.eventTypes[0].uri));
});

test('client: a refusal is an error with its code, its fields and what came with it', async () => {
  const refused = async (promise) => {
    const error = await promise.then(() => assert.fail('it went through'), (thrown) => thrown);
    assert.ok(error instanceof SlotwireError, String(error));
    return error;
  };
  assert.equal((await refused(client.slots('no-such-type'))).code, 'event_type_not_found');
  assert.equal((await refused(client.slots('30min', { from: '2026-02-30' }))).code, 'invalid_date_range');
  const { start } = await free();
  const wrong = await refused(client.book({ eventType: '30min', start, invitee: { ...invitee, email: 'nobody' } }));
  assert.deepEqual([wrong.status, wrong.code, wrong.field], [400, 'bad_input', 'invitee.email']);
  assert.ok(wrong.key);
  const stranger = await refused(createClient(servers.origin).book({ eventType: '30min', start, invitee }));
  assert.deepEqual([stranger.status, stranger.code], [409, 'booking_not_available']);
  assert.match(stranger.data.schedulingUrl, /\/acme\/30min/);
  await client.book({ eventType: '30min', start, invitee });
  const late = await refused(client.book({ eventType: '30min', start, invitee: { ...invitee, name: 'Grace' } }));
  assert.equal(late.code, 'slot_taken');
  assert.ok(late.data.nearest.length > 0);
  const gone = await refused(createClient('http://127.0.0.1:9').eventTypes());
  assert.equal(gone.code, 'unreachable');
});

test('client: an answer that is lost is asked for again under the same key, and it is booked once', async () => {
  const keys = [];
  const losing = async (url, init) => {
    const reply = await fetch(url, init);
    if (init.method !== 'POST') return reply;
    keys.push(init.headers['Idempotency-Key']);
    if (keys.length > 1) return reply;
    await reply.arrayBuffer();
    throw new TypeError('the line broke');
  };
  const { start } = await free();
  const booked = await createClient(servers.origin, { token, fetch: losing }).book({ eventType: '30min', start, invitee });
  assert.equal(booked.start, start);
  assert.match(booked.cancelUrl, /cancellations/);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  const get = async (path) => (await (await fetch(servers.sim + path, { headers: { Authorization: `Bearer ${servers.token}` } })).json());
  const { resource } = await get('/users/me');
  const { collection } = await get(`/scheduled_events?user=${encodeURIComponent(resource.uri)}&count=100`);
  assert.equal(collection.filter((event) => Date.parse(event.start_time) === Date.parse(start)).length, 1);
  // The same key later returns the same booking.
  assert.deepEqual(await client.book({ eventType: '30min', start, invitee }, { key: keys[0] }), booked);
});

test('client: hears of days that changed, once, until it has heard enough', async () => {
  const changedDays = [];
  let resolve;
  const first = new Promise((done) => {
    resolve = done;
  });
  // Only a pending request is notified of a change: the test waits until the proxy has one.
  let waits;
  const waiting = new Promise((done) => {
    waits = done;
  });
  const watching = async (url, init) => {
    const reply = fetch(url, init);
    if (url.includes('since=')) waits();
    return reply;
  };
  const end = createClient(servers.origin, { fetch: watching }).changes((days) => {
    changedDays.push(days);
    resolve();
  });
  await waiting;
  const { start } = await free();
  await client.book({ eventType: '30min', start, invitee });
  await first;
  end();
  assert.ok(changedDays[0].some((days) => days.start <= start.slice(0, 10) && days.end >= start.slice(0, 10)), JSON.stringify(changedDays));
});

test('client: changes go on after trouble, which is told', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    response.writeHead(++asked === 1 ? 502 : 200, { 'Content-Type': 'application/json' });
    response.end(asked === 1 ? '<html>' : JSON.stringify({ success: true, data: { version: 7, days: asked === 3 ? [{ start: '2026-01-06', end: '2026-01-06' }] : [], pollAfterMs: 0 } }));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const troubles = [];
  const days = await new Promise((done) => {
    const end = createClient(`http://127.0.0.1:${server.address().port}`).changes((changed) => {
      end();
      done(changed);
    }, { onError: (error) => troubles.push(error) });
  });
  assert.deepEqual(days, [{ start: '2026-01-06', end: '2026-01-06' }]);
  assert.deepEqual(troubles.map(({ code, status }) => [code, status]), [['unreachable', 502]]);
  server.close();
  server.closeAllConnections();
});

// createClient('slots.example.com') requested "/slots.example.com/api/..." from the page it ran in, and a misspelt field was dropped.
test('client: an address without a scheme is refused at once, and a field that no booking has by its name', async () => {
  for (const address of ['slots.example.com', 'localhost:3000', '//slots.example.com', '', undefined]) {
    assert.throws(() => createClient(address), { name: 'TypeError', message: `no https:// address: ${address}` });
  }
  globalThis.document = {};
  await assert.rejects(load('slots.example.com'), { name: 'TypeError', message: /Invalid URL/ });
  delete globalThis.document;
  for (const address of [' HTTP://slots.example.com', new URL('https://slots.example.com')]) createClient(address);
  const { start } = await free();
  await assert.rejects(client.book({ eventType: '30min', start, invitee: { ...invitee, mail: 'x' }, guest: ['x'] }), (error) => {
    assert.ok(error instanceof SlotwireError);
    assert.deepEqual(error.details.map(({ field }) => field).sort(), ['guest', 'invitee.mail']);
    return true;
  });
});
