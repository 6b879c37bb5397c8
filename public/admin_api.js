// The admin calls of the proxy, and the claims of a sign-in token.

/** An unsuccessful answer, with the proxy's own text. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message || `The proxy answered ${status}.`);
    this.status = status;
    this.code = body?.error?.code ?? '';
    this.details = (body?.error?.details ?? []).map(({ field, message }) => [{ accessToken: 'The token', publicUrl: 'The address', account: 'The account' }[field] ?? field, message].filter(Boolean).join(' '));
  }
}

/** @returns {(method: string, path: string, body?: object) => Promise<any>} makes calls with this sign-in token */
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

/** The claims of a JWT. The page uses them to show what the admin may do; the proxy decides whether it is allowed. */
export function claimsIn(jwt) {
  try {
    const text = atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  } catch {
    return {};
  }
}
