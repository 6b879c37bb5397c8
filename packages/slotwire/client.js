// A client of the proxy's public API for programs without a page: servers, React Native, scripts. It needs only fetch.
import { checkedOrigin } from './origin.js';

/** An error of a call: `code` and `details` are the proxy's own; `unreachable` means that no answer came. */
export class SlotwireError extends Error {
  constructor(code, message, more = {}) {
    super(message);
    this.name = 'SlotwireError';
    this.code = code;
    Object.assign(this, { details: [], ...more });
    this.field = this.details[0]?.field;
  }
}

const pause = (ms, signal) =>
  new Promise((settle) => {
    const timer = setTimeout(settle, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      settle();
    });
  });

/** A unique key. Old JavaScript engines of apps have no `crypto`. */
const newKey = () =>
  globalThis.crypto?.randomUUID?.() ?? Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 12)).join('');

/** The day of a slot in a time zone, YYYY-MM-DD. */
const dayIn = (timezone) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (instant) => {
    const part = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day}`;
  };
};

/** Several event types are joined with commas. A list of one gets a comma too, so that the answer has the form for several. */
const nameOf = (eventType) => encodeURIComponent(Array.isArray(eventType) ? `${eventType},` : eventType);
const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function createClient(origin, { token, fetch = globalThis.fetch } = {}) {
  const base = `${checkedOrigin(origin)}/api/app/calendly`;

  async function call(path, { query = {}, signal, ...init } = {}) {
    // Built by hand: React Native's URLSearchParams cannot be used for this.
    const search = Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map((pair) => pair.map(encodeURIComponent).join('='))
      .join('&');
    let reply;
    let envelope;
    try {
      reply = await fetch(base + path + (search && `?${search}`), {
        ...init,
        signal,
        headers: { ...init.headers, ...(token && { Authorization: `Bearer ${token}` }) },
      });
      envelope = await reply.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      // The proxy cannot be reached, its answer was cut off, or something in between answered.
      throw new SlotwireError('unreachable', `${base} could not be reached`, { status: reply?.status, cause: error });
    }
    if (envelope.success) return envelope.data;
    const { code = 'internal', details } = envelope.error ?? {};
    throw new SlotwireError(code, envelope.message, {
      status: reply.status,
      details: details ?? [],
      data: envelope.data,
      retryAfterS: Number(reply.headers.get('Retry-After')) || undefined,
      challenge: reply.headers.get('Booking-Challenge') ?? undefined,
    });
  }

  return {
    eventTypes: ({ owner, signal } = {}) => call('/event-types', { query: { owner }, signal }),

    async slots(eventType, { from, to, timezone = ownZone(), anyOf, signal } = {}) {
      const query = { start_date: from, end_date: to, timezone, any_of: anyOf };
      const answer = await call(`/slots/${nameOf(eventType)}`, { query, signal });
      const dayOf = dayIn(timezone);
      const days = new Map();
      for (const slot of answer.slots) {
        const date = dayOf(slot.start);
        if (!days.has(date)) days.set(date, { date, slots: [] });
        days.get(date).slots.push(slot);
      }
      return { ...answer, days: [...days.values()] };
    },

    next: (eventType, { count, after, part, timezone = ownZone(), anyOf, signal } = {}) =>
      call(`/next/${nameOf(eventType)}`, { query: { count, after, part, timezone, any_of: anyOf }, signal }),

    bookingForm: (eventType, { signal } = {}) => call(`/booking-form/${encodeURIComponent(eventType)}`, { signal }),

    /** When no answer comes, the call is repeated with the same key. The proxy books at most once for a key. */
    async book(booking, { key = newKey(), attempts = 3, proof, signal } = {}) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await call('/bookings', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...(proof ? { 'Booking-Proof': proof } : {}) },
            body: JSON.stringify(booking),
            signal,
          });
        } catch (error) {
          if (error.code !== 'unreachable' || attempt >= attempts || signal?.aborted) throw Object.assign(error, { key });
          await pause(500 * 2 ** attempt, signal);
        }
      }
    },

    /** Calls `listener` with days whose availability has changed, until the returned function is called. */
    changes(listener, { onError } = {}) {
      const over = new AbortController();
      const { signal } = over;
      (async () => {
        let since;
        let failures = 0;
        while (!signal.aborted) {
          let wait = 0;
          try {
            const { version, days, pollAfterMs } = await call('/changes', { query: { since }, signal });
            failures = 0;
            since = version;
            // Minimum time between two requests, for changes in quick succession.
            wait = Math.max(pollAfterMs, 500);
            if (days.length && !signal.aborted) listener(days);
          } catch (error) {
            if (signal.aborted) return;
            onError?.(error);
            wait = Math.max((error.retryAfterS ?? 0) * 1000, Math.min(60000, 1000 * 2 ** failures++));
          }
          await pause(wait, signal);
        }
      })();
      return () => over.abort();
    },
  };
}
