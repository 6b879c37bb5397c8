// Sends what a form holds, once: the same content always goes out under the same key, however often it has to be sent.

const patience = 40000;

/** Nobody else's: randomUUID is only there on secure pages. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * What came of it.
 * @typedef {object} Outcome
 * @property {any} [booked] what the proxy said of the booking
 * @property {string[]} [wrong] names of the fields it complained of
 * @property {boolean} [taken] somebody else has the slot
 * @property {boolean} [away] to be booked on the booking page instead
 * @property {string} [say] key of the words for anything else
 * @property {number} [waitS] seconds after which it may be tried again
 */

/** @param {string} origin of the proxy */
export function createSender(origin) {
  let last = '';
  let key = '';

  /** @param {object} content @returns {Promise<Outcome>} */
  return async function send(content) {
    // Old libraries of pages (Prototype) give arrays a toJSON that makes text of them.
    const body = JSON.stringify(content, function (name, value) {
      return Array.isArray(this[name]) ? this[name] : value;
    });
    if (body !== last) {
      last = body;
      key = newKey();
    }
    const one = new AbortController();
    const timer = setTimeout(() => one.abort(), patience);
    /** @type {any} */
    let envelope;
    let reply;
    try {
      reply = await fetch(`${origin}/api/app/calendly/bookings`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body,
        signal: one.signal,
      });
      envelope = await reply.json();
    } catch {
      return { say: navigator.onLine ? 'send-lost' : 'send-offline' };
    } finally {
      clearTimeout(timer);
    }
    const { code, details } = envelope.error ?? {};
    // What has been answered for good is over: the same content sent again later, say after a cancellation, is another wish.
    const forGood = (outcome) => {
      last = '';
      return outcome;
    };
    if (envelope.success && envelope.data) return forGood({ booked: envelope.data });
    if (code === 'slot_taken') return forGood({ taken: true });
    if (['booking_not_available', 'booking_limit', 'forbidden'].includes(code)) return forGood({ away: true });
    if (code === 'too_many_requests') return { say: 'send-limited', waitS: Number(reply.headers.get('Retry-After')) || 60 };
    if (code === 'booking_unknown') return { say: 'send-unknown' };
    if (code === 'idempotency_conflict') return forGood({ say: 'send-failed' });
    const wrong = (details ?? []).map(({ field }) => field);
    // A start that has passed is as gone as one that is taken.
    return wrong.includes('start') ? forGood({ taken: true }) : { wrong, say: 'send-failed' };
  };
}
