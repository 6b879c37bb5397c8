// Load by wrk, with what the server's CPU did meanwhile.
import { run } from './processes.mjs';
import { cpuSeconds } from './proc.mjs';

const millisecondsIn = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/**
 * Asks for gzip on every connection as fast as answers come.
 * @param {{pid: number}} server
 * @param {string} url
 * @returns {Promise<{perSecond: number, p50Ms: number, p99Ms: number, cpuUs: number, failures: number}>} cpuUs: of the server, each request
 */
export async function load(server, url, { connections, seconds }) {
  const cpuBefore = cpuSeconds(server.pid);
  const text = await run('wrk', ['-t2', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s', '-H', 'Accept-Encoding: gzip', url]);
  const cpuS = cpuSeconds(server.pid) - cpuBefore;

  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  const latency = (share) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s|m)`).exec(text) ?? [];
    return Number(value) * millisecondsIn[unit];
  };
  const [, ...socketErrors] = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: latency(50),
    p99Ms: latency(99),
    cpuUs: (cpuS / number(/(\d+) requests in/)) * 1e6,
    failures: number(/Non-2xx or 3xx responses: (\d+)/) + socketErrors.reduce((sum, text) => sum + Number(text), 0),
  };
}
