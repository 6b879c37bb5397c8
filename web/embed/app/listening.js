// What one widget hears of changes: from when on, and what it knows already. See web/embed/live.

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {() => boolean} isAway the visitor is at the booking page
 * @param {(pairs: Int32Array) => void} changed days since 1970, each first one with the one behind the last
 */
export function createListening({ live }, ended, isAway, changed) {
  /** @type {Awaited<ReturnType<typeof live>> | undefined} */
  let ear;
  /** @type {{resume(): void, leave(): void} | undefined} */
  let place;
  let isDeaf = true;
  let oldest = Infinity;
  // With a limit: browsers may owe a still page its idle time for ever.
  const idly = (call) => (window.requestIdleCallback ? requestIdleCallback(call, { timeout: 2000 }) : setTimeout(call, 500));

  async function listen() {
    if (!isDeaf || ended.aborted) return;
    isDeaf = false;
    ear = await live().catch(() => undefined);
    if (ended.aborted) return;
    place = ear?.join(oldest, isAway, changed);
    ended.addEventListener('abort', () => place?.leave());
  }

  return {
    /** The widget shows something that knows of the changes up to this one only. */
    note(version) {
      oldest = Math.min(oldest, version >= 0 ? version : Infinity);
      ear?.note(version);
    },
    /** Only once the widget stands and the page has nothing else to do: being told of changes is worth no visitor's first second. */
    begin: () => requestAnimationFrame(() => idly(listen)),
    /** The visitor has come back. */
    resume: () => place?.resume(),
  };
}
