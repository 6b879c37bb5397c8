// What one widget hears of changes: from when on, what it knows already, and what is kept until the visitor is back.

/**
 * @typedef {import('../live/live.js').Days} Days
 */

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {() => boolean} isAway the visitor is at the booking page
 * @param {(pairs: Int32Array) => void} changed days since 1970, each first one with the one behind the last
 */
export function createListening({ live }, ended, isAway, changed) {
  /** @type {Awaited<ReturnType<typeof live>> | undefined} */
  let ear;
  let isDeaf = true;
  let oldest = Infinity;
  /** @type {Days[]} */
  const heldBack = [];
  // With a limit: browsers may owe a still page its idle time for ever.
  const idly = (call) => (window.requestIdleCallback ? requestIdleCallback(call, { timeout: 2000 }) : setTimeout(call, 500));

  async function listen() {
    if (!isDeaf || ended.aborted) return;
    isDeaf = false;
    const made = await live().catch(() => {});
    if (!made || ended.aborted) return;
    ear = made;
    const leave = ear.join(oldest, hear);
    ended.addEventListener('abort', leave);
  }

  /** @param {Days[]} days */
  function hear(days) {
    // The visitor may be booking the very time that is gone: what has changed is shown when the booking page is closed.
    if (isAway()) return void heldBack.push(...days);
    const day = (text) => Math.floor(Date.parse(text) / 86400000);
    changed(Int32Array.from(days.flatMap(({ start, end }) => [day(start), day(end) + 1])));
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
    resume: () => hear(heldBack.splice(0)),
  };
}
