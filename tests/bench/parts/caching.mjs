// npm's http-cache-tests against our public routes. The package drives a cache between its own client and its own server; slotwire keeps copies of
// Calendly's answers and is an origin for browsers and proxies, so only a part of it can be played: the stored answer is one of ours,
// fresh, with our ETag in the place of the test's, and "from the cache" is an answer for which Calendly was not asked. What cannot be played is listed with the reason.
import { setTimeout as delay } from 'node:timers/promises';
import suites from 'http-cache-tests/tests/index.mjs';
import surrogate from 'http-cache-tests/tests/surrogate-control.mjs';
import { send } from '../harness/http.mjs';
import { startFrontCache } from '../harness/peers.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';

const eventType = plainEventType(6);
const path = slotsPath(eventType, 1, 8);
const otherPath = slotsPath(eventType, 40, 47); // days that no test has asked for yet
const pauseMs = 3000; // the package's own

/** Suites about something that slotwire does not have or do. */
const elsewhere = {
  'cc-parse': 'reads the origin\'s Cache-Control; how long Calendly\'s answers are kept is a setting of ours, not Calendly\'s headers',
  'cc-response': 'obeys the origin\'s Cache-Control; how long Calendly\'s answers are kept is a setting of ours',
  'age-parse': 'reads the origin\'s Age; we believe no age but our own',
  expires: 'obeys the origin\'s Expires; Calendly\'s decides nothing here',
  'expires-parse': 'reads the origin\'s Expires; Calendly\'s decides nothing here',
  stale: 'needs an origin that fails once the answer is old: bench part stale and the end-to-end tests do that with Calendly failing',
  heuristic: 'guesses how long an answer without freshness is fresh; ours all say it',
  status: 'keeps an origin\'s answer of any status; of Calendly only free times are kept',
  'vary-parse': 'reads the origin\'s Vary; Calendly\'s answers go into one of ours',
  vary: 'chooses by headers that the origin names; ours are fixed (Origin, Accept-Encoding) and held by end-to-end tests',
  'conditional-lm': 'needs Last-Modified; our answers have an ETag alone',
  headers: 'passes the origin\'s header lines on; none of Calendly\'s reaches a visitor',
  update304: 'takes header lines from an origin\'s 304; Calendly\'s API sends none',
  updateHEAD: 'takes header lines from an origin\'s answer to HEAD; Calendly is never asked that',
  'surrogate-control': 'reads the origin\'s Surrogate-Control; we are not a surrogate of Calendly\'s web server',
  auth: 'keeps answers to requests with Authorization; public routes take none',
};

/** Origin headers that an answer of ours amounts to: fresh for a while, with an ETag, from now. */
const amountsToOurs = {
  date: (value) => Number(value) === 0,
  expires: (value) => Number(value) > 0,
  'cache-control': (value) => /^max-age=\d{3,}$/.test(value),
  'last-modified': () => true, // an answer of the package that must be kept has one; nothing is asked by it
  etag: (value) => /^(W\/)?"[!-~]+"$/.test(value),
};

/** Why a test cannot be played; undefined when it can. */
function obstacle(test) {
  if (test.browser_only) return 'is about a browser\'s own interface';
  for (const [at, request] of test.requests.entries()) {
    const isRefused = request.request_method && !['GET', 'HEAD'].includes(request.request_method);
    if (isRefused && !/-failed$/.test(test.id)) return 'needs an unsafe method that succeeds at the same address; ours refuse it (405)';
    if (request.response_status && !isRefused) return `needs an origin's answer with status ${request.response_status[0]} of the test's choice`;
    if (request.disconnect) return 'needs an origin that breaks off';
    if (request.expected_request_headers || request.expected_type?.endsWith('validated')) return 'needs an origin that validates; Calendly\'s API does not';
    for (const [name, value] of request.response_headers ?? []) {
      const amounts = amountsToOurs[name.toLowerCase()];
      if (!amounts) return `needs the origin's ${name}, which decides nothing here`;
      if (!amounts(value) && at < test.requests.length - 1) return `needs the origin's ${name} in a form that ours never has`;
    }
    const names = (request.response_headers ?? []).map(([name]) => name.toLowerCase());
    if (at === 0 && test.requests.length > 1 && !isRefused && !names.includes('expires') && !names.includes('cache-control')) return 'needs an answer that does not say how long it is fresh';
    const told = (request.expected_response_headers ?? []).map((header) => (typeof header === 'string' ? header : header[0]).toLowerCase());
    if (told.includes('age')) return 'wants Age; we are the origin, and max-age shrinks by the age of the copy instead';
  }
  return undefined;
}

/** @returns {Promise<string | undefined>} what was not as the test wants it */
async function played(test, server, upstream) {
  let etag = '"none"';
  const opaque = (tag) => tag.replace(/^W\//, '').slice(1, -1);
  const theirs = test.requests.flatMap(({ response_headers: headers = [] }) => headers).find(([name]) => name.toLowerCase() === 'etag')?.[1];
  const query = test.requests[0].query_arg;
  for (const [at, request] of test.requests.entries()) {
    const headers = Object.fromEntries((request.request_headers ?? []).map(([name, value]) => {
      if (/^if-modified-since$/i.test(name)) return [name, new Date(Date.now() + 1000 * Number(value)).toUTCString()];
      return [name, theirs ? String(value).replaceAll(theirs, etag).replaceAll(opaque(theirs), opaque(etag)) : String(value)];
    }));
    await upstream.resetCounters();
    const reply = await send(server.url + (request.query_arg === query ? path : otherPath), { headers, method: request.request_method });
    const calls = await upstream.calls();
    if (at === 0) etag = reply.headers.etag ?? etag;
    const isRefused = request.request_method && !['GET', 'HEAD'].includes(request.request_method);
    const step = `request ${at + 1}`;
    if (isRefused) {
      if (reply.status < 400) return `${step}: ${request.request_method} was answered with ${reply.status}`;
      continue;
    }
    const wanted = request.expected_status ?? 200;
    if (reply.status !== wanted) return `${step}: status ${reply.status}, not ${wanted}`;
    if (request.expected_type === 'cached' && calls) return `${step}: Calendly was asked`;
    if (request.expected_type === 'not_cached' && !calls) return `${step}: Calendly was not asked`;
    for (const header of request.expected_response_headers ?? []) {
      const [name, value] = typeof header === 'string' ? [header] : header;
      const found = reply.headers[name.toLowerCase()];
      if (found === undefined) return `${step}: no ${name}`;
      if (/^etag$/i.test(name) && value && found !== etag) return `${step}: ${name} is ${found}, not ${etag}`;
    }
    if ('pause_after' in request) await delay(pauseMs);
  }
  return undefined;
}

/** What stands behind a "no" that is meant. */
const meant = [
  [/^ccreq-/, 'a visitor cannot make us ask Calendly, whose calls are few: a client\'s max-age and no-cache are obeyed for one day\'s times, after 30 s'],
  [/^partial-/, 'ranges are not served: answers are small, and Range may be ignored (RFC 9110, 14.2)'],
];

export async function caching(upstream) {
  await upstream.setLatency(0);
  const server = await startSlotwire(upstream);
  await send(server.url + path);
  const rows = [];
  const left = new Map();
  for (const suite of [...suites, surrogate]) {
    for (const test of suite.tests) {
      const why = elsewhere[suite.id] ?? obstacle(test);
      if (why) {
        const key = `${suite.id}|${why}`;
        left.set(key, { suite: suite.id, why, ids: [...(left.get(key)?.ids ?? []), test.id] });
        continue;
      }
      progress(`${suite.id}: ${test.id}`);
      const problem = await played(test, server, upstream);
      rows.push({ suite: suite.id, id: test.id, kind: test.kind ?? 'required', problem });
    }
  }
  const front = await behindNginx(server, upstream);
  await server.stop();
  const of = (kind) => rows.filter((row) => row.kind === kind);
  const failed = of('required').filter(({ problem }) => problem);
  const leftOut = [...left.values()].reduce((sum, { ids }) => sum + ids.length, 0);
  say(`Of ${rows.length + leftOut} tests ${rows.length} can be played. Required: ${of('required').length - failed.length} of ${of('required').length} as wanted. Optimal`);
  say(`(${of('optimal').filter(({ problem }) => !problem).length} of ${of('optimal').length}) is what a cache may do, and checks (${of('check').filter(({ problem }) => !problem).length} of ${of('check').length} yes) only ask what it does.`);
  table(['test', 'kind', 'result', 'what was seen, and why'], rows.map(({ id, kind, problem }) => [id, kind, !problem ? (kind === 'check' ? 'yes' : 'as wanted') : kind === 'required' ? 'FAILED' : 'no',
    problem ? [problem, meant.find(([pattern]) => pattern.test(id))?.[1]].filter(Boolean).join('; ') : '']));
  say(`Not played (${leftOut}):`);
  table(['suite', 'tests', 'why'], [...left.values()].map(({ suite, ids, why }) => [suite, ids.length, why]));
  goal('http-cache-tests: every required test that can be played', failed.length ? failed.map(({ id }) => id).join(', ') : `${of('required').length} of ${of('required').length}`, !failed.length);
  say('Behind a cache that obeys our headers (nginx, `peers/front_cache.conf.in`), by requests of our own:');
  table(['what', 'result', 'seen'], front.map(({ what, isRight, seen }) => [what, isRight ? 'as wanted' : 'FAILED', seen]));
  goal('behind nginx: nothing is mixed up, kept too long or kept at all that must not be', `${front.filter(({ isRight }) => isRight).length} of ${front.length}`, front.every(({ isRight }) => isRight));
  record({ played: rows, left: [...left.values()], front });
  const wrong = [...failed.map(({ id }) => id), ...front.filter(({ isRight }) => !isRight).map(({ what }) => what)];
  if (wrong.length) throw new Error(`not as wanted: ${wrong.join('; ')}`);
}

/** @returns {Promise<{what: string, isRight: boolean, seen: string}[]>} */
async function behindNginx(server, upstream) {
  progress('behind nginx');
  const front = await startFrontCache(server);
  const rows = [];
  const check = (what, isRight, seen) => rows.push({ what, isRight, seen });
  const ask = (target, headers = {}, method = 'GET') => send(front.url + target, { headers, method });
  const kept = (reply) => reply.headers['x-front'] ?? '-';

  const first = await ask(path);
  const second = await ask(path);
  check('fresh times come from nginx, with their ETag', kept(second) === 'HIT' && second.headers.etag === first.headers.etag && second.text === first.text, `${kept(first)}, then ${kept(second)}`);
  const head = await ask(path, {}, 'HEAD');
  check('HEAD has the headers of GET and no body', head.status === 200 && head.text === '' && head.headers.etag === first.headers.etag, `${head.status}, ${head.wire.length} bytes`);

  const encodings = [];
  for (const encoding of ['gzip', 'br', 'identity', 'gzip', 'br']) encodings.push([encoding, await ask(path, { 'Accept-Encoding': encoding })]);
  check('encodings are not mixed up', encodings.every(([encoding, reply]) => (reply.headers['content-encoding'] ?? 'identity') === encoding && reply.text === first.text),
    encodings.map(([encoding, reply]) => `${encoding}: ${kept(reply)}`).join(', '));

  const origins = [];
  for (const origin of ['https://a.example', 'https://b.example', 'https://a.example']) origins.push([origin, await ask(path, { Origin: origin })]);
  check('what one site may read is not told to another', origins.every(([origin, reply]) => [undefined, '*', origin].includes(reply.headers['access-control-allow-origin'])),
    origins.map(([, reply]) => `${reply.headers['access-control-allow-origin'] ?? 'none'}: ${kept(reply)}`).join(', '));

  const known = await ask(path, { 'If-None-Match': first.headers.etag });
  check('who knows the ETag gets 304', known.status === 304, `${known.status}`);

  const unknown = '/api/app/calendly/slots/no-such-type?start_date=2030-01-01T00:00:00Z&end_date=2030-01-02T00:00:00Z';
  const errors = [await ask(unknown), await ask(unknown)];
  check('an error is not kept', errors.every((reply) => reply.status >= 400 && kept(reply) === 'MISS'), errors.map((reply) => `${reply.status} ${kept(reply)}`).join(', '));
  const admin = '/api/web/calendly/cache/stats';
  const refused = [await ask(admin), await ask(admin)];
  check('nor is what only admins may see', refused.every((reply) => reply.status === 401 && kept(reply) === 'MISS'), refused.map((reply) => `${reply.status} ${kept(reply)}`).join(', '));

  // Days nobody knows, and a Calendly that fails: an answer without them must not be kept, or visitors would see it when Calendly is well.
  const failing = slotsPath(plainEventType(7), 1, 8);
  await upstream.fail();
  const failed = await ask(failing);
  await upstream.setLatency(0);
  check('nor a failure of Calendly\'s', failed.status >= 500 && kept(await ask(failing)) !== 'HIT', `${failed.status} ${kept(failed)}`);
  await front.stop();
  return rows;
}
