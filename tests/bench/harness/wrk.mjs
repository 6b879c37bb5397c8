// Load by wrk, with what the server's CPU did meanwhile.
import { run } from './processes.mjs';
import { cpuTimes } from './proc.mjs';

const millisecondsIn = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/**
 * Asks for gzip on every connection as fast as answers come.
 * @param {{pid: number}} server
 * @param {string} url
 * @returns {Promise<{requests: number, perSecond: number, p50Ms: number, p99Ms: number, cpuUs: number, userUs: number, kernelUs: number,
 *   failures: number}>} CPU time is the server's, each request: in all, in its own code, in the kernel
 */
export async function load(server, url, { connections, seconds }) {
  const before = cpuTimes(server.pid);
  const text = await run('wrk', ['-t2', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s', '-H', 'Accept-Encoding: gzip', url]);
  const after = cpuTimes(server.pid);
  const [userS, kernelS] = [after.userS - before.userS, after.kernelS - before.kernelS];

  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  const requests = number(/(\d+) requests in/);
  const latency = (share) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s|m)`).exec(text) ?? [];
    return Number(value) * millisecondsIn[unit];
  };
  const [, ...socketErrors] = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: latency(50),
    p99Ms: latency(99),
    requests,
    cpuUs: ((userS + kernelS) / requests) * 1e6,
    userUs: (userS / requests) * 1e6,
    kernelUs: (kernelS / requests) * 1e6,
    failures: number(/Non-2xx or 3xx responses: (\d+)/) + socketErrors.reduce((sum, text) => sum + Number(text), 0),
  };
}
