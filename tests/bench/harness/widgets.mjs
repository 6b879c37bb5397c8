// Open widgets that wait for free times to change, each on a connection and as a client of its own.
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { send } from './http.mjs';
import { startSlotwire } from './slotwire.mjs';

/** A server that takes so many, and is told of bookings by the upstream. */
export async function startForWidgets(upstream, count) {
  const slotwire = await startSlotwire(upstream, { CALENDLY_TRUSTED_PROXIES: '127.0.0.1', CALENDLY_MAX_CONNECTIONS: String(Math.max(8192, count * 4)) });
  await slotwire.command(['webhook', 'subscribe', slotwire.url]);
  while ((await send(`${slotwire.url}/api/webhooks/calendly`, { method: 'POST', body: {} })).status !== 401) await delay(50);
  return slotwire;
}

/** Somebody books at Calendly: when, on performance.now()'s clock, and when each widget heard of it. */
export async function book(upstream, eventType, start, widgets) {
  const heard = widgets.nextNews();
  const began = performance.now();
  const reply = await send(`${upstream.url}/__pages/book`, {
    method: 'POST',
    body: { event_type: eventType.split('/').pop(), start_time: new Date(start).toISOString(), name: 'Bench', email: 'bench@example.com' },
  });
  if (reply.status !== 201) throw new Error(`the booking failed: ${reply.text}`);
  return (await heard).map((at) => at - began);
}

/** Closes them once they have been told something: a wait whose client has left lasts as long as any other. */
export async function goneHome(widgets, upstream) {
  const heard = widgets.lastNews();
  const reply = await send(`${upstream.url}/__sim/deliver`, { method: 'POST', body: {} });
  if (JSON.parse(reply.text).status !== 200) throw new Error(`the delivery failed: ${reply.text}`);
  await heard;
  widgets.close();
}

/** `count` waits on kept-alive connections, one for each widget, through a trusted proxy so that each is a client of its own. */
export async function openWidgets(server, count) {
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
      if (data.days.length && listening && listening.times.push(performance.now()) === count) {
        listening.done(listening.times);
        listening = undefined;
      }
      if (!isLeaving) ask(data.version);
    });
    ask();
    sockets.push(socket);
  }

  const batch = 100;
  for (let first = 0; first < count; first += batch) await Promise.all(Array.from({ length: batch }, (_, i) => open1(first + i + 1)));
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
