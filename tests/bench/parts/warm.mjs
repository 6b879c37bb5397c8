// The answer that is asked for most: thirty days, everything known, gzip.
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, medianRatio, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { startIncumbent, startNginx, startSocketLimit } from '../harness/peers.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { raisedLimits, startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { load } from '../harness/wrk.mjs';

const eventType = plainEventType(1);
const path = slotsPath(eventType, 1, 31);
const runs = [
  { connections: 64, seconds: 3, rounds: roundsOr(4) },
  { connections: 256, seconds: 3, rounds: roundsOr(2) },
];

export async function warm(upstream) {
  await upstream.setLatency(0);
  const expected = (await upstream.truth(eventType, 1, 31)).length;
  const slotwire = await startSlotwire(upstream);
  const incumbent = await startIncumbent('incumbent', upstream, false);
  const compressing = await startIncumbent('incumbent, gzip', upstream, true);
  const fill = (server) => send(server.url + path, { headers: { 'Accept-Encoding': 'gzip' } });
  await fill(slotwire);
  const ours = await fill(slotwire);
  const body = { plain: ours.text, gzip: ours.wire };
  const nginx = await startNginx(compressing, body);
  const limit = await startSocketLimit(body);

  const servers = [slotwire, nginx.cache, nginx.file, incumbent, compressing, limit];
  say(`30 days with ${expected} slots, all of them in the cache, \`Accept-Encoding: gzip\`. slotwire has its limits raised, not switched off, since wrk has one address:`);
  say(`\`${Object.entries(raisedLimits).map((pair) => pair.join('=')).join(' ')}\`.`);
  say();
  const sizes = {};
  for (const server of servers) {
    await fill(server);
    const reply = await fill(server);
    slotsIn(server.name, reply, expected);
    const isPlain = server === incumbent;
    if ((reply.headers['content-encoding'] !== 'gzip') !== isPlain) throw new Error(`${server.name} did not answer as it should: ${reply.headers['content-encoding']}`);
    sizes[server.name] = reply.wire.length;
  }

  const figures = [];
  for (const { connections, seconds, rounds } of runs) {
    const measured = new Map(servers.map((server) => [server, []]));
    for (let round = 0; round < rounds; ++round) {
      progress(`${connections} connections, round ${round + 1} of ${rounds}`);
      // There and back again, so that no server always follows the same one.
      for (const server of round % 2 ? [...servers].reverse() : servers) {
        measured.get(server).push(await load(server, server.url + path, { connections, seconds }));
      }
    }
    const of = (server, what) => measured.get(server).map((one) => one[what]);
    const ratio = (server, other, what = 'perSecond') => medianRatio(of(server, what), of(other, what));
    const rows = servers.map((server) => ({
      name: server.name,
      perSecond: median(of(server, 'perSecond')),
      timesIncumbent: ratio(server, incumbent),
      timesCache: ratio(server, nginx.cache),
      timesCacheSpread: spread(ratios(of(server, 'perSecond'), of(nginx.cache, 'perSecond'))),
      p50Ms: median(of(server, 'p50Ms')),
      p99Ms: median(of(server, 'p99Ms')),
      cpuUs: median(of(server, 'cpuUs')),
      timesLimitCpu: ratio(server, limit, 'cpuUs'),
      timesLimitCpuSpread: spread(ratios(of(server, 'cpuUs'), of(limit, 'cpuUs'))),
      bodyBytes: sizes[server.name],
      failures: of(server, 'failures').reduce((sum, n) => sum + n, 0),
    }));
    figures.push({ connections, seconds, rounds, rows });
    say(`${connections} connections, rounds: ${rounds} of ${seconds} s:`);
    table(
      ['server', 'req/s', 'x nginx cache', 'p50 ms', 'p99 ms', 'CPU us/req', 'x limit CPU', 'body bytes', 'failed'],
      rows.map((row) => [row.name, whole(row.perSecond), row.timesCacheSpread, fixed(row.p50Ms, 2), fixed(row.p99Ms, 2),
        fixed(row.cpuUs), row.timesLimitCpuSpread, row.bodyBytes, row.failures]),
    );
    const best = rows[0];
    if (best.failures) throw new Error(`slotwire failed ${best.failures} requests`);
    if (connections === 64) {
      const fasterIncumbent = [incumbent, compressing].reduce((a, b) => (ratio(a, b) > 1 ? a : b));
      goal('warm, 64 connections: at least 1.0 x nginx with stored variants', `${fixed(best.timesCache, 2)} x`, best.timesCache >= 1);
      goal('warm, 64 connections: at least 20 x the Node incumbent', `${fixed(ratio(slotwire, fasterIncumbent))} x`, ratio(slotwire, fasterIncumbent) >= 20);
      goal('warm, CPU for a request: at most 2 x the raw socket limit', `${fixed(best.timesLimitCpu, 2)} x`, best.timesLimitCpu <= 2);
    }
  }
  record(figures);
  for (const server of [slotwire, nginx, incumbent, compressing, limit]) await server.stop();
}
