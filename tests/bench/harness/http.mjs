// One request at a time, with the time it took and the bytes that travelled.
import { Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export const newConnection = () => new Agent({ keepAlive: false });

/**
 * @param {string} url
 * @param {{headers?: Record<string, string>, agent?: Agent, timeoutMs?: number, method?: string, body?: unknown}} [options]
 * @returns {Promise<{status: number, headers: import('node:http').IncomingHttpHeaders, wire: Buffer, text: string, tookMs: number}>}
 */
export function send(url, { headers = {}, agent, timeoutMs = 60_000, method = 'GET', body } = {}) {
  return new Promise((done, fail) => {
    const began = performance.now();
    const sent = request(url, { headers, agent, method, timeout: timeoutMs }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('error', fail);
      reply.on('end', () => {
        const tookMs = performance.now() - began;
        const wire = Buffer.concat(parts);
        const encoding = reply.headers['content-encoding'];
        const plain = encoding === 'gzip' ? gunzipSync(wire) : encoding === 'br' ? brotliDecompressSync(wire) : wire;
        done({ status: reply.statusCode, headers: reply.headers, wire, text: plain.toString('utf8'), tookMs });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', fail);
    if (body !== undefined) {
      sent.setHeader('Content-Type', 'application/json');
      const text = JSON.stringify(body);
      sent.setHeader('Content-Length', Buffer.byteLength(text));
      sent.write(text);
    }
    sent.end();
  });
}

/** An answer's slots; throws when it is none, or has another number of them than it should. */
export function slotsIn(name, reply, expected) {
  if (reply.status !== 200) throw new Error(`${name} answered ${reply.status}: ${reply.text.slice(0, 300)}`);
  const { slots } = JSON.parse(reply.text).data;
  if (slots.length !== expected || slots.length === 0) {
    throw new Error(`${name} answered ${slots.length} slots where there are ${expected}`);
  }
  return slots;
}
