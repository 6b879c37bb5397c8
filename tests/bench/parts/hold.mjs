// Connections that are open and say nothing, or say it very slowly: are others still served, and what does it cost?
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { newConnection, send, slotsIn } from '../harness/http.mjs';
import { fixed, median, percentile } from '../harness/numbers.mjs';
import { startIncumbent, startNginx } from '../harness/peers.mjs';
import { cpuSeconds, pssMib } from '../harness/proc.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';
import { plainEventType, slotsPath } from '../harness/upstream.mjs';
import { load } from '../harness/wrk.mjs';

const idleCount = 1000;
const dribblingCount = 300;
const freshCount = 200;
const patienceS = 15; // for a server to cut the dribbling ones
const eventType = plainEventType(2);
const path = slotsPath(eventType, 1, 31);

export async function hold(upstream) {
  await upstream.setLatency(0);
  const expected = (await upstream.truth(eventType, 1, 31)).length;
  const slotwire = await startSlotwire(upstream);
  const incumbent = await startIncumbent('incumbent', upstream, false);
  const compressing = await startIncumbent('incumbent, gzip', upstream, true);
  const nginx = await startNginx(compressing);

  say(`${idleCount} kept-alive connections that asked once, then ${dribblingCount} more that send a byte of a header each second.`);
  say(`Fresh requests: ${freshCount}, each on a new connection, meanwhile. Memory as PSS. Not in rounds: one after the other.`);
  say();
  const rows = [];
  for (const server of [slotwire, nginx.cache, incumbent]) {
    progress(server.name);
    rows.push(await heldBy(server, expected));
  }
  const ms = (fresh) => `${fixed(fresh.p50Ms)} / ${fixed(fresh.p99Ms)}`;
  table(
    ['fresh request, p50 / p99 ms', 'alone', '+ 1,000 idle', '+ 300 dribbling', 'idle kept', 'CPU % idle', 'CPU % dribbling', 'dribbling cut after s'],
    rows.map((row) => [row.name, ms(row.alone), ms(row.idle), ms(row.dribbling), row.idleLeft, fixed(row.idleCpu), fixed(row.dribblingCpu),
      row.cutAfterS ? fixed(row.cutAfterS) : `not in ${patienceS}`]),
  );
  table(
    ['memory, MiB', 'started', 'after load', '1,000 idle', 'for 1,000 idle'],
    rows.map((row) => [row.name, fixed(row.startedMib), fixed(row.loadedMib), fixed(row.idleMib), fixed(row.idleMib - row.loadedMib, 2)]),
  );
  const worst = Math.max(rows[0].idle.p99Ms, rows[0].dribbling.p99Ms);
  goal('1,000 idle and 300 dribbling connections: fresh requests under 100 ms', `p99 ${fixed(worst)} ms`, worst < 100 && rows[0].idleLeft === idleCount);
  record(rows);
  for (const server of [slotwire, nginx, incumbent, compressing]) await server.stop();
}

async function heldBy(server, expected) {
  const startedMib = pssMib(server.pid);
  slotsIn(server.name, await send(server.url + path), expected);
  // Every server gets into its stride, and keeps what memory that takes.
  await load(server, server.url + path, { connections: 64, seconds: 2 });
  const alone = await freshRequests(server, expected);
  const loadedMib = pssMib(server.pid);

  const idle = await openIdle(server);
  const idleMib = pssMib(server.pid);
  const idleCpu = await cpuShare(server);
  const idleFresh = await freshRequests(server, expected);
  const idleLeft = idle.filter((socket) => !socket.destroyed).length;

  const dribble = await openDribbling(server);
  const dribblingCpu = await cpuShare(server);
  const dribblingFresh = await freshRequests(server, expected);
  const cutAfterS = await dribble.cutAfterS();
  for (const socket of idle) socket.destroy();
  return {
    name: server.name, idleLeft, startedMib, loadedMib, idleMib, alone, idle: idleFresh, dribbling: dribblingFresh, idleCpu, dribblingCpu, cutAfterS,
  };
}

async function freshRequests(server, expected) {
  const times = [];
  for (let i = 0; i < freshCount; ++i) {
    const reply = await send(server.url + path, { agent: newConnection(), headers: { 'Accept-Encoding': 'gzip' }, timeoutMs: 5000 });
    slotsIn(server.name, reply, expected);
    times.push(reply.tookMs);
  }
  return { p50Ms: median(times), p99Ms: percentile(times, 0.99) };
}

/** Per cent of one core, over two seconds. */
async function cpuShare(server) {
  const before = cpuSeconds(server.pid);
  await delay(2000);
  return ((cpuSeconds(server.pid) - before) / 2) * 100;
}

async function opened(server) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Connections that have had an answer, in full, and stay. */
async function openIdle(server) {
  const request = `GET ${path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n`;
  const sockets = [];
  const batch = 50;
  while (sockets.length < idleCount) {
    sockets.push(...await Promise.all(Array.from({ length: batch }, async () => {
      const socket = await opened(server);
      socket.on('error', () => {});
      socket.write(request);
      await wholeAnswer(socket);
      return socket;
    })));
  }
  return sockets;
}

function wholeAnswer(socket) {
  return new Promise((done, fail) => {
    let bytes = Buffer.alloc(0);
    const onData = (part) => {
      bytes = Buffer.concat([bytes, part]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = bytes.toString('latin1', 0, end);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      const isWhole = length ? bytes.length >= end + 4 + Number(length) : bytes.toString('latin1').endsWith('\r\n0\r\n\r\n');
      if (!isWhole) return;
      socket.off('data', onData);
      socket.resume();
      if (/^HTTP\/1\.1 200 /.test(head)) done();
      else fail(new Error(`an idle connection was answered: ${head}`));
    };
    socket.on('data', onData);
    socket.once('close', () => fail(new Error('an idle connection was closed')));
  });
}

async function openDribbling(server) {
  const began = performance.now();
  let open = dribblingCount;
  let lastCutS = 0;
  let tellAllCut;
  const allCut = new Promise((done) => {
    tellAllCut = done;
  });
  const sockets = await Promise.all(Array.from({ length: dribblingCount }, async () => {
    const socket = await opened(server);
    socket.on('error', () => {});
    socket.resume();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nX-Slow: `);
    const ticking = setInterval(() => socket.writable && socket.write('a'), 1000);
    socket.on('close', () => {
      clearInterval(ticking);
      lastCutS = (performance.now() - began) / 1000;
      if (--open === 0) tellAllCut();
    });
    return socket;
  }));
  return {
    /** Seconds until the server had ended the last of them; undefined when it would not. Ends them in any case. */
    async cutAfterS() {
      await Promise.race([allCut, delay(Math.max(0, patienceS * 1000 - (performance.now() - began)))]);
      const isCut = open === 0;
      for (const socket of sockets) socket.destroy();
      return isCut ? lastCutS : undefined;
    },
  };
}
