// Where one warm answer goes: instructions and system calls by stage, counted by callgrind, beside a server that does nothing but read and
// send fixed bytes; and both servers' CPU time at full speed, in their own code and in the kernel.
import { join } from 'node:path';
import { counted, underCallgrind } from '../harness/callgrind.mjs';
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { outDir } from '../harness/paths.mjs';
import { startSocketLimit } from '../harness/peers.mjs';
import { progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { load } from '../harness/wrk.mjs';

const eventType = plainEventType(1);
const path = slotsPath(eventType, 1, 31);
const connections = 16;
const seconds = 3;

/** Stages that do not contain each other, by the function in which each begins. What an answer costs beside them is the last row. */
const stages = [
  ['waiting for events (epoll)', /^epoll_wait/],
  ['receiving (kernel)', /PlainTransport::receive\(/],
  ['sending (kernel)', /PlainTransport::send\(/],
  ['reading the request\'s head', /HeadReader::read\(/],
  ['key of the ready answer', /http::repeat_key(\[abi:cxx11\])?\(/],
  ['look-up of the ready answer', /Repeats::find\(/],
  ['limits of the client', /ClientLimits::take\(/],
  ['the request\'s id', /Loop::fresh_id(\[abi:cxx11\])?\(/],
  ['asking the time (no system call without valgrind)', /^std::chrono::_V2::(steady|system)_clock::now\(/],
  ['metrics and log', /RequestCounts::note\(/],
  ['answers made anew, once a second (routing, service, head)', /Loop::dispatch\(/],
  ['changes of other programs, looked for twice a second', /WorkerThreads::run\(\)$/],
];
const limitStages = { 'waiting for events (epoll)': /^epoll_wait/, 'receiving (kernel)': /^(recv|__libc_recv)/, 'sending (kernel)': /^(send|__libc_send)/ };

export async function profile(upstream) {
  await upstream.setLatency(0);
  const expected = (await upstream.truth(eventType, 1, 31)).length;
  const fill = (server) => send(server.url + path, { headers: { 'Accept-Encoding': 'gzip' } });

  progress('slotwire under callgrind');
  const ours = await profiled('slotwire', (under) => startSlotwire(upstream, {}, under), async (server) => slotsIn('slotwire', await fill(server), expected));
  progress('raw socket limit under callgrind');
  const body = { gzip: ours.body };
  const limit = await profiled('socket-limit', (under) => startSocketLimit(body, under), async () => {});

  const cost = (counts, pattern) => sumOf([...counts.inclusive].filter(([name]) => pattern.test(name)).map(([, each]) => each));
  const each = (counts, what) => counts[what] / ours.requests;
  const rows = stages.map(([name, pattern]) => ({ name, ours: cost(ours, pattern), limit: limitStages[name] && cost(limit, limitStages[name]) }));
  const named = sumOf(rows.map((row) => row.ours));
  const rest = Object.fromEntries(Object.keys(named).map((what) => [what, Math.max(0, ours.total[what] - named[what])]));
  rows.push({ name: 'the rest: joining the answer, the loop, memory', ours: rest });
  say(`One warm answer of 30 days with gzip (${whole(ours.body.length)} bytes), counted over ${whole(ours.requests)} answers on ${connections} connections; the raw`);
  say(`socket limit over ${whole(limit.requests)}. Kernel time is CPU time inside system calls, under valgrind; epoll's has in it what\nvalgrind needs to hand over from one thread to the other.`);
  table(['stage', 'instructions', '% of ours', 'system calls', 'kernel us', 'limit: instructions', 'system calls', 'kernel us'], [
    ...rows.map((row) => [row.name, whole(each(row.ours, 'instructions')), fixed((100 * row.ours.instructions) / ours.total.instructions), fixed(each(row.ours, 'calls'), 2),
      fixed(each(row.ours, 'kernelNs') / 1000, 2), ...ofLimit(row.limit, limit)]),
    ['in all', whole(each(ours.total, 'instructions')), '100', fixed(each(ours.total, 'calls'), 2), fixed(each(ours.total, 'kernelNs') / 1000, 2), ...ofLimit(limit.total, limit)],
  ]);

  // One form of each calls the other, so the larger of them is both.
  const share = (pattern) => fixed((100 * Math.max(0, ...[...ours.inclusive].filter(([name]) => pattern.test(name)).map(([, { instructions }]) => instructions))) / ours.total.instructions);
  say(`In the stages together, allocating is ${share(/^operator new\(/)} % of the instructions, and freeing, where every block is wiped, ${share(/^operator delete\(/)} %.`);
  say();
  // Of the functions that a thread never leaves callgrind counts all they call as their own.
  const top = [...ours.own].filter(([, { instructions }]) => instructions < 0.9 * ours.total.instructions).sort(([, a], [, b]) => b.instructions - a.instructions).slice(0, 12);
  say('The functions of slotwire with the most instructions of their own, without what they call:');
  table(['function', 'instructions', '%'], top.map(([name, { instructions }]) => [`\`${shortened(name)}\``, whole(instructions / ours.requests), fixed((100 * instructions) / ours.total.instructions)]));

  record({ stages: rows.map(({ name, ours: of }) => ({ name, ...of })), total: ours.total, requests: ours.requests, limit: { total: limit.total, requests: limit.requests }, cpu: await atFullSpeed(upstream, body, fill) });
}

const sumOf = (costs) => costs.reduce((sum, one) => ({ instructions: sum.instructions + one.instructions, calls: sum.calls + one.calls, kernelNs: sum.kernelNs + one.kernelNs }),
  { instructions: 0, calls: 0, kernelNs: 0 });

function ofLimit(cost, limit) {
  if (!cost) return ['-', '-', '-'];
  return [whole(cost.instructions / limit.requests), fixed(cost.calls / limit.requests, 2), fixed(cost.kernelNs / limit.requests / 1000, 2)];
}

/** Without template arguments and parameters. */
function shortened(name) {
  let text = name;
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(/<[^<>]*>/g, '')];
  return text.replace(/\(.*$/, '').replaceAll('slotwire::', '').slice(0, 70);
}

async function profiled(name, begin, check) {
  const file = join(outDir, `callgrind.${name}`);
  const server = await begin(underCallgrind(file));
  for (let i = 0; i < 5; ++i) await check(server);
  const { wire } = await send(server.url + path, { headers: { 'Accept-Encoding': 'gzip' } });
  const ask = () => load(server, server.url + path, { connections, seconds });
  let requests = 0;
  const counts = await counted(server, file, async () => {
    const did = await ask();
    if (did.failures) throw new Error(`${did.failures} requests failed under callgrind`);
    requests = did.requests;
  });
  await server.stop();
  return { ...counts, requests, body: wire };
}

async function atFullSpeed(upstream, body, fill) {
  const slotwire = await startSlotwire(upstream);
  const limit = await startSocketLimit(body);
  await fill(slotwire);
  await fill(slotwire);
  const measured = new Map([[slotwire, []], [limit, []]]);
  const rounds = roundsOr(4);
  for (let round = 0; round < rounds; ++round) {
    progress(`at full speed, round ${round + 1} of ${rounds}`);
    for (const server of round % 2 ? [limit, slotwire] : [slotwire, limit]) measured.get(server).push(await load(server, server.url + path, { connections: 64, seconds: 2 }));
  }
  const of = (server, what) => measured.get(server).map((one) => one[what]);
  const kinds = [['in its own code', 'userUs'], ['in the kernel', 'kernelUs'], ['in all', 'cpuUs']];
  say(`CPU time for each request at full speed, without valgrind, 64 connections; rounds: ${rounds} of 2 s:`);
  table(['CPU us', 'slotwire', 'raw socket limit', 'x limit', 'left between them'], kinds.map(([name, what]) => [name, fixed(median(of(slotwire, what)), 2), fixed(median(of(limit, what)), 2),
    spread(ratios(of(slotwire, what), of(limit, what))), fixed(median(of(slotwire, what)) - median(of(limit, what)), 2)]));
  await slotwire.stop();
  await limit.stop();
  return Object.fromEntries(kinds.map(([, what]) => [what, { slotwire: of(slotwire, what), limit: of(limit, what) }]));
}
