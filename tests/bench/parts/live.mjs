// Two thousand open widgets wait for free times to change: what they cost while nothing happens, what they do to others, and how
// long it takes until all of them know of a booking.
import { setTimeout as delay } from 'node:timers/promises';
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, percentile, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { cpuSeconds, pssMib } from '../harness/proc.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { book, goneHome, openWidgets, startForWidgets } from '../harness/widgets.mjs';
import { load } from '../harness/wrk.mjs';

const widgetCount = 2000;
const idleS = 30; // longer than a wait, so that asking again is in the figures
const rounds = Math.min(roundsOr(7), 20); // each books another time of the thirty days
const loadRounds = roundsOr(5);
const eventType = plainEventType(3);
const path = slotsPath(eventType, 1, 31);

export async function live(upstream) {
  await upstream.setLatency(0);
  const slotwire = await startForWidgets(upstream, widgetCount);
  const starts = await upstream.truth(eventType, 1, 31);
  slotsIn('slotwire', await send(slotwire.url + path), starts.length);
  await load(slotwire, slotwire.url + path, { connections: 64, seconds: 2 });

  const warm = () => load(slotwire, slotwire.url + path, { connections: 64, seconds: 2 });
  const alone = [];
  const beside = [];
  let aloneMib = 0;
  let heldMib = 0;
  let widgets;
  for (let round = 0; round < loadRounds; ++round) {
    progress(`warm requests alone and beside widgets, round ${round + 1} of ${loadRounds}`);
    if (widgets) await goneHome(widgets, upstream);
    alone.push(await warm());
    // In the first round: what a server has once held it keeps for the next time.
    aloneMib ||= pssMib(slotwire.pid);
    widgets = await openWidgets(slotwire, widgetCount);
    await delay(1000);
    heldMib ||= pssMib(slotwire.pid);
    beside.push(await warm());
  }
  progress(`nothing happens, for ${idleS} s`);
  const cpuBefore = cpuSeconds(slotwire.pid);
  const askedBefore = widgets.asked();
  await delay(idleS * 1000);
  const idleCpu = ((cpuSeconds(slotwire.pid) - cpuBefore) / idleS) * 100;
  const askedPerS = (widgets.asked() - askedBefore) / idleS;

  const told = [];
  for (let round = 0; round < rounds; ++round) {
    progress(`a booking, ${round + 1} of ${rounds}`);
    const times = await book(upstream, eventType, starts[10 + 7 * round], widgets);
    told.push({ halfMs: median(times), p99Ms: percentile(times, 0.99), lastMs: Math.max(...times) });
    await delay(1000);
  }
  const lastMs = Math.max(...told.map((one) => one.lastMs));

  say(`${whole(widgetCount)} widgets, each of another client, wait for changes and ask again after each answer:`);
  table(
    ['', 'connections', 'MiB', 'KiB each', 'CPU % idle', 'asked again, /s', 'warm req/s', 'warm p99 ms'],
    [
      ['alone', 0, fixed(aloneMib), '-', '-', '-', whole(median(alone.map((one) => one.perSecond))), fixed(median(alone.map((one) => one.p99Ms)))],
      ['with widgets', widgets.open(), fixed(heldMib), fixed(((heldMib - aloneMib) * 1024) / widgetCount), fixed(idleCpu), fixed(askedPerS),
        whole(median(beside.map((one) => one.perSecond))), fixed(median(beside.map((one) => one.p99Ms)))],
    ],
  );
  say(`Warm requests beside them, of those alone, rounds: ${loadRounds}: ${spread(ratios(beside.map((one) => one.perSecond), alone.map((one) => one.perSecond)))}.`);
  say();
  table(
    ['booked at Calendly until known', 'half of them, ms', '99 %', 'the last'],
    [[`median of ${rounds}`, fixed(median(told.map((one) => one.halfMs))), fixed(median(told.map((one) => one.p99Ms))), fixed(median(told.map((one) => one.lastMs)))],
      ['worst', fixed(Math.max(...told.map((one) => one.halfMs))), fixed(Math.max(...told.map((one) => one.p99Ms))), fixed(lastMs)]],
  );
  goal('2,000 open widgets know of a booking within 2 s', `the last after ${whole(lastMs)} ms`, lastMs < 2000 && widgets.open() === widgetCount);
  record({ alone, beside, aloneMib, heldMib, idleCpu, askedPerS, told });
  widgets.close();
  await slotwire.stop();
}
