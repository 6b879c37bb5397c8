// One way to drive Chromium, Firefox and WebKit, so that a visit is written once. What a page is asked has a deadline: a browser
// that hangs fails its test and holds nobody.
//   CHROMIUM, FIREFOX, WEBKIT_DRIVER, WEBKIT   where they are, if not where Debian puts them
import { setTimeout as after } from 'node:timers/promises';

/**
 * A browser with one page, in Amsterdam's zone. Points are CSS pixels of the viewport.
 * @typedef {object} Visitor
 * @property {string} engine
 * @property {(url: string) => Promise<void>} open
 * @property {(ask: Function, ...given: any[]) => Promise<any>} run runs a function in the page; `given` and its answer are JSON
 * @property {(ask: Function, ...given: any[]) => Promise<any>} until the first answer that is true
 * @property {(find: Function, ask: Function, ...given: any[]) => Promise<any>} inFrame the first answer that is true in the frame that `find` gives
 * @property {(at: [number, number]) => Promise<void>} click
 * @property {(at: [number, number]) => Promise<void>} tap with a finger
 * @property {(name: string) => Promise<void>} key Tab, Enter, Escape, ArrowDown, ...
 * @property {(text: string) => Promise<void>} type into what has the focus
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<Buffer>} picture PNG of the viewport
 * @property {((dark: boolean) => Promise<void>) | undefined} darken changes the visitor's scheme under an open page
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
    // A frame that is still on its way to its page gives up what it is asked.
    inFrame: (find, ask, ...given) => firstTrue(`${ask} in a frame`, () => driven.inFrame(find, ask, ...given).catch(() => undefined)),
  };
}

/** Settles as `promise` does, or fails after 30 s. */
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
