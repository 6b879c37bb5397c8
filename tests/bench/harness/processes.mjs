// Starts servers and stops every one of them, however the run ends.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { workDir } from './paths.mjs';

/** @typedef {{name: string, url: string, pid: number, log: string, stop(): Promise<void>}} Started */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
// Asked to end, not killed: nginx must tell its workers.
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/**
 * Started when it has printed "listening on URL", or takes connections on `port` when one is given.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string>, port?: number}} [options] env: added to PATH and HOME, which is all it gets
 * @returns {Promise<Started>}
 */
export async function start(name, command, args, { env = {}, port } = {}) {
  const log = `${workDir('logs')}/${name}.log`;
  const file = openSync(log, 'w');
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, SLOTWIRE_SETTINGS_FILE: '', ...env },
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  let problem = '';
  child.on('error', (error) => {
    problem = error.message;
  });
  running.add(child);
  const ended = new Promise((done) => {
    child.on('close', done);
  });
  child.on('close', () => running.delete(child));

  const giveUpAt = Date.now() + 60_000;
  let url;
  while (!url) {
    if (problem || child.exitCode !== null || child.signalCode !== null || Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start: ${problem}\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await delay(10);
    if (!port) url = /listening on (http\S+)/.exec(readFileSync(log, 'utf8'))?.[1];
    else if (await takesConnections(port)) url = `http://127.0.0.1:${port}`;
  }
  return {
    name,
    url,
    pid: child.pid,
    log,
    async stop() {
      child.kill('SIGTERM');
      const last = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(last);
    },
  };
}

/** Runs to the end and returns what it printed. @param {string} [input] for its standard input */
export async function run(command, args, { env = {}, input = '' } = {}) {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, HOME: process.env.HOME, SLOTWIRE_SETTINGS_FILE: '', ...env } });
  running.add(child);
  const out = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      out[stream] += text;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  running.delete(child);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${out.stderr || out.stdout}`);
  return out.stdout;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function takesConnections(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}
