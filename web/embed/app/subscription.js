// One widget's subscription to availability changes: when it begins, and which version the widget has. See web/embed/live.

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {() => boolean} isAway whether the visitor is at the booking page
 * @param {(pairs: Int32Array) => void} changed day numbers since 1970 in pairs: first changed day, day after the last
 */
export function createSubscription({ live }, ended, isAway, changed) {
  /** @type {Awaited<ReturnType<typeof live>> | undefined} */
  let pageSubscription;
  /** @type {{resume(): void, leave(): void} | undefined} */
  let membership;
  let isPending = true;
  let oldestVersion = Infinity;
  // With a timeout: a browser may never report a page without activity as idle.
  const whenIdle = (call) => (window.requestIdleCallback ? requestIdleCallback(call, { timeout: 2000 }) : setTimeout(call, 500));

  async function subscribe() {
    if (!isPending || ended.aborted) return;
    isPending = false;
    pageSubscription = await live().catch(() => undefined);
    if (ended.aborted) return;
    membership = pageSubscription?.join(oldestVersion, isAway, changed);
    ended.addEventListener('abort', () => membership?.leave());
  }

  return {
    /** The widget shows data that includes changes only up to this version. */
    note(version) {
      oldestVersion = Math.min(oldestVersion, version >= 0 ? version : Infinity);
      pageSubscription?.note(version);
    },
    /** Begins after the first frame, when the page is idle: a subscription must not slow down the first second of a visit. */
    begin: () => requestAnimationFrame(() => whenIdle(subscribe)),
    /** The visitor has returned from the booking page. */
    resume: () => membership?.resume(),
  };
}
