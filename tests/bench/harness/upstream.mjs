// The pretended Calendly that all servers share, and what they ask of it.
import { Agent } from 'node:http';
import { join } from 'node:path';
import { send } from './http.mjs';
import { binDir } from './paths.mjs';
import { start } from './processes.mjs';

export const token = 'bench.upstream.token';
const availableTimes = 'event_type_available_times';
const dayMs = 24 * 60 * 60 * 1000;

/** Midnight UTC, so many days after today's, as every server here takes it. */
export const midnight = (days) => new Date((Math.floor(Date.now() / dayMs) + days) * dayMs).toISOString().replace('.000', '');
/** Event types that nobody has asked for yet: number 1 to 60. */
export const plainEventType = (number) => `https://api.calendly.com/event_types/BULK${String(number).padStart(12, '0')}`;
/** The question that every server answers: free slots of [first, end), in days after today. */
export const slotsPath = (eventType, first, end) =>
  `/api/app/calendly/slots/${encodeURIComponent(eventType)}?start_date=${midnight(first)}&end_date=${midnight(end)}`;

export async function startUpstream(eventTypes = 80) {
  const server = await start('calendly-sim', join(binDir, 'calendly-sim'), ['--port', '0', '--token', token, '--event-types', String(eventTypes)]);
  const control = async (path, method = 'POST', body = undefined) => {
    const reply = await send(`${server.url}/__sim/${path}`, { method, body });
    if (reply.status >= 300) throw new Error(`calendly-sim refused ${method} ${path}: ${reply.text}`);
    return reply.text ? JSON.parse(reply.text) : undefined;
  };
  // What is measured is who asks how often, not what Calendly's limit does to it.
  await control('account', 'POST', { requests_a_minute: 1_000_000 });
  const agent = new Agent({ keepAlive: true });

  const upstream = {
    ...server,
    /** From now on every answer of available times is this late. */
    async setLatency(ms) {
      await control('faults', 'DELETE');
      if (ms) await control('faults', 'POST', { endpoint: availableTimes, kind: 'latency', ms });
    },
    /** From now on every call for available times fails at once. */
    async fail() {
      await control('faults', 'DELETE');
      await control('faults', 'POST', { endpoint: availableTimes, kind: 'error', status: 503 });
    },
    resetCounters: () => control('counters/reset'),
    /** Calls for available times since the last reset. */
    async calls() {
      return (await control('counters', 'GET')).endpoints[availableTimes]?.calls ?? 0;
    },
    /** One call of at most seven days, on a kept-alive connection. */
    async ask(eventType, first, end) {
      const query = new URLSearchParams({ event_type: eventType, start_time: midnight(first), end_time: midnight(end) });
      const reply = await send(`${server.url}/${availableTimes}?${query}`, { headers: { Authorization: `Bearer ${token}` }, agent });
      if (reply.status !== 200) throw new Error(`calendly-sim answered ${reply.status}: ${reply.text}`);
      return { tookMs: reply.tookMs, starts: JSON.parse(reply.text).collection.map(({ start_time: at }) => Date.parse(at)) };
    },
    /** Starts in [first, end), the truth that answers are held against. */
    async truth(eventType, first, end) {
      const starts = new Set();
      for (let from = first; from < end; from += 7) {
        for (const at of (await upstream.ask(eventType, from, Math.min(from + 7, end))).starts) starts.add(at);
      }
      return [...starts].filter((at) => at < Date.parse(midnight(end)));
    },
    async stop() {
      agent.destroy();
      await server.stop();
    },
  };
  return upstream;
}
