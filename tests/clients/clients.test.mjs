// Programs written for Calendly's API, against the real proxy and the simulator: node-calendly (a client with a fixed address, so the
// global fetch redirects it to ours), axios, Python's requests, PHP's Guzzle and Ruby's Faraday (the libraries that most integrations
// use). None of them knows that it is not talking to Calendly.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import axios from 'axios';
import calendlyModule from 'node-calendly';
import { repository, startServers } from '../browser/harness.mjs';

const Calendly = calendlyModule.default;
const run = promisify(execFile);
const calendly = 'https://api.calendly.com';
const halfHour = `${calendly}/event_types/AAAAAAAAAAAAAAAA`;

let servers;
let reader;
let admin;
let base;
let realFetch;
before(async () => {
  servers = await startServers();
  base = `${servers.origin}/calendly/v2`;
  const token = async (role) => (await servers.command(['admin-jwt', '--role', role, '--ttl', '1h'])).trim();
  [reader, admin] = [await token('reader'), await token('admin')];
  realFetch = globalThis.fetch;
  globalThis.fetch = (address, ...rest) => realFetch(String(address).replace(calendly, base), ...rest);
});
after(async () => {
  globalThis.fetch = realFetch;
  await servers?.stop();
});

const day = (ahead) => {
  const date = new Date();
  date.setUTCHours(0, 0, 0, 0);
  date.setUTCDate(date.getUTCDate() + ahead);
  return date;
};
const counters = async () => (await realFetch(`${servers.sim}/__sim/counters`)).json();
/**
 * Requests that Calendly received at this endpoint, oldest first, as the simulator recorded them, without the empty bodies with which the
 * scopes of a new token are checked.
 */
async function receivedAt(sim, wanted) {
  const all = await (await realFetch(`${sim}/__sim/requests`)).json();
  return all.filter(({ endpoint, body }) => endpoint === wanted && body !== '{}');
}
const callsTo = async (endpoint) => (await counters()).endpoints[endpoint]?.calls ?? 0;

/** Calendly's own list, requested a week at a time as it requires. */
async function listed(from, to) {
  const all = new Map();
  for (let begin = from; begin < to; ) {
    const end = new Date(Math.min(to, begin.getTime() + 7 * 86_400_000));
    const query = `event_type=${halfHour}&start_time=${begin.toISOString()}&end_time=${end.toISOString()}`;
    const answer = await realFetch(`${servers.sim}/event_type_available_times?${query}`, { headers: { Authorization: `Bearer ${servers.token}` } });
    for (const slot of (await answer.json()).collection) all.set(slot.start_time, slot);
    begin = end;
  }
  return [...all.values()];
}

test('node-calendly: who I am, my event types by page, one of them', async () => {
  const client = new Calendly(reader);
  const me = await client.users.getCurrentUser();
  assert.equal(me.uri, `${calendly}/users/USERAAAAAAAAAAAA`);
  assert.equal((await client.users.getUser({ uuid: Calendly.getUuidFromUri(me.uri) })).name, me.name);
  const uris = [];
  for (let page_token; ; ) {
    const page = await client.eventTypes.listUsersEventTypes({ user: me.uri, count: 5, page_token });
    uris.push(...page.collection.map((type) => type.uri));
    page_token = page.pagination.next_page_token;
    if (!page_token) break;
  }
  assert.equal(new Set(uris).size, uris.length);
  assert.ok(uris.includes(halfHour) && uris.length > 5);
  const type = await client.eventTypes.getEventType({ uuid: Calendly.getUuidFromUri(halfHour) });
  assert.equal(type.name, '30 Minute Meeting');
});

test('node-calendly: ten weeks of available times in one call, which Calendly itself would refuse', async () => {
  const client = new Calendly(reader);
  const range = { event_type: halfHour, start_time: day(1), end_time: day(71) };
  const before = await callsTo('event_type_available_times');
  const { collection } = await client.eventTypes.listEventAvailableTimes(range);
  assert.equal((await callsTo('event_type_available_times')) - before, 10);
  assert.deepEqual(collection, await listed(range.start_time, range.end_time));
  const warm = await callsTo('event_type_available_times');
  assert.deepEqual((await client.eventTypes.listEventAvailableTimes(range)).collection, collection);
  assert.equal(await callsTo('event_type_available_times'), warm);
});

test("node-calendly: its own handling of errors sees Calendly's words", async () => {
  await assert.rejects(new Calendly('not.a.token').users.getCurrentUser(), /^Error: Unauthenticated: The access token is invalid$/);
  const client = new Calendly(reader);
  await assert.rejects(client.eventTypes.getEventType({ uuid: 'NOSUCH' }), /^Error: Resource Not Found: /);
  await assert.rejects(client.scheduledEvents.listEvents({ user: `${calendly}/users/USERAAAAAAAAAAAA` }), /^Error: Permission Denied: /);
  await assert.rejects(
    client.eventTypes.listEventAvailableTimes({ event_type: halfHour, start_time: day(1), end_time: day(120) }),
    /^Error: Invalid Argument: /,
  );
});

test('node-calendly: bookings and invitees are for admins', async () => {
  const [slot] = await listed(day(2), day(20));
  await axios.post('/invitees', order(slot), { baseURL: base, headers: { Authorization: `Bearer ${admin}` } });
  const client = new Calendly(admin);
  const { collection } = await client.scheduledEvents.listEvents({ user: await client.getMe(), status: 'active', min_start_time: day(1) });
  const event = collection.find((each) => each.start_time === slot.start_time);
  assert.ok(event);
  const invitees = await client.scheduledEvents.listEventInvitees(Calendly.getUuidFromUri(event.uri), { email: 'grace@example.org' });
  assert.deepEqual(invitees.collection.map((each) => each.name), ['Grace']);
});

const order = (slot) => ({
  event_type: `${base}/event_types/AAAAAAAAAAAAAAAA`,
  start_time: slot.start_time,
  invitee: { name: 'Grace', email: 'grace@example.org', timezone: 'Europe/Amsterdam' },
});

test('axios: base URL, parameters as it encodes them, URIs of our own, booking, cancellation, limits in headers', async () => {
  const client = axios.create({ baseURL: `${base}/`, headers: { Authorization: `Bearer ${admin}` } });
  const times = (event_type) =>
    client.get('/event_type_available_times', { params: { event_type, start_time: day(30).toISOString(), end_time: day(50).toISOString() } });
  const first = await times(halfHour);
  assert.deepEqual(first.data.collection, await listed(day(30), day(50)));
  assert.equal(first.headers['x-ratelimit-limit'], '500');
  const again = await times(`${base}/event_types/AAAAAAAAAAAAAAAA`);
  assert.deepEqual(again.data, first.data);
  assert.match(again.headers['cache-status'], /hit/);
  assert.ok(Number(again.headers['x-ratelimit-remaining']) < 500);

  const [slot] = first.data.collection;
  const booked = await client.post('/invitees', order(slot));
  assert.equal(booked.status, 201);
  assert.ok(!(await times(halfHour)).data.collection.some((each) => each.start_time === slot.start_time));
  const taken = await client.post('/invitees', order(slot)).catch((error) => error.response);
  assert.equal(taken.status, 400);
  assert.equal(taken.data.details[0].code, 'already_filled');
  // As clients do: the path of the URI, below their own base.
  const canceled = await client.post(`${new URL(booked.data.resource.event).pathname}/cancellation`, { reason: 'ill' });
  assert.equal(canceled.status, 201);
  assert.deepEqual((await times(halfHour)).data, first.data);
  // A GET with a JSON content type and a body, as some clients send it.
  const type = await client.get('/event_types/AAAAAAAAAAAAAAAA', { data: {}, headers: { 'Content-Type': 'application/json' } });
  assert.equal(type.data.resource.uri, halfHour);
  // A stream of unknown length is sent in chunks.
  const body = JSON.stringify({ max_event_count: 1, owner: halfHour, owner_type: 'EventType' });
  const streamed = await client.post('/scheduling_links', Readable.from([body.slice(0, 7), body.slice(7)]), { headers: { 'Content-Type': 'application/json' } });
  assert.equal(streamed.request.getHeader('content-length'), undefined);
  assert.equal(streamed.data.resource.owner, halfHour);
});

test("Python's requests: a session, pages, parameters, errors", async () => {
  const { stdout } = await run(process.env.PYTHON ?? '/usr/bin/python3', [join(repository, 'tests/clients/with_requests.py'), base, reader, halfHour], { maxBuffer: 1 << 24 });
  const said = JSON.parse(stdout);
  assert.equal(said.me.uri, `${calendly}/users/USERAAAAAAAAAAAA`);
  assert.ok(said.types.includes(halfHour) && new Set(said.types).size === said.types.length && said.types.length > 5);
  assert.deepEqual(said.times, await listed(day(1), day(43)));
  assert.deepEqual(said.times_by_hand, said.times);
  assert.deepEqual(said.refused, { status: 403, title: 'Permission Denied' });
  assert.deepEqual(said.head, { status: 200, length: 0 });
});

/** A proxy whose answers name it by an address that ends in `path`: for clients that follow URIs. */
async function startNamed(path, settings) {
  // The port is chosen first, since the proxy must be told its own address.
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const own = `http://localhost:${port}${path}`;
  const named = await startServers({ PORT: String(port), CALENDLY_API_OWN_URL: own, ...settings });
  return { ...named, own, jwt: (await named.command(['admin-jwt', '--role', 'admin', '--sub', 'client'])).trim() };
}

test("PHP's Guzzle: a base_uri whose path is lost, forms, pages, URIs followed, exceptions", async () => {
  const named = await startNamed('', { CALENDLY_API_HOSTS: 'localhost' });
  try {
    const { own, sim } = named;
    const type = `${own}/event_types/AAAAAAAAAAAAAAAA`;
    const { stdout } = await run('php', [join(repository, 'tests/clients/with_guzzle.php'), `${own}/dropped/`, named.jwt, type], { maxBuffer: 1 << 24 });
    const said = JSON.parse(stdout);
    assert.equal(said.me, `${own}/users/USERAAAAAAAAAAAA`);
    assert.ok(said.pages > 1 && new Set(said.types).size === said.types.length && said.types.includes(type));
    assert.equal(said.followed, said.types[0]);
    assert.ok(said.times.length > 10);
    for (const link of [said.link, said.json_link]) assert.equal(link.owner, type);
    // In the form that the client's error handling reads.
    assert.deepEqual([said.refused.status, said.refused.body.title], [400, 'Invalid Argument']);
    assert.deepEqual([said.missing.status, said.missing.body.title], [404, 'Resource Not Found']);
    assert.deepEqual(said.unauthenticated, { status: 401, body: { title: 'Unauthenticated', message: 'The access token is invalid' } });
    assert.deepEqual([said.too_large.status, said.too_large.body.title], [413, 'Payload Too Large']);
    // What Calendly received: its own URIs in the original order, nothing else changed; the query in the client's order.
    const received = await receivedAt(sim, 'scheduling_links');
    assert.deepEqual(received.map(({ body }) => body), [
      `max_event_count=1&owner=${encodeURIComponent(halfHour)}&owner_type=EventType`,
      `{"max_event_count":1,"owner":"${halfHour}","owner_type":"EventType"}`,
      'max_event_count=2&owner_type=EventType',
    ]);
    assert.deepEqual(received.map(({ content_type }) => content_type), ['application/x-www-form-urlencoded', 'application/json', 'application/x-www-form-urlencoded']);
    const [first, second] = (await receivedAt(sim, 'event_types')).filter(({ target }) => target.includes('sort='));
    assert.equal(first.target, `/event_types?user=${encodeURIComponent(`${calendly}/users/USERAAAAAAAAAAAA`)}&count=5&sort=name%3Aasc`);
    assert.match(second.target, /page_token=/);
  } finally {
    await named.stop();
  }
});

test("Ruby's Faraday: every POST a form, lists in brackets, pages by parameters, errors by status", async () => {
  const named = await startNamed('/calendly/v2');
  try {
    const { own, sim } = named;
    const callback = 'https://hooks.example.com/calendly';
    const type = `${own}/event_types/AAAAAAAAAAAAAAAA`;
    const { stdout } = await run('ruby', [join(repository, 'tests/clients/with_faraday.rb'), own, named.jwt, type, callback], { maxBuffer: 1 << 24 });
    const said = JSON.parse(stdout);
    assert.equal(said.me, `${own}/users/USERAAAAAAAAAAAA`);
    assert.ok(said.pages > 1 && new Set(said.types).size === said.types.length && said.types.includes(type));
    assert.equal(said.followed, said.types[0]);
    assert.ok(said.times.length > 10);
    assert.deepEqual(said.hook.events, ['invitee.created', 'invitee.canceled']);
    assert.equal(said.hook.callback_url, callback);
    assert.ok(said.hooks.includes(said.hook.uri));
    assert.equal(said.refused.status, 400);
    assert.deepEqual([said.missing.status, said.missing.body.title], [404, 'Resource Not Found']);
    const [made] = await receivedAt(sim, 'webhook_subscriptions');
    const sent = [['url', callback], ['events[]', 'invitee.created'], ['events[]', 'invitee.canceled'], ['organization', `${calendly}/organizations/ORGAAAAAAAAAAAAA`],
      ['user', `${calendly}/users/USERAAAAAAAAAAAA`], ['scope', 'user']];
    assert.deepEqual([...new URLSearchParams(made.body)].sort(), sent.sort());
    assert.ok(made.body.includes('events%5B%5D=invitee.created&events%5B%5D=invitee.canceled'), made.body);
    assert.equal(made.content_type, 'application/x-www-form-urlencoded');
    assert.deepEqual((await receivedAt(sim, 'webhook_delete')).length, 1);
  } finally {
    await named.stop();
  }
});
