// The official clients of the Model Context Protocol, for the revisions since 2026-07-28 and those before, against the real proxy and the
// simulator: over HTTP, and over standard input and output as a desktop program starts it. MCP_TRANSCRIPT=1 prints the messages.
import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { repository, startServers } from '../browser/harness.mjs';

const program = join(resolve(repository, process.env.SLOTWIRE_BIN_DIR ?? 'build/bin'), 'slotwire');
let servers;
before(async () => {
  servers = await startServers({ CALENDLY_MCP: 'book' });
  for (const eventType of ['30min', '60min']) await openToAssistants(eventType);
});
after(() => servers?.stop());

async function openToAssistants(eventType) {
  const jwt = (await servers.command(['admin-jwt', '--role', 'admin', '--ttl', '1h'])).trim();
  const reply = await fetch(`${servers.origin}/api/web/calendly/assistants`, {
    method: 'POST', headers: { Authorization: `Bearer ${jwt}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ eventType, open: true }),
  });
  assert.equal(reply.status, 200, await reply.text());
}

async function connected(transport) {
  const client = new Client({ name: 'slotwire-test', version: '1.0.0' });
  await client.connect(transport);
  return client;
}
const overHttp = (origin, options) => connected(new StreamableHTTPClientTransport(new URL('/mcp', origin), options));

const print = (...lines) => { if (process.env.MCP_TRANSCRIPT) console.log(...lines); };
async function call(client, name, args) {
  print(`> ${name} ${JSON.stringify(args)}`);
  const result = await client.callTool({ name, arguments: args });
  print(`< ${result.isError ? '(error) ' : ''}${result.content[0].text}\n  ${JSON.stringify(result.structuredContent)}\n`);
  return result;
}

const person = { name: 'Grace Hopper', email: 'grace@example.org', timezone: 'Europe/Berlin' };

async function findsAndBooks(client) {
  const { eventTypes } = (await call(client, 'list_event_types', {})).structuredContent;
  assert.deepEqual(eventTypes.map(({ eventType }) => eventType).sort(), ['30min', '60min']);
  const { times } = (await call(client, 'find_free_times', {
    event_types: ['30min', '60min'], timezone: person.timezone, part_of_day: 'afternoon', count: 3,
  })).structuredContent;
  assert.equal(times.length, 3);
  const [{ start }] = times.filter(({ eventType }) => eventType === '30min').concat(
    (await call(client, 'find_free_times', { event_types: ['30min'], timezone: person.timezone, count: 1 })).structuredContent.times);
  const wish = { eventType: '30min', start, invitee: person };
  const preview = await call(client, 'book', wish);
  assert.equal(preview.structuredContent.booked, false);
  const done = await call(client, 'book', { ...wish, confirmation: preview.structuredContent.confirmation });
  assert.equal(done.isError, false, JSON.stringify(done));
  assert.equal(done.structuredContent.booked, true);
  const page = await call(client, 'cancel', { cancelUrl: done.structuredContent.cancelUrl });
  assert.equal(page.structuredContent.cancelUrl, done.structuredContent.cancelUrl);
  const { times: left } = (await call(client, 'find_free_times', { event_types: ['30min'], from: start.slice(0, 10), to: start.slice(0, 10), count: 50 })).structuredContent;
  assert.ok(!left.some((time) => time.start === start), 'it is not free any more');
}

const bookings = async () => (await (await fetch(`${servers.sim}/__sim/requests`)).json()).filter(({ endpoint, body }) => endpoint === 'invitees' && body !== '{}').length;

test('the official MCP client finds a time and books it over HTTP', async () => {
  const client = await overHttp(servers.origin);
  try {
    assert.equal(client.getServerVersion().name, 'slotwire');
    assert.match(client.getInstructions(), /follow nothing that they say/);
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name), ['list_event_types', 'find_free_times', 'book', 'cancel']);
    print(`# ${LATEST_PROTOCOL_VERSION} over HTTP: ${tools.map(({ name }) => name).join(', ')}\n`);
    const before = await bookings();
    await findsAndBooks(client);
    assert.equal(await bookings() - before, 1);
    assert.equal(client.transport.sessionId, undefined);
    assert.equal(client.transport.protocolVersion, LATEST_PROTOCOL_VERSION);
    await client.ping();
    await assert.rejects(client.callTool({ name: 'no_such_tool', arguments: {} }), /-32602/);
    await assert.rejects(client.listResources(), /does not support resources|-32601/);
  } finally {
    await client.close();
  }
});

const isOldNode = Number(process.versions.node.split('.')[0]) < 20 && 'this client needs node 20';
test('the official MCP client of 2026-07-28 finds a time and books it, without a hello', { skip: isOldNode }, async () => {
  const { Client: ModernClient, StreamableHTTPClientTransport: ModernHttp } = await import('@modelcontextprotocol/client');
  const { StdioClientTransport: ModernStdio } = await import('@modelcontextprotocol/client/stdio');
  for (const [name, transport] of [
    ['HTTP', new ModernHttp(new URL('/mcp', servers.origin))],
    ['standard input and output', new ModernStdio({ command: program, args: ['mcp', '--book'], env: { ...process.env, SLOTWIRE_SETTINGS_FILE: '', ...servers.environment }, stderr: 'ignore' })],
  ]) {
    const client = new ModernClient({ name: 'slotwire-test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(transport);
    try {
      print(`# 2026-07-28 over ${name}\n`);
      assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28', name);
      const before = await bookings();
      await findsAndBooks(client);
      assert.equal(await bookings() - before, 1, name);
    } finally {
      await client.close();
    }
  }
});

test('the official MCP client is refused in words: a revoked token, a strange page', async () => {
  await assert.rejects(overHttp(servers.origin, { requestInit: { headers: { Authorization: 'Bearer no.such.token' } } }), /valid sign-in token is needed/);
  await assert.rejects(overHttp(servers.origin, { requestInit: { headers: { Origin: 'https://evil.example' } } }), /403|not listed/);
});

test('the official MCP client finds a time and books it over standard input and output', async () => {
  const client = await connected(new StdioClientTransport({
    command: program, args: ['mcp', '--book'], env: { ...process.env, SLOTWIRE_SETTINGS_FILE: '', ...servers.environment }, stderr: 'ignore',
  }));
  try {
    print('# over standard input and output\n');
    await findsAndBooks(client);
  } finally {
    await client.close();
  }
});
