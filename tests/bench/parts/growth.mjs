// Cost as work grows: the pure parts by growth.cpp, natively and as WebAssembly, and a real server with more event types and more open
// widgets. What is told is the cost of each element and the slope of total cost over size, both as logarithms: 1 is linear.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, roundsOr, whole } from '../harness/numbers.mjs';
import { binDir, root } from '../harness/paths.mjs';
import { pssMib } from '../harness/proc.mjs';
import { run } from '../harness/processes.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { midnight, plainEventType, startUpstream } from '../harness/upstream.mjs';
import { book, openWidgets, startForWidgets } from '../harness/widgets.mjs';
import { load } from '../harness/wrk.mjs';

/** Linear work whose data no longer fits the processor's caches comes to 1.2 or so; n log n to 1.1; every second element twice to 2. */
const mostExponent = 1.35;
/** Costs that do not follow the sizes of real use, with why that is left so. */
const known = {
  'merge: days, the latest first': 'a day that comes before all others moves them up: a widget holds 400 days at most, where this is not measurable, ' +
    'and a tree would double the module\'s share of this',
};

/** Slope of ln(cost) over ln(size), by least squares. @param {[number, number][]} points size and total cost */
export function exponent(points) {
  const xs = points.map(([size]) => Math.log(size));
  const ys = points.map(([, cost]) => Math.log(cost));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  return xs.reduce((sum, x, i) => sum + (x - x0) * (ys[i] - y0), 0) / xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
}

export async function growth() {
  const native = await pureParts('natively', () => run(join(binDir, 'growth'), []), 'build/bin/growth');
  const wasmProgram = join(root, 'build/web/bin/growth.js');
  if (existsSync(wasmProgram)) await pureParts('as WebAssembly under node', () => run(process.execPath, [wasmProgram]), 'node build/web/bin/growth.js');
  else say('As WebAssembly: **left out**, since `build/web` is not there; `make web` makes it.\n');
  say('Exponents of 1.1 to 1.3 are the processor\'s caches: a million slots with their links are 200 MB, and each costs a look into memory.');
  say();
  const types = await eventTypes();
  const widgets = await openOnes();
  const steep = native.filter(({ slope, what }) => slope > mostExponent && !(what in known));
  goal(`growth: no exponent of the engine over ${mostExponent}`, steep.length ? steep.map(({ what, slope }) => `${what}: ${fixed(slope, 2)}`).join('; ') : `at most ${fixed(Math.max(...native.filter(({ what }) => !(what in known)).map(({ slope }) => slope)), 2)}`, !steep.length);
  record({ native, types, widgets });
}

async function pureParts(where, measure, command) {
  progress(`the engine, ${where}`);
  const lines = (await measure()).trim().split('\n').map((line) => JSON.parse(line));
  const byWhat = Map.groupBy ? Map.groupBy(lines, ({ what }) => what) : lines.reduce((map, line) => map.set(line.what, [...(map.get(line.what) ?? []), line]), new Map());
  const rows = [...byWhat].map(([what, points]) => ({ what, of: points[0].of, points: points.map(({ n, ns }) => [n, ns]), slope: exponent(points.map(({ n, ns }) => [n, n * ns])) }));
  say(`The engine ${where} (\`${command}\`), nanoseconds for each element at three sizes:`);
  table(['', 'element', 'sizes', 'ns each', 'exponent'], rows.map(({ what, of, points, slope }) => [what, of,
    points.map(([n]) => whole(n)).join(' / '), points.map(([, ns]) => (ns < 100 ? fixed(ns) : whole(ns))).join(' / '), fixed(slope, 2)]));
  for (const { what } of rows) {
    if (what in known) say(`${what}: ${known[what]}.\n`);
  }
  return rows;
}

async function eventTypes() {
  const rows = [];
  for (const count of [10, 1_000, 10_000]) {
    progress(`an account of ${whole(count)} event types`);
    const upstream = await startUpstream(count);
    const began = performance.now();
    const slotwire = await startSlotwire(upstream);
    const ask = async (path) => {
      const reply = await send(slotwire.url + path, { headers: { 'Accept-Encoding': 'gzip' } });
      if (reply.status !== 200) throw new Error(`${path} was answered with ${reply.status}: ${reply.text.slice(0, 300)}`);
      return reply;
    };
    const list = '/api/app/calendly/event-types';
    let found = JSON.parse((await ask(list)).text).data.eventTypes;
    const connectMs = performance.now() - began;
    if (found.length < count - 5) throw new Error(`${found.length} of ${count} event types are listed`);
    const listMs = [];
    for (let i = 0; i < 2 * roundsOr(5); ++i) listMs.push((await ask(list)).tookMs);
    const last = found.findLast(({ slug }) => slug.startsWith('bulk-')) ?? found[0];
    const slots = `/api/app/calendly/slots/${encodeURIComponent(last.slug)}?start_date=${midnight(1)}&end_date=${midnight(31)}`;
    slotsIn('slotwire', await ask(slots), JSON.parse((await ask(slots)).text).data.slots.length);
    const { cpuUs, failures } = await load(slotwire, slotwire.url + slots, { connections: 16, seconds: 1 });
    if (failures) throw new Error(`${failures} requests for the last of ${count} event types failed`);
    rows.push({ count: found.length, connectMs, listMs: median(listMs), listBytes: (await ask(list)).text.length, cpuUs, mib: pssMib(slotwire.pid) });
    found = undefined;
    await slotwire.stop();
    await upstream.stop();
  }
  say('Event types of one account, on a real server:');
  const slope = (what) => fixed(exponent(rows.map((row) => [row.count, row[what]])), 2);
  table(['event types', 'connected and listed after ms', 'list, ms', 'list, kB', 'a warm answer of the last, CPU us', 'MiB'],
    [...rows.map((row) => [whole(row.count), whole(row.connectMs), fixed(row.listMs, 2), whole(row.listBytes / 1000), fixed(row.cpuUs), fixed(row.mib)]),
      ['exponent', slope('connectMs'), slope('listMs'), slope('listBytes'), slope('cpuUs'), slope('mib')]]);
  return rows;
}

async function openOnes() {
  const most = 4_000;
  const eventType = plainEventType(5);
  const rows = [];
  for (const count of [100, 1_000, most]) {
    progress(`${whole(count)} open widgets`);
    // A server for each: what one has held it keeps. A Calendly for each, which tells all servers it ever knew.
    const upstream = await startUpstream();
    const starts = await upstream.truth(eventType, 1, 31);
    const slotwire = await startForWidgets(upstream, most);
    slotsIn('slotwire', await send(`${slotwire.url}/api/app/calendly/slots/${encodeURIComponent(eventType)}?start_date=${midnight(1)}&end_date=${midnight(31)}`), starts.length);
    const before = pssMib(slotwire.pid);
    const widgets = await openWidgets(slotwire, count);
    await delay(500);
    const held = pssMib(slotwire.pid);
    const told = [];
    for (let round = 0; round < Math.min(roundsOr(3), 50); ++round) told.push(Math.max(...await book(upstream, eventType, starts[10 + 3 * round], widgets)));
    if (widgets.open() !== count) throw new Error(`${count - widgets.open()} of ${count} widgets lost their connection`);
    rows.push({ count, kib: ((held - before) * 1024) / count, toldMs: median(told), worstMs: Math.max(...told) });
    widgets.close();
    await slotwire.stop();
    await upstream.stop();
  }
  say('Open widgets that wait, and a booking at Calendly (webhook, simulator and the clients\' own work included):');
  const slope = (of) => fixed(exponent(rows.map((row) => [row.count, of(row)])), 2);
  table(['widgets', 'KiB each', 'all told after ms', 'slowest round', 'us each'],
    [...rows.map((row) => [whole(row.count), fixed(row.kib), fixed(row.toldMs), fixed(row.worstMs), fixed((row.toldMs * 1000) / row.count)]),
      ['exponent', slope((row) => row.kib * row.count), slope((row) => row.toldMs), '', '']]);
  return rows;
}
