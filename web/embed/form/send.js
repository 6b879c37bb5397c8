// Sends a form's content. The same content is always sent with the same Idempotency-Key, however often it is retried.

import { proofFor } from './proof.js';

const patience = 40000;

/** A unique key. crypto.randomUUID exists on secure pages only. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * The result of a booking.
 * @typedef {object} Outcome
 * @property {any} [booked] the proxy's answer about the booking
 * @property {string[]} [wrong] names of the fields that the proxy refused
 * @property {boolean} [taken] the slot is no longer free
 * @property {boolean} [away] must be booked on the booking page instead
 * @property {string} [say] key of the text for any other result
 * @property {number} [waitS] seconds until a retry is allowed
 */

/** @param {string} origin of the proxy */
export function createSender(origin) {
  let last = '';
  let key = '';
  /** @type {string | null} the proxy's proof-of-work challenge; null if bookings need no proof */
  let challenge = null;
  /** @type {{key: string, challenge: string, proof: Promise<string>} | undefined} started while the form is being filled in */
  let work;

  function begin(forKey) {
    if (work?.key === forKey && work.challenge === challenge) return work.proof;
    const proof = proofFor(challenge, forKey);
    proof.catch(() => {});
    work = { key: forKey, challenge, proof };
    return proof;
  }

  /** @param {string} body */
  async function post(body) {
    // Without a proof the proxy's refusal leads to the booking page; no booking was made that could be in doubt.
    const proof = challenge && (await begin(key).catch(() => ''));
    const one = new AbortController();
    const timer = setTimeout(() => one.abort(), patience);
    try {
      const reply = await fetch(`${origin}/api/app/calendly/bookings`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...(proof && { 'Booking-Proof': proof }) },
        body,
        signal: one.signal,
      });
      return { reply, envelope: await reply.json() };
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {object} content @returns {Promise<Outcome>} */
  async function send(content) {
    // Old libraries (Prototype) give arrays a toJSON that returns text.
    const body = JSON.stringify(content, function (name, value) {
      return Array.isArray(this[name]) ? this[name] : value;
    });
    if (body !== last) {
      // Uses the key that the proof was computed for, unless that key was sent with other content.
      key = work && work.key !== key ? work.key : newKey();
      last = body;
    }
    /** @type {any} */
    let envelope;
    let reply;
    try {
      ({ reply, envelope } = await post(body));
      const asked = reply.headers.get('Booking-Challenge');
      if (reply.status === 403 && asked && asked !== challenge) {
        // The proxy now requires a proof, or the challenge has expired while the form was open.
        challenge = asked;
        ({ reply, envelope } = await post(body));
      }
    } catch {
      return { say: navigator.onLine ? 'send-lost' : 'send-offline' };
    }
    const { code, details } = envelope?.error ?? {};
    // After a final answer the key is discarded: the same content sent again, for example after a cancellation, is a new booking.
    const forGood = (outcome) => {
      last = '';
      return outcome;
    };
    if (envelope?.success && envelope.data) return forGood({ booked: envelope.data });
    if (code === 'slot_taken') return forGood({ taken: true });
    if (['booking_not_available', 'booking_limit', 'forbidden'].includes(code)) return forGood({ away: true });
    if (code === 'too_many_requests') {
      const waitS = Number(reply.headers.get('Retry-After'));
      return { say: 'send-limited', waitS: waitS > 0 ? waitS : 60 };
    }
    if (code === 'booking_unknown') return { say: 'send-unknown' };
    if (code === 'idempotency_conflict') return forGood({ say: 'send-failed' });
    const wrong = (Array.isArray(details) ? details : []).map((one) => one?.field).filter((field) => typeof field === 'string');
    // A start in the past is handled like a taken slot.
    return wrong.includes('start') ? forGood({ taken: true }) : { wrong, say: 'send-failed' };
  }

  return {
    send,
    /** Called when the form opens: the proof is computed while it is being filled in. @param {string | null} asked */
    expect(asked) {
      challenge = asked;
      if (asked) begin(work && work.key !== key ? work.key : newKey());
    },
  };
}
