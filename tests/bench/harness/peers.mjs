// What slotwire is measured beside.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { join } from 'node:path';
import { benchDir, outDir, workDir } from './paths.mjs';
import { freePort, start } from './processes.mjs';
import { token } from './upstream.mjs';

/** The Node backend. @param {boolean} compresses with the compression middleware */
export const startIncumbent = (name, upstream, compresses) =>
  start(name, process.execPath, [join(benchDir, 'peers/incumbent.mjs'), ...(compresses ? ['--gzip'] : [])], {
    env: { CALENDLY_API_BASE_URL: upstream.url, CALENDLY_TOKEN: token, NODE_ENV: 'production' },
  });

/**
 * nginx with its cache in front of `origin`, and the files given beside it. Both are one set of processes.
 * @param {{url: string}} origin
 * @param {{plain: string, gzip: Buffer}} [body] what its static server sends
 */
export async function startNginx(origin, body) {
  const dir = workDir('nginx');
  rmSync(join(dir, 'cache'), { recursive: true, force: true });
  mkdirSync(join(dir, 'files'), { recursive: true });
  if (body) {
    writeFileSync(join(dir, 'files/slots.json'), body.plain);
    writeFileSync(join(dir, 'files/slots.json.gz'), body.gzip);
  }
  const [cachePort, staticPort] = [await freePort(), await freePort()];
  const values = { CORES: availableParallelism(), ORIGIN: new URL(origin.url).host, CACHE_PORT: cachePort, STATIC_PORT: staticPort };
  const nginx = await startNginxAs('nginx.conf.in', dir, values, staticPort);
  const at = (name, port) => ({ ...nginx, name, url: `http://127.0.0.1:${port}` });
  return { cache: at('nginx proxy_cache', cachePort), file: at('nginx static file', staticPort), stop: nginx.stop };
}

/** nginx with a cache in front of slotwire that obeys Cache-Control, Vary and ETag. @param {{url: string}} origin */
export async function startFrontCache(origin) {
  const dir = workDir('front-cache');
  rmSync(join(dir, 'cache'), { recursive: true, force: true });
  const port = await freePort();
  return startNginxAs('front_cache.conf.in', dir, { ORIGIN: new URL(origin.url).host, PORT: port }, port);
}

/** @param {Record<string, string | number>} values of the template's @NAMES@; folder and user are known */
function startNginxAs(template, dir, values, port) {
  // Workers of a root nginx would be nobody, who may not read this folder.
  const all = { USER: userInfo().uid === 0 ? 'user root;' : '', DIR: dir, ...values };
  const text = readFileSync(join(benchDir, 'peers', template), 'utf8').replace(/^#.*\n/gm, '');
  const conf = join(dir, 'nginx.conf');
  writeFileSync(conf, text.replace(/@([A-Z_]+)@/g, (_, key) => all[key]));
  return start('nginx', 'nginx', ['-p', dir, '-c', conf, '-e', join(dir, 'error.log')], { port });
}

/**
 * Fixed bytes by a bare epoll loop.
 * @param {{gzip: Buffer}} body
 * @param {string[]} [under] as startSlotwire's
 */
export function startSocketLimit(body, under = []) {
  const head =
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n' +
    `Content-Length: ${body.gzip.length}\r\n\r\n`;
  const file = join(workDir('limit'), 'answer');
  writeFileSync(file, Buffer.concat([Buffer.from(head), body.gzip]));
  const [command, ...args] = [...under, join(outDir, 'socket_limit'), file];
  return start('raw socket limit', command, args);
}
