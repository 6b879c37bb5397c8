// Two thousand open widgets wait for free times to change: what they cost while nothing happens, what they do to others, and how
// long it takes until all of them know of a booking.
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { send, slotsIn } from '../harness/http.mjs';
import { fixed, median, medianRatio, percentile, whole } from '../harness/numbers.mjs';
import { cpuSeconds, pssMib } from '../harness/proc.mjs';
import { goal, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { load } from '../harness/wrk.mjs';

const widgetCount = 2000;
const idleS = 30; // longer than a wait, so that asking again is in the figures
const rounds = 7;
const loadRounds = 5;
const eventType = plainEventType(3);
const path = slotsPath(eventType, 1, 31);

export async function live(upstream) {
  await upstream.setLatency(0);
  const slotwire = await startSlotwire(upstream, { CALENDLY_TRUSTED_PROXIES: '127.0.0.1', CALENDLY_MAX_CONNECTIONS: '8192' });
  await slotwire.command(['webhook', 'subscribe', slotwire.url]);
  while ((await send(`${slotwire.url}/api/webhooks/calendly`, { method: 'POST', body: {} })).status !== 401) await delay(50);
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
    if (widgets) await goneHome(widgets, upstream);
    alone.push(await warm());
    // In the first round: what a server has once held it keeps for the next time.
    aloneMib ||= pssMib(slotwire.pid);
    widgets = await opened(slotwire);
    await delay(1000);
    heldMib ||= pssMib(slotwire.pid);
    beside.push(await warm());
  }
  const cpuBefore = cpuSeconds(slotwire.pid);
  const askedBefore = widgets.asked();
  await delay(idleS * 1000);
  const idleCpu = ((cpuSeconds(slotwire.pid) - cpuBefore) / idleS) * 100;
  const askedPerS = (widgets.asked() - askedBefore) / idleS;

  const told = [];
  for (let round = 0; round < rounds; ++round) {
    const heard = widgets.nextNews();
    const began = performance.now();
    const reply = await send(`${upstream.url}/__pages/book`, {
      method: 'POST',
      body: { event_type: eventType.split('/').pop(), start_time: new Date(starts[10 + 7 * round]).toISOString(), name: 'Bench', email: 'bench@example.com' },
    });
    if (reply.status !== 201) throw new Error(`the booking failed: ${reply.text}`);
    const times = (await heard).map((at) => at - began);
    told.push({ halfMs: median(times), p99Ms: percentile(times, 0.99), lastMs: Math.max(...times) });
    await delay(1000);
  }
  const lastMs = Math.max(...told.map((one) => one.lastMs));

  say(`Live: ${whole(widgetCount)} widgets, each of another client, wait for changes and ask again after each answer`);
  table(
    ['', 'connections', 'MiB', 'KiB each', 'CPU % idle', 'asked again, /s', 'warm req/s', 'warm p99 ms'],
    [
      ['alone', 0, fixed(aloneMib), '-', '-', '-', whole(median(alone.map((one) => one.perSecond))), fixed(median(alone.map((one) => one.p99Ms)))],
      ['with widgets', widgets.open(), fixed(heldMib), fixed(((heldMib - aloneMib) * 1024) / widgetCount), fixed(idleCpu), fixed(askedPerS),
        whole(median(beside.map((one) => one.perSecond))), fixed(median(beside.map((one) => one.p99Ms)))],
    ],
  );
  say(`  warm requests beside them, of those alone: ${fixed(medianRatio(beside.map((one) => one.perSecond), alone.map((one) => one.perSecond)), 2)}`);
  say();
  table(
    ['booked at Calendly until known', 'half of them, ms', '99 %', 'the last'],
    [[`median of ${rounds}`, fixed(median(told.map((one) => one.halfMs))), fixed(median(told.map((one) => one.p99Ms))), fixed(median(told.map((one) => one.lastMs)))],
      ['worst', fixed(Math.max(...told.map((one) => one.halfMs))), fixed(Math.max(...told.map((one) => one.p99Ms))), fixed(lastMs)]],
  );
  goal('2,000 open widgets know of a booking within 2 s', `the last after ${whole(lastMs)} ms`, lastMs < 2000 && widgets.open() === widgetCount);
  record('live', { alone, beside, aloneMib, heldMib, idleCpu, askedPerS, told });
  widgets.close();
  await slotwire.stop();
}

/** Closes them once they have been told something: a wait whose client has left lasts as long as any other. */
async function goneHome(widgets, upstream) {
  const heard = widgets.lastNews();
  const reply = await send(`${upstream.url}/__sim/deliver`, { method: 'POST', body: {} });
  if (JSON.parse(reply.text).status !== 200) throw new Error(`the delivery failed: ${reply.text}`);
  await heard;
  widgets.close();
}

/** Waits on kept-alive connections, one for each widget, through a trusted proxy so that each is a client of its own. */
async function opened(server) {
  const { hostname, port } = new URL(server.url);
  const sockets = [];
  let asked = 0;
  let open = 0;
  let isLeaving = false;
  /** @type {{times: number[], done: (times: number[]) => void} | undefined} */
  let listening;

  async function open1(number) {
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    open++;
    socket.on('error', () => {});
    socket.on('close', () => open--);
    const client = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
    const ask = (version) => {
      asked++;
      socket.write(`GET /api/app/calendly/changes${version === undefined ? '' : `?since=${version}`} HTTP/1.1\r\nHost: bench\r\nX-Forwarded-For: ${client}\r\n\r\n`);
    };
    let bytes = '';
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      bytes += part;
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(bytes)[1]);
      if (bytes.length < end + 4 + length) return;
      const { data } = JSON.parse(bytes.slice(end + 4, end + 4 + length));
      bytes = '';
      if (data.pollAfterMs) throw new Error('a widget was sent away: too many wait');
      if (data.days.length && listening && listening.times.push(performance.now()) === widgetCount) {
        listening.done(listening.times);
        listening = undefined;
      }
      if (!isLeaving) ask(data.version);
    });
    ask();
    sockets.push(socket);
  }

  const batch = 100;
  for (let first = 0; first < widgetCount; first += batch) await Promise.all(Array.from({ length: batch }, (_, i) => open1(first + i + 1)));
  const nextNews = () => new Promise((done) => {
    listening = { times: [], done };
  });
  return {
    open: () => open,
    asked: () => asked,
    /** When each of them has heard of the next change. @returns {Promise<number[]>} */
    nextNews,
    /** The same, and they do not ask again. */
    lastNews() {
      isLeaving = true;
      return nextNews();
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}
