// One interface for Chromium, Firefox and WebKit, so that a test is written once. Every command has a time limit: if a browser hangs, its
// test fails and no other waits.
//   CHROMIUM, FIREFOX, WEBKIT_DRIVER, WEBKIT   paths of the programs, if they differ from Debian's
import { setTimeout as after } from 'node:timers/promises';

/**
 * A browser with one page, in the time zone Europe/Amsterdam. Points are CSS pixels of the viewport.
 * @typedef {object} Visitor
 * @property {string} engine
 * @property {(url: string) => Promise<void>} open
 * @property {(ask: Function, ...given: any[]) => Promise<any>} run runs a function in the page; arguments and result are JSON
 * @property {(ask: Function, ...given: any[]) => Promise<any>} until repeats the function until its result is truthy
 * @property {(find: Function, ask: Function, ...given: any[]) => Promise<any>} inFrame like until, in the frame that `find` returns
 * @property {(at: [number, number]) => Promise<void>} click
 * @property {(at: [number, number]) => Promise<void>} tap touches with a finger
 * @property {(name: string) => Promise<void>} key Tab, Enter, Escape, ArrowDown, ...
 * @property {(text: string) => Promise<void>} type into the focused element
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<Buffer>} picture PNG of the viewport
 * @property {((dark: boolean) => Promise<void>) | undefined} darken changes the preferred colour scheme of an open page
 * @property {() => Promise<void>} leave
 */

export const engines = ['chromium', 'firefox', 'webkit'];

/** @param {string} engine @param {{dark?: boolean}} [wanted] @returns {Promise<Visitor>} */
export async function visitor(engine, { dark = false } = {}) {
  const { start } = await import(`./${engine}.mjs`);
  const driven = await start({ dark });
  async function firstTrue(question, look) {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const answer = await look();
      if (answer) return answer;
      if (Date.now() > deadline) throw new Error(`${engine}: never came true: ${question}`);
      await after(20);
    }
  }
  return {
    engine,
    ...driven,
    until: (ask, ...given) => firstTrue(`${ask} with ${JSON.stringify(given)}`, () => driven.run(ask, ...given)),
    // A frame that is still navigating rejects the command; it is repeated.
    inFrame: (find, ask, ...given) => firstTrue(`${ask} in a frame`, () => driven.inFrame(find, ask, ...given).catch(() => undefined)),
  };
}

/** Settles like `promise`, or rejects after 30 s. */
export async function within(promise, what) {
  const over = new AbortController();
  const late = after(30_000, null, { signal: over.signal }).then(() => {
    throw new Error(`no answer: ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}
