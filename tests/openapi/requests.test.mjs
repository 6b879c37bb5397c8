// Requests generated from the document, against the real proxy and the simulator. SLOTWIRE_SEED repeats a run, SLOTWIRE_RUNS makes it
// longer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { startServers } from '../browser/harness.mjs';
import { document, file, problemOf } from './document.mjs';
import { calls, invalidRequests, validRequests, wrongBodies } from './requests.mjs';

const seed = Number(process.env.SLOTWIRE_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.SLOTWIRE_RUNS ?? 12);
// These change the answers to all others: they come last, in this order.
const last = ['/api/web/calendly/configure-public', '/api/web/calendly/connection/disconnect'];
const inOrder = [...calls].sort((a, b) => last.indexOf(a.path) - last.indexOf(b.path));

let servers;
const jwts = {};
before(async () => {
  servers = await startServers({ CALENDLY_RATE_LIMIT: '0', CALENDLY_TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'warn' });
  for (const role of ['reader', 'super_admin']) jwts[role] = `Bearer ${(await servers.command(['admin-jwt', '--role', role, '--ttl', '1h'])).trim()}`;
});
after(async () => servers?.stop());

// Each request comes from another client, so that the limits of one client have no effect.
let clients = 0;
async function sent(call, { method = call.method, values, body, text, type = 'application/json', jwt = 'super_admin', expected }) {
  clients += 1;
  const headers = { 'X-Forwarded-For': `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}` };
  if (call.operation.security) headers.Authorization = jwts[jwt] ?? jwt;
  const query = new URLSearchParams();
  let path = call.path;
  for (const part of call.parts) {
    const value = values[part.name];
    if (value === undefined) continue;
    if (part.in === 'path') path = path.replace(`{${part.name}}`, encodeURIComponent(value));
    if (part.in === 'query') query.append(part.name, value);
    if (part.in === 'header') headers[part.name] = value;
  }
  if (body?.accessToken && !expected) body = { ...body, accessToken: servers.token };
  const written = text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (written !== undefined && type) headers['Content-Type'] = type;
  const answer = await fetch(`${servers.origin}${path}${query.size ? `?${query}` : ''}`, {
    // Sent as bytes: for a string fetch would add a content type itself.
    method, headers, body: written === undefined ? undefined : new TextEncoder().encode(written), signal: AbortSignal.timeout(20_000),
  });
  const told = { method, path, status: answer.status, type: answer.headers.get('Content-Type') ?? '', retryAfter: answer.headers.get('Retry-After') ?? undefined, body: await answer.text() };
  const described = `${method} ${path}?${query} ${JSON.stringify({ values, body, text })}\n${told.status} ${told.body.slice(0, 500)}`;
  assert.equal(problemOf(told), undefined, described);
  assert.ok(told.status !== 500, described);
  return { ...told, described };
}

async function isRefused(call, request) {
  const { expected } = request;
  const { status, body, described } = await sent(call, request);
  // Calls to Calendly are limited per minute; a longer run may reach the limit.
  if (status === 503 && body.includes('"calendly_rate_limited"')) return;
  assert.ok([expected.status].flat().includes(status), `${JSON.stringify(expected)} is expected of ${described}`);
  if (!expected.field) return;
  const named = JSON.parse(body).error.details.map(({ field }) => field);
  const isNamed = (field) => field === expected.field || field?.startsWith(`${expected.field}.`) || field?.startsWith(`${expected.field}[`);
  assert.ok(named.some(isNamed), `${expected.field} is not named by ${described}`);
}

for (const call of inOrder) {
  test(`openapi: what is asked as the document says is not refused for it: ${call.method} ${call.path}`, async () => {
    await fc.assert(fc.asyncProperty(validRequests(call), async (request) => {
      const { status, body, described } = await sent(call, request);
      assert.ok(![405, 413, 415].includes(status) && !/"code":"(bad_input|invalid_date_range)"/.test(body), described);
      if (call.needsJwt && call.path !== '/api/web/calendly/session') assert.ok(![401, 403].includes(status), described);
    }), { seed, numRuns, includeErrorInReport: true });
  });
  test(`openapi: what is asked otherwise is refused, and named: ${call.method} ${call.path}`, async () => {
    for (const request of wrongBodies(call, seed)) await isRefused(call, request);
    await fc.assert(fc.asyncProperty(invalidRequests(call), (request) => isRefused(call, request)), { seed, numRuns: numRuns * 2, includeErrorInReport: true });
  });
}

test('openapi: the proxy serves the document, compressed and by its tag, and it is the one that is checked in', async () => {
  const inBrotli = { 'Accept-Encoding': 'br' };
  const answer = await fetch(`${servers.origin}/openapi.json`, { headers: inBrotli });
  assert.equal(answer.headers.get('Content-Type'), 'application/json; charset=utf-8');
  assert.equal(answer.headers.get('Content-Encoding'), 'br');
  const served = Buffer.from(await answer.arrayBuffer());
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(hash(served), hash(readFileSync(file)));
  assert.deepEqual(JSON.parse(served), document);
  const again = await fetch(`${servers.origin}/openapi.json`, { headers: { ...inBrotli, 'If-None-Match': answer.headers.get('ETag') } });
  assert.equal(again.status, 304);
});
