// Calls to the proxy's public API. Every failure becomes an error code of the API, never an exception.

/**
 * Either `data` or `code` is set; `version` is the id of the last change of availability that the answer includes.
 * @typedef {{data?: any, code?: string, retryAfterS?: number, version?: number}} Answer
 */

const timeoutMs = 20000;

/**
 * Finds out why there was no answer, as far as a page can know. A `no-cors` request succeeds when the proxy is reachable but this
 * origin is not allowed, and fails when the proxy is unreachable or something in the browser blocks the request.
 */
async function causeOfNoAnswer(origin) {
  if (!navigator.onLine) return 'offline';
  try {
    await fetch(`${origin}/api/app/calendly/event-types`, { mode: 'no-cors', cache: 'no-store', credentials: 'omit' });
    return 'origin_not_allowed';
  } catch {
    return 'unreachable';
  }
}

/**
 * @param {Promise<Response>} response
 * @param {string} origin
 * @param {(headers: Headers) => void} onHeaders
 * @returns {Promise<Answer>}
 */
async function answerFrom(response, origin, onHeaders) {
  let reply;
  try {
    reply = await response;
  } catch (error) {
    return { code: error.name === 'AbortError' ? 'unreachable' : await causeOfNoAnswer(origin) };
  }
  onHeaders(reply.headers);
  const header = Number(reply.headers.get('Retry-After') ?? NaN);
  const retryAfterS = header >= 0 ? header : undefined;
  try {
    const envelope = await reply.json();
    if (envelope.success && envelope.data) return { data: envelope.data, version: Number(reply.headers.get('Slots-Version') ?? NaN) };
    return { code: envelope.error?.code ?? 'internal', retryAfterS };
  } catch {
    // A proxy or gateway in between answered, or the body was cut off.
    return { code: reply.ok ? 'unreachable' : 'calendly_unavailable', retryAfterS };
  }
}

/**
 * @param {string} origin of the proxy
 * @param {Map<string, Promise<Response>>} begun requests that the loader has already sent, by path
 * @param {(headers: Headers) => void} onHeaders called with the headers of each answer
 */
export function createApi(origin, begun, onHeaders) {
  const closed = new AbortController();

  function send(path, isFresh = false) {
    const early = isFresh ? undefined : begun.get(path);
    begun.delete(path);
    if (early) return early;
    const one = new AbortController();
    const stop = () => one.abort();
    const timer = setTimeout(stop, timeoutMs);
    closed.signal.addEventListener('abort', stop);
    return fetch(origin + path, { credentials: 'omit', cache: isFresh ? 'no-cache' : 'default', signal: one.signal }).finally(() => {
      clearTimeout(timer);
      closed.signal.removeEventListener('abort', stop);
    });
  }

  return {
    /** @param {string} [owner] an owner's page lists only this owner's event types */
    eventTypes: (owner) => answerFrom(send(`/api/app/calendly/event-types${owner ? `?owner=${encodeURIComponent(owner)}` : ''}`), origin, onHeaders),
    /** Days are UTC, both inclusive. `isFresh` makes the browser revalidate instead of using its cache. */
    slots(asked, first, last, isFresh) {
      const [type, turn] = asked.split('?any_of=');
      const path = `/api/app/calendly/slots/${encodeURIComponent(type)}?start_date=${first}&end_date=${last}${turn ? `&any_of=${turn}` : ''}`;
      return answerFrom(send(path, isFresh), origin, onHeaders);
    },
    close: () => closed.abort(),
  };
}
