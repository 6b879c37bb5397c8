// One widget's subscription to availability changes: when it begins, and which version the widget has. See web/embed/live.

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {() => boolean} isAway whether the visitor is at the booking page
 * @param {(pairs: Int32Array) => void} changed day numbers since 1970 in pairs: first changed day, day after the last
 */
export function createListening({ live }, ended, isAway, changed) {
  /** @type {Awaited<ReturnType<typeof live>> | undefined} */
  let ear;
  /** @type {{resume(): void, leave(): void} | undefined} */
  let place;
  let isDeaf = true;
  let oldest = Infinity;
  // With a timeout: a browser may never report a page without activity as idle.
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
    /** The widget shows data that includes changes only up to this version. */
    note(version) {
      oldest = Math.min(oldest, version >= 0 ? version : Infinity);
      ear?.note(version);
    },
    /** Begins after the first frame, when the page is idle: a subscription must not slow down the first second of a visit. */
    begin: () => requestAnimationFrame(() => idly(listen)),
    /** The visitor has returned from the booking page. */
    resume: () => place?.resume(),
  };
}
