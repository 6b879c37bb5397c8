// The admin calls of the proxy, and what a sign-in token says of its owner.

/** An answer that was no success, in the proxy's own words. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message || `The proxy answered ${status}.`);
    this.status = status;
    this.code = body?.error?.code ?? '';
    this.details = (body?.error?.details ?? []).map(({ field, message }) => [{ accessToken: 'The token', publicUrl: 'The address', account: 'The account' }[field] ?? field, message].filter(Boolean).join(' '));
  }
}

/** @returns {(method: string, path: string, body?: object) => Promise<any>} the calls of whoever holds this sign-in token */
export function callerWith(jwt) {
  return async (method, path, body) => {
    let response;
    try {
      response = await fetch(`/api/web/calendly/${path}`, {
        method,
        headers: { Authorization: `Bearer ${jwt}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
        body: body ? JSON.stringify(body) : undefined,
        cache: 'no-store',
        credentials: 'omit',
      });
    } catch {
      throw new Refusal(0, { message: 'The proxy cannot be reached. Is it running?' });
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok || !answer?.success) throw new Refusal(response.status, answer);
    return answer.data;
  };
}

/** Who a JWT names: to show what may be done; whether it may is the proxy's to say. */
export function claimsIn(jwt) {
  try {
    const text = atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  } catch {
    return {};
  }
}
