// Sends what a form holds, once: the same content always goes out under the same key, however often it has to be sent.

import { proofFor } from './proof.js';

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
  /** @type {string | null} what the proxy asks work for; none where a booking costs nothing */
  let challenge = null;
  /** @type {{key: string, challenge: string, proof: Promise<string>} | undefined} begun while the form is filled in */
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
    // Where the work cannot be done the proxy's refusal leads to the booking page; nothing was sent that could be in doubt.
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
    // Old libraries of pages (Prototype) give arrays a toJSON that makes text of them.
    const body = JSON.stringify(content, function (name, value) {
      return Array.isArray(this[name]) ? this[name] : value;
    });
    if (body !== last) {
      // The key that work has been done for, unless it has been sent with something else.
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
        // It asks for work from now on, or the challenge has expired over a form that stood open.
        challenge = asked;
        ({ reply, envelope } = await post(body));
      }
    } catch {
      return { say: navigator.onLine ? 'send-lost' : 'send-offline' };
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
  }

  return {
    send,
    /** The form has come: while it is filled in there is time to work. @param {string | null} asked */
    expect(asked) {
      challenge = asked;
      if (asked) begin(work && work.key !== key ? work.key : newKey());
    },
  };
}
