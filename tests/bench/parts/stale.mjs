// Thirty days of which there are copies only, because Calendly fails: beside the same days fresh, in the same rounds.
import { setTimeout as delay } from 'node:timers/promises';
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, medianRatio, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { load } from '../harness/wrk.mjs';

const eventType = plainEventType(2);
const path = slotsPath(eventType, 1, 31);
const connections = 64;
const seconds = 3;
const rounds = roundsOr(4);
const shortLifeS = 10;

export async function stale(upstream) {
  await upstream.setLatency(0);
  const expected = (await upstream.truth(eventType, 1, 31)).length;
  const fresh = await startSlotwire(upstream, { CALENDLY_SLOTS_CACHE_TTL: '3600' });
  const copies = await startSlotwire(upstream, { CALENDLY_SLOTS_CACHE_TTL: String(shortLifeS) });
  const ask = (server) => send(server.url + path, { headers: { 'Accept-Encoding': 'gzip' } });
  for (const server of [fresh, copies]) {
    await ask(server);
    slotsIn(server.name, await ask(server), expected);
  }
  await upstream.fail();
  await delay(shortLifeS * 1.2 * 1000);
  const isStale = async (server) => {
    const reply = await ask(server);
    slotsIn(server.name, reply, expected);
    return JSON.parse(reply.text).data.stale;
  };

  const measured = new Map([[fresh, []], [copies, []]]);
  for (let round = 0; round < rounds; ++round) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const server of round % 2 ? [copies, fresh] : [fresh, copies]) {
      if ((await isStale(server)) !== (server === copies)) throw new Error(`a round in which ${server === copies ? 'copies were' : 'slots were not'} fresh`);
      measured.get(server).push(await load(server, server.url + path, { connections, seconds }));
    }
  }
  await upstream.setLatency(0);

  const of = (server, what) => measured.get(server).map((one) => one[what]);
  const rows = [[fresh, 'fresh'], [copies, 'copies']].map(([server, name]) => ({
    name,
    perSecond: median(of(server, 'perSecond')),
    p99Ms: median(of(server, 'p99Ms')),
    cpuUs: median(of(server, 'cpuUs')),
    timesFreshCpu: medianRatio(of(server, 'cpuUs'), of(fresh, 'cpuUs')),
    timesFreshCpuSpread: spread(ratios(of(server, 'cpuUs'), of(fresh, 'cpuUs'))),
    failures: of(server, 'failures').reduce((sum, n) => sum + n, 0),
  }));
  say(`${connections} connections, rounds: ${rounds} of ${seconds} s, \`Accept-Encoding: gzip\`:`);
  table(
    ['30 days', 'req/s', 'p99 ms', 'CPU us/req', 'x fresh CPU', 'failed'],
    rows.map((row) => [row.name, whole(row.perSecond), fixed(row.p99Ms, 2), fixed(row.cpuUs), row.timesFreshCpuSpread, row.failures]),
  );
  const told = rows[1];
  if (told.failures) throw new Error(`slotwire failed ${told.failures} requests`);
  goal('stale, CPU for a request: at most 1.5 x a fresh one', `${fixed(told.timesFreshCpu, 2)} x`, told.timesFreshCpu <= 1.5);
  record({ connections, seconds, rounds, rows });
  await fresh.stop();
  await copies.stop();
}
