// Notifies widgets when availability changes: one long-poll request to the proxy for all widgets of the page, and only while one
// of them is visible.

/**
 * @typedef {{start: string, end: string}} Days both inclusive, UTC
 * @typedef {(days: Days[]) => void} Listener
 */

const path = '/api/app/calendly/changes';
// The proxy answers after 25 seconds at the latest; a request that takes longer is lost.
const timeoutMs = 40000;
// Minimum time between two requests, for changes in quick succession.
const minIntervalMs = 500;
const maxPauseMs = 60000;

/** @param {string} base address of the proxy */
export function createLive(base) {
  // If the browser has an assistant, this page's tools are registered with it. They are loaded here because this code is loaded
  // once for a page, after the first visit's important work.
  if ('modelContext' in document) import(`${base}/${__ASSISTANT__}`).then(({ offer }) => offer(base), () => {});

  /** @type {Set<Listener>} */
  const listeners = new Set();
  /** @type {number | undefined} */
  let since; // the last change that all widgets include
  /** @type {AbortController | undefined} */
  let waiting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let isOver = false;

  function stop() {
    clearTimeout(timer);
    waiting?.abort();
    waiting = undefined;
  }

  function scheduleRequest(ms) {
    stop();
    if (listeners.size && !document.hidden && !isOver) timer = setTimeout(request, ms);
  }

  async function request() {
    const controller = new AbortController();
    waiting = controller;
    const began = performance.now();
    const timeout = setTimeout(() => controller.abort('lost'), timeoutMs);
    let pause = 0;
    try {
      const reply = await fetch(`${base}${path}${since === undefined ? '' : `?since=${since}`}`, {
        credentials: 'omit', cache: 'no-store', signal: controller.signal,
      });
      const { data } = reply.ok ? await reply.json() : { data: undefined };
      if (controller !== waiting) return;
      // An older proxy without this call.
      isOver = reply.status === 404;
      if (data?.version >= 0) {
        failures = 0;
        since = data.version;
        pause = Math.max(data.pollAfterMs, minIntervalMs - (performance.now() - began));
        if (data.days.length) for (const listener of [...listeners]) listener(data.days);
      } else {
        pause = Number(reply.headers.get('Retry-After')) * 1000;
        failures++;
      }
    } catch {
      if (controller !== waiting) return;
      failures++;
    } finally {
      clearTimeout(timeout);
    }
    if (failures) {
      const backoff = Math.min(maxPauseMs, 1000 * 2 ** failures);
      pause = Math.max(pause, backoff * (0.75 + Math.random() / 2));
    }
    scheduleRequest(pause);
  }

  function retryNow() {
    failures = 0;
    scheduleRequest(0);
  }

  function note(version) {
    if (!(version < (since ?? Infinity))) return;
    since = version;
    // The pending request waits for changes after a version that is too new: it is replaced.
    if (waiting) scheduleRequest(0);
  }

  return {
    /**
     * @param {number} version the last change that the widget's data includes; Infinity if unknown
     * @param {() => boolean} isAway true while the visitor may be booking a time that is reported as gone: changes are held back
     * until resume()
     * @param {(pairs: Int32Array) => void} changed day numbers since 1970 that changed after `version`, in pairs: first day, day
     * after the last
     * @returns {{resume(): void, leave(): void}}
     */
    join(version, isAway, changed) {
      /** @type {Days[]} */
      const heldBack = [];
      /** @param {Days[]} days */
      const listener = (days) => {
        if (isAway()) return void heldBack.push(...days);
        const day = (text) => Math.floor(Date.parse(text) / 86400000);
        changed(Int32Array.from(days.flatMap(({ start, end }) => [day(start), day(end) + 1])));
      };
      listeners.add(listener);
      note(version);
      if (listeners.size === 1) {
        document.addEventListener('visibilitychange', retryNow);
        window.addEventListener('online', retryNow);
        scheduleRequest(0);
      }
      return {
        resume: () => listener(heldBack.splice(0)),
        leave() {
          if (!listeners.delete(listener) || listeners.size) return;
          document.removeEventListener('visibilitychange', retryNow);
          window.removeEventListener('online', retryNow);
          stop();
        },
      };
    },
    /** A widget shows data that includes changes only up to this version; it may have come from a cache. */
    note,
  };
}
