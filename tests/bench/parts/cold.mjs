// Answers that nobody has asked for before, with an upstream that takes its time.
import { newConnection, send, slotsIn } from '../harness/http.mjs';
import { fixed, median, medianRatio, percentile, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { startIncumbent } from '../harness/peers.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';

const latencyMs = 150;
const rounds = Math.min(roundsOr(9), 18); // each takes an event type that nobody has asked for: number 10 to 27
const herd = 500;
const ranges = 200;
const horizonDays = 58; // the simulator shows 60 days from now on, the last of them in part

export async function cold(upstream) {
  const servers = [await startSlotwire(upstream), await startIncumbent('incumbent', upstream, false)];
  record({
    month: await coldMonth(upstream, servers),
    herd: await coldHerd(upstream, servers),
    overlap: await overlappingRanges(upstream, servers),
  });
  await upstream.setLatency(0);
  for (const server of servers) await server.stop();
}

async function coldMonth(upstream, servers) {
  say(`30 days nobody has asked for, ${latencyMs} ms upstream latency; rounds: ${rounds}`);
  await upstream.setLatency(latencyMs);
  const oneCall = [];
  const measured = new Map(servers.map((server) => [server, { tookMs: [], calls: [] }]));
  for (let round = 0; round < rounds; ++round) {
    progress(`cold month, round ${round + 1} of ${rounds}`);
    // Another event type each time is what makes it cold.
    const eventType = plainEventType(10 + round);
    const expected = (await upstream.truth(eventType, 1, 31)).length;
    oneCall.push((await upstream.ask(eventType, 1, 8)).tookMs);
    for (const server of servers) {
      await upstream.resetCounters();
      const reply = await send(server.url + slotsPath(eventType, 1, 31), { headers: { 'Accept-Encoding': 'gzip' } });
      slotsIn(server.name, reply, expected);
      measured.get(server).tookMs.push(reply.tookMs);
      measured.get(server).calls.push(await upstream.calls());
    }
  }
  const rows = servers.map((server) => {
    const { tookMs, calls } = measured.get(server);
    return { name: server.name, tookMs: median(tookMs), worstMs: Math.max(...tookMs), timesOneCall: medianRatio(tookMs, oneCall), timesOneCallSpread: spread(ratios(tookMs, oneCall)), calls: median(calls) };
  });
  table(
    ['', 'median ms', 'slowest ms', 'x one call', 'upstream calls'],
    [['one upstream call of 7 days', fixed(median(oneCall)), fixed(Math.max(...oneCall)), '1.00', 1],
      ...rows.map((row) => [row.name, fixed(row.tookMs), fixed(row.worstMs), row.timesOneCallSpread, row.calls])],
  );
  goal('cold 30 days: at most 1.2 x one upstream call', `${fixed(rows[0].timesOneCall, 2)} x`, rows[0].timesOneCall <= 1.2);
  return { oneCallMs: median(oneCall), rows };
}

async function coldHerd(upstream, servers) {
  say(`${herd} visitors ask for the same cold 30 days at once, each on a new connection:`);
  await upstream.setLatency(latencyMs);
  const eventType = plainEventType(30);
  const expected = (await upstream.truth(eventType, 1, 31)).length;
  const rows = [];
  for (const server of servers) {
    progress(`${herd} at once: ${server.name}`);
    await upstream.resetCounters();
    const replies = await Promise.all(
      Array.from({ length: herd }, () => send(server.url + slotsPath(eventType, 1, 31), { agent: newConnection() })),
    );
    for (const reply of replies) slotsIn(server.name, reply, expected);
    const times = replies.map((reply) => reply.tookMs);
    rows.push({ name: server.name, calls: await upstream.calls(), p50Ms: median(times), worstMs: Math.max(...times) });
  }
  table(['', 'upstream calls', 'p50 ms', 'slowest ms'], rows.map((row) => [row.name, whole(row.calls), whole(row.p50Ms), whole(row.worstMs)]));
  goal(`herd of ${herd}: as many upstream calls as one visitor makes (5)`, whole(rows[0].calls), rows[0].calls === 5);
  return rows;
}

/** The same ranges in every run: 1 to 30 days long, each one once. */
function mixedRanges() {
  let state = 20260101;
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const chosen = new Map();
  while (chosen.size < ranges) {
    const first = 1 + next(horizonDays - 1);
    const end = first + 1 + next(Math.min(30, horizonDays - first));
    chosen.set(`${first}-${end}`, { first, end });
  }
  return [...chosen.values()];
}

async function overlappingRanges(upstream, servers) {
  await upstream.setLatency(5);
  const asked = mixedRanges();
  const days = new Set(asked.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i)));
  const least = Math.ceil(days.size / 7);
  say(`${ranges} different ranges of 1 to 30 days within ${horizonDays} days, eight at a time; ${least} windows of 7 days hold them all:`);
  const eventType = plainEventType(31);
  const starts = await upstream.truth(eventType, 1, horizonDays + 1);
  const rows = [];
  for (const server of servers) {
    progress(`overlapping ranges: ${server.name}`);
    await upstream.resetCounters();
    const times = [];
    const queue = [...asked];
    const visitor = async () => {
      for (let range = queue.shift(); range; range = queue.shift()) {
        const path = slotsPath(eventType, range.first, range.end);
        const query = new URLSearchParams(path.split('?')[1]);
        const [begin, end] = ['start_date', 'end_date'].map((name) => Date.parse(query.get(name)));
        const expected = starts.filter((at) => begin <= at && at < end).length;
        const reply = await send(server.url + path);
        if (expected > 0) slotsIn(server.name, reply, expected);
        else if (reply.status !== 200) throw new Error(`${server.name} answered ${reply.status}: ${reply.text}`);
        times.push(reply.tookMs);
      }
    };
    await Promise.all(Array.from({ length: 8 }, visitor));
    rows.push({ name: server.name, calls: await upstream.calls(), p50Ms: median(times), p99Ms: percentile(times, 0.99) });
  }
  table(['', 'upstream calls', 'p50 ms', 'p99 ms'], rows.map((row) => [row.name, whole(row.calls), fixed(row.p50Ms), fixed(row.p99Ms)]));
  return { least, rows };
}
